"""学时（分）申报: an organisation declares hours for people, once for all of them (HDC-01 to 03, 07)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.declare.computed import plain
from app.declare.province import province
from app.declare.words import language
from app.models.hour_declaration import HourDeclaration
from app.models.hour_record import HourRecord
from app.services import group_declarations, hour_declarations, hours, lists, opened, trainees
from app.services.errors import Faulty, Refused
from app.services.group_judgement import Judged
from app.services.wording import said
from app.views import declaring, group_form, sheets
from app.views.access import allowed
from app.views.database import db
from app.views.declaring import DeclarationForm
from app.views.messages import sentence
from app.views.page import MenuEntry, Page
from app.views.parts import Act

REFUSED, CONFLICT = 422, 409


@dataclass(slots=True)
class Desk:
    """What lies before somebody who declares for others: the form, what is kept of it, and what to say."""

    form: DeclarationForm
    row: HourDeclaration | None = None
    status: int = 200


class DeclareForPage(Page):
    """The choice of what is declared, the declaration, its people."""

    route_base = "/declare-for"
    default_view = "choose"
    noun = "hour_declaration"
    acts_for = "hour_record"

    def entries(self, _lines: Any) -> Iterable[MenuEntry]:
        """For those who declare for others something that the province lets them declare."""
        if _choices():
            yield MenuEntry(
                label=_l("Declare hours for people"),
                endpoint="DeclareForPage.choose",
                menu="hours",
                icon="plus",
                position=25,
                function="hour_declaration",
            )

    def acts_on(self, row: Any) -> Iterable[Act]:
        """From the record of a declaration that came back to the same one once more."""
        here = row.declarer_id is not None and row.declarer_id == g.actor.organization_id
        if not here or not g.actor.may("hour_record.declare"):
            return
        if row.state in ("returned", "withdrawn"):
            url = url_for("DeclareForPage.new", record=row.id)
            yield Act(label=_("Declare again"), url=url, icon="plus")
        review = hours.review_of(db(), row)
        if row.state == "submitted" and review is not None:
            yield Act(
                label=_("Withdraw"),
                url=url_for("DeclareForPage.withdraw", pk=row.id, version=review.version),
                icon="back",
                method="post",
                confirm=_("Withdraw these hours? They will not be decided then, and their person is told."),
            )

    @allowed("hour_record.declare")
    @expose("/")
    def choose(self) -> str:
        """Subject and learning form, what was begun, and the templates of the organisation."""
        years = opened.years(db())
        return render_template(
            "pages/declare_for_choice.html",
            subjects=_choices() if years else [],
            drafts=[kept(each) for each in hour_declarations.drafts(db())],
            templates=[kept(each) for each in hour_declarations.templates(db())],
        )

    @allowed("hour_record.declare")
    @expose("/new", methods=["GET", "POST"])
    def new(self) -> Response | tuple[str, int]:
        """A declaration that is not kept yet: begun with the first thing that is done to it."""
        form = _form(_begun_from())
        if form.learning is None and request.method == "GET":
            return redirect(url_for("DeclareForPage.choose"))
        return _at(Desk(form))

    @allowed("hour_record.declare")
    @expose("/<pk>", methods=["GET", "POST"])
    def edit(self, pk: str) -> Response | tuple[str, int]:
        """Go on with what is kept."""
        row = hour_declarations.found(db(), pk)
        return _at(Desk(_form(row), row))

    @allowed("hour_record.declare")
    @expose("/<pk>/discard", methods=["POST"])
    def discard(self, pk: str) -> Response:
        """Throw a draft away."""
        hour_declarations.discard(db(), hour_declarations.found(db(), pk))
        flash(_("The draft is discarded."), "success")
        return redirect(url_for("DeclareForPage.choose"))

    @allowed("hour_record.declare")
    @expose("/records/<pk>/withdraw", methods=["POST"])
    def withdraw(self, pk: str) -> Response:
        """Take back what was declared for somebody and is not decided yet."""
        seen = lists.id_of(request.args.get("version")) or 0
        record = group_declarations.withdraw(db(), hour_declarations.of_record(db(), pk).id, seen)
        flash(_("It is withdrawn."), "success")
        return redirect(url_for("HourRecordScreen.show", pk=record.id))

    @allowed("hour_record.declare")
    @expose("/templates/<pk>/discard", methods=["POST"])
    def discard_template(self, pk: str) -> Response:
        """Throw a template of the organisation away."""
        hour_declarations.discard(db(), hour_declarations.found(db(), pk, template=True))
        flash(_("The template is deleted."), "success")
        return redirect(url_for("DeclareForPage.choose"))


def _choices() -> list[tuple[Any, Any]]:
    """The subjects, each with the learning forms that the acting organisation may declare for it."""
    if not g.actor.may("hour_record.declare"):
        return []
    profile = province()
    listed = [(subject, profile.forms_for(subject.key, g.actor.kind)) for subject in profile.subjects]
    return [(subject, forms) for subject, forms in listed if forms]


def _begun_from() -> HourDeclaration | HourRecord | None:
    """A template or an earlier declaration, where the address names one."""
    if key := request.values.get("template"):
        return hour_declarations.found(db(), key, template=True)
    if key := request.values.get("record"):
        return hour_declarations.of_record(db(), key)
    return None


def _form(row: HourDeclaration | HourRecord | None) -> DeclarationForm:
    """The form as it was sent or asked for; where nothing was, as it is kept."""
    profile = province()
    sent = request.form if request.method == "POST" else request.args
    held = declaring.held(row) if row is not None else {}
    asked = {key: sent.get(key) or held.get(key, "") for key in ("year", "subject", "form")}
    years = [str(year) for year in opened.years(db())]
    asked["year"] = asked["year"] if asked["year"] in years else next(iter(years), "")
    learning = profile.form(asked["form"])
    fits = learning in profile.forms_for(asked["subject"], g.actor.kind)
    return declaring.form_for(learning if fits else None, g.actor.kind)(data={**held, **asked})


def _at(desk: Desk) -> Response | tuple[str, int]:
    """Keep what came, do what was pressed, and show the form with what becomes of each."""
    if request.method == "POST" and desk.form.validate():
        try:
            return redirect(_done(desk))
        except Faulty as wrong:
            desk.form.refuse(wrong)
            desk.status = REFUSED
        except Refused as refused:
            desk.form.form_errors.append(sentence(refused))
            desk.status = CONFLICT
    return _shown(desk), desk.status


def _done(desk: Desk) -> str:
    """Do it, and say where to go on. Raises Faulty, Refused."""
    form = desk.form
    if desk.row is None:
        record = _begun_from()
        people = [record.person_id] if isinstance(record, HourRecord) else []
        desk.row = hour_declarations.begin(db(), form.declared, people)
    row, action = desk.row, request.form.get("action", "")
    hour_declarations.keep(db(), row, form.declared, group_form.own_answers(request.form), form.uploads)
    here = url_for("DeclareForPage.edit", pk=row.id)
    if removed := lists.id_of(request.form.get("remove")):
        hour_declarations.remove(db(), row, removed)
    elif action == "people":
        return url_for("DeclareForPeoplePage.people", pk=row.id)
    elif action == "admit":
        trainees.admit(db(), row, request.form.get("number", "")[:40], request.form.get("learner", "")[:50])
    elif action == "workbook":
        return url_for("DeclareForPeoplePage.workbook", pk=row.id)
    elif action == "template":
        made = hour_declarations.keep_as_template(db(), row, request.form.get("name", ""))
        flash(_("Kept as the template “%(name)s”.", name=made.name), "success")
    elif action == "check":
        hour_declarations.preview(db(), row)
    elif action == "send":
        sent = hour_declarations.send(db(), row, lists.id_of(request.form.get("expected")))
        told = {"count": sent.count, "hours": plain(sent.hours)}
        flash(_("Sent for %(count)s people, %(hours)s hours in all.", **told), "success")
        left = bool(row.people)
        return here if left else url_for("HourRecordScreen.list", year=row.year)
    return f"{here}#people"


def _shown(desk: Desk) -> str:
    judged, row = _judged(desk), desk.row
    lines = group_form.lines(row, judged) if row is not None else []
    right = [each for each in judged if not each.problems]
    return render_template(
        "pages/declare_for.html",
        desk=desk,
        form=desk.form,
        row=row,
        begun={key: request.values[key] for key in ("template", "record") if key in request.values},
        columns=group_form.columns(desk.form),
        lines=lines,
        right=len(right),
        hours=plain(sum((each.worth.hours for each in right if each.worth), start=Decimal(0))),
        attached=sheets.attached(db(), row) if row is not None else (),
        institution=g.actor.kind == "institution",
        importable=desk.form.learning is not None
        and importable(desk.form.learning.key)
        and g.actor.may("hour_record.import"),
    )


def _judged(desk: Desk) -> list[Judged]:
    """What becomes of each; nothing while something is wrong for all, which sending says."""
    if desk.row is None or not desk.row.people:
        return []
    try:
        return hour_declarations.preview(db(), desk.row)
    except Faulty:
        return []


def kept(row: HourDeclaration) -> dict[str, Any]:
    """A draft or a template, as one recognises it."""
    form = province().form(row.form)
    return {
        "id": row.id,
        "name": row.name or str(row.values.get("title") or ""),
        "form": said(form.label, language()) if form is not None else row.form,
        "year": row.year,
        "people": len(row.people),
    }


def importable(key: str) -> bool:
    """Whether people of this learning form come by workbook (HDC-04)."""
    form = province().form(key)
    return form is not None and form.importable
