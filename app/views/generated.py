"""The pages of a screen that a declaration makes: list, record, new, change, reveal. No model by name."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask_appbuilder import ModelView, expose, has_access
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.declare.column import fits, value
from app.declare.natural_key import importable
from app.declare.screen import Way
from app.declare.words import language
from app.services import lists, records, rows, showing, trails, versions
from app.services.errors import Faulty, Overtaken, Refused
from app.services.values import NOTHING, declared
from app.views import cells, columns, exporting, list_page, listing, record_page, sheets, ways
from app.views.database import db
from app.views.forms import ChangeForm, DeclaredForm, form_for, refuse
from app.views.messages import sentence
from app.views.overtaken import compared
from app.views.page import Page
from app.views.parts import Act, Change, Listing, Paper

CONFLICT = 409


class GeneratedPage(ModelView):
    """One screen of `model`; routes that the declaration does not allow are not registered."""

    model: Any = None
    list_template = "appbuilder/general/model/list.html"

    @expose("/list/")
    @has_access
    def list(self) -> str:
        """The list, searched, sorted and paged as the address says."""
        return list_page.page(db(), self.model, self._acts, self._drawn)

    @expose("/show/<pk>")
    @has_access
    def show(self, pk: str) -> str:
        """One record."""
        return self._record(self._shown(pk))

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Response | str:
        """A new record, at the acting organisation."""
        made = self._form()
        form = made(data={key: column.default for key, column in made.columns.items()})
        if form.validate_on_submit() and not _reloading():
            row = self.model()
            rows.put(row, form.columns, form.values)
            if self._kept(form, lambda: self.datamodel.add(row)):
                flash(_("Saved."), "success")
                return redirect(url_for(f"{self.endpoint}.show", pk=row.id))
        return self._paper(
            self.add_template, form, _("New: %(label)s", label=self._label()), f"{self.endpoint}.list"
        )

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> Response | str | tuple[str, int]:
        """A change of a record, for those who may make it on this very row."""
        row, allowed = self._row(pk, "update")
        if not allowed:
            abort(403)
        if request.method == "GET" and (elsewhere := self._edited_at(row)):
            return redirect(elsewhere)
        made = self._form(ChangeForm, row)
        held = {key: value(row, column) for key, column in declared(self.model).items()}
        offered = {key: None if column.field.mask else held[key] for key, column in made.columns.items()}
        form = made(data={**offered, "seen": versions.version(row)}, beside=held)
        meanwhile: tuple[Change, ...] = ()
        if form.validate_on_submit() and not _reloading():
            rows.put(row, form.columns, form.values)
            try:
                if self._kept(form, lambda: self.datamodel.edit(row, seen=form.seen.data or "")):
                    flash(_("Saved."), "success")
                    return redirect(url_for(f"{self.endpoint}.show", pk=pk))
            except Overtaken as overtaken:
                form.form_errors.append(sentence(overtaken))
                meanwhile = compared(form, row, overtaken)
        title = _("Change: %(name)s", name=sheets.name_of(row))
        page = self._paper(self.edit_template, form, title, f"{self.endpoint}.show", meanwhile, pk=pk)
        return (page, CONFLICT) if meanwhile else page

    @expose("/reveal/<pk>/<key>", methods=["GET", "POST"])
    @has_access
    def reveal(self, pk: str, key: str) -> Response | str:
        """One masked value in full, shown once, for a reason that is kept."""
        shown = self._shown(pk)
        column = declared(self.model).get(key)
        if column is None or not column.field.mask:
            abort(404)
        form = record_page.RevealForm()
        if form.validate_on_submit():
            try:
                full = records.reveal(db(), self._row(pk)[0], key, form.reason.data or "")
            except Refused as refused:
                form.form_errors.append(sentence(refused))
            else:
                return self._record(shown, revealed={key: full})
        paper = Paper(
            title=_("Show in full: %(label)s", label=cells.worded(column.field.label)),
            form=form,
            sections=(("", ("reason",)),),
            submit=_("Show in full"),
            cancel_url=url_for(f"{self.endpoint}.show", pk=shown.row.id),
            intro=_("Who looked, when and why is kept in the audit log."),
        )
        return self.render_template("layout/form.html", paper=paper)

    @expose("/history/<pk>")
    @has_access
    def history(self, pk: str) -> str:
        """What was done with a record, by whom and when, the latest first."""
        row, _allowed = self._row(pk)
        before = lists.id_of(request.args.get("before"))
        found = trails.trail(db(), row, language(), before=before)
        name = sheets.name_of(row)
        here = f"{self.endpoint}.history"
        return self.render_template(
            "layout/history.html",
            title=_("History of changes: %(label)s %(name)s", label=self._label(), name=name),
            trail=(
                (self._label(), url_for(f"{self.endpoint}.list")),
                (name, url_for(f"{self.endpoint}.show", pk=row.id)),
            ),
            deeds=found[: trails.PAGE],
            newest=url_for(here, pk=row.id) if before is not None else "",
            older=url_for(here, pk=row.id, before=found[trails.PAGE - 1].id)
            if len(found) > trails.PAGE
            else "",
        )

    @expose("/export", methods=["POST"])
    @has_access
    def export(self) -> Response:
        """The rows of the list's filter as a workbook, masked as the list is; it is recorded."""
        wanted = listing.asked(request.args, self.model)
        return exporting.answer(f"list:{self.model.__tablename__}", wanted.words, str(self._label()))

    def _drawn(self, shown: Listing, **words: Any) -> str:
        return str(self.render_template(self.list_template, listing=shown, **words))

    def _label(self) -> Any:
        return cells.worded(self.model.screen.label)

    def _row(self, pk: str, *actions: str) -> tuple[Any, frozenset[str]]:
        """The row of an address, within reach, and which actions its declaration allows the actor on it.

        Anything else is not found, whatever the reason.
        """
        row, allowed = lists.one_for(db(), self.model, pk, actions)
        if row is None:
            abort(404)
        return row, allowed

    def _shown(self, pk: str) -> showing.Record:
        """The same with everything that the page of a record shows and may offer to do with it."""
        offered = ("update", "reveal", *(way.action for way in self.model.screen.ways if way.row))
        found = showing.record(db(), self.model, pk, tuple(dict.fromkeys(offered)))
        if found is None:
            abort(404)
        return found

    def _may_open(self, method: str) -> bool:
        """Whether the acting role may open a route of this screen, if there is one."""
        if self.include_route_methods is None or method not in self.include_route_methods:
            return False
        return bool(g.actor.may(f"{self.class_permission_name}.{self.method_permission_name[method]}"))

    def _leads(self, way: Way) -> bool:
        """Whether the acting role may go this way at all."""
        return bool(g.actor.may(f"{self.class_permission_name}.{way.action}"))

    def _acts(self, words: Mapping[str, str]) -> tuple[Act, ...]:
        acts = []
        if self._may_open("export"):
            url = url_for(f"{self.endpoint}.export", **dict[str, Any](words))
            acts.append(Act(label=_("Export"), url=url, icon="download", method="post", again=True))
        noun = self.model.__tablename__
        if importable(self.model) and g.actor.may(f"{noun}.import"):
            acts.append(Act(label=_("Import"), url=url_for("ImportPage.start", noun=noun), icon="import"))
        if columns.may_choose(self.model):
            url = url_for("ColumnsPage.choose", noun=noun, **dict[str, Any](words))
            acts.append(Act(label=_("Columns and exports"), url=url, icon="table"))
        acts += [ways.act(way) for way in self.model.screen.ways if not way.row and self._leads(way)]
        if self._may_open("add"):
            acts.append(Act(label=_("New"), url=url_for(f"{self.endpoint}.add"), icon="plus", look="primary"))
        return tuple(acts)

    def _record(self, shown: showing.Record, revealed: Mapping[str, str] = NOTHING) -> str:
        return record_page.page(
            db(), self.model, shown, self._offers(shown),
            endpoint=self.endpoint,
            special=tuple(act for page in self._beside() for act in page.acts_on(shown.row)),
            revealed=revealed,
            draw=lambda sheet, **words: str(self.render_template(self.show_template, sheet=sheet, **words)),
        )  # fmt: skip

    def _beside(self) -> tuple[Page, ...]:
        """The pages that offer something on the records of this screen."""
        views = (view for view in self.appbuilder.baseviews if isinstance(view, Page))
        return tuple(view for view in views if view.acts_for == self.model.__tablename__)

    def _edited_at(self, row: Any) -> str:
        """The page by hand on which a record is changed, if it has one."""
        return next((url for page in self._beside() if (url := page.edits(row))), "")

    def _offers(self, shown: showing.Record) -> frozenset[str]:
        """What the reader may do with a record: methods of this screen, and endpoints of its ways."""
        allowed = shown.allowed
        needs = {"history": True, "edit": "update" in allowed, "reveal": "reveal" in allowed}
        return frozenset(
            [
                *(method for method, may in needs.items() if may and self._may_open(method)),
                *(
                    way.endpoint
                    for way in self.model.screen.ways
                    if way.row
                    and self._leads(way)
                    and _open(way, shown.row)
                    and (way.action == "create" or way.action in allowed)
                ),
            ]
        )

    def _form(self, base: type[DeclaredForm] = DeclaredForm, row: Any = None) -> Any:
        known = declared(self.model)
        keys = [key for _title, some in sheets.sections(self.model) for key in some]
        keys = [key for key in keys if row is None or fits(row, known[key])]
        return form_for(self.model, keys, base)

    def _kept(self, form: DeclaredForm, write: Any) -> bool:
        try:
            write()
        except Overtaken:
            raise
        except Faulty as wrong:
            refuse(form, wrong)
        except Refused as refused:
            form.form_errors.append(sentence(refused))
        else:
            return True
        return False

    def _paper(
        self,
        template: str,
        form: DeclaredForm,
        title: str,
        back: str,
        overtaken: tuple[Change, ...] = (),
        **place: Any,
    ) -> str:
        paper = Paper(
            title=title,
            form=form,
            sections=tuple(
                (name, tuple(key for key in keys if key in form))
                for name, keys in sheets.sections(self.model)
            ),
            submit=_("Save"),
            cancel_url=url_for(back, **place),
            trail=((self._label(), url_for(f"{self.endpoint}.list")),),
            overtaken=overtaken,
        )
        return self.render_template(template, paper=paper)


def _open(way: Way, row: Any) -> bool:
    return not any(getattr(row, key) for key in way.unless)


def _reloading() -> bool:
    """Whether the form came only to have its fields fetched again."""
    return request.form.get("reload") == "1"
