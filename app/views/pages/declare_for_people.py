"""For whom an organisation declares: its own people ticked, or a workbook filled in (HDC-02 to 04)."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.database import clock
from app.declare.words import language
from app.models.hour_declaration import HourDeclaration
from app.services import hour_declarations, lists
from app.services.errors import Faulty, Refused
from app.services.imports import hour_imports
from app.views import importing
from app.views.access import allowed
from app.views.database import db
from app.views.downloads import WORKBOOK
from app.views.messages import sentence
from app.views.page import Page
from app.views.pages.declare_for import importable, kept
from app.views.sending import SendForm

REFUSED = 422


class DeclareForPeoplePage(Page):
    """The people of a declaration that is not sent yet."""

    route_base = "/declare-for"
    default_view = "people"
    noun = "hour_declaration"

    @allowed("hour_record.declare")
    @expose("/<pk>/people", methods=["GET", "POST"])
    def people(self, pk: str) -> Response | str:
        """One's own professionals, to be ticked."""
        row = hour_declarations.found(db(), pk)
        if request.method == "POST":
            try:
                hour_declarations.add(db(), row, _ids(request.form.getlist("person")))
            except Refused as refused:
                flash(sentence(refused), "warning")
            return redirect(f"{url_for('DeclareForPage.edit', pk=row.id)}#people")
        words = request.args.get("q", "")[:100]
        after = lists.id_of(request.args.get("after"))
        some = hour_declarations.offered(db(), row, words, after)
        shown, more = some[: hour_declarations.OFFERED], some[hour_declarations.OFFERED :]
        later = url_for("DeclareForPeoplePage.people", pk=row.id, q=words, after=shown[-1].id) if more else ""
        return render_template(
            "pages/declare_for_people.html",
            row=row,
            words=words,
            people=[(each.id, each.name, each.title or "") for each in shown],
            later=later,
        )

    @allowed("hour_record.import")
    @expose("/<pk>/workbook", methods=["GET", "POST"])
    def workbook(self, pk: str) -> Response | tuple[str, int]:
        """The template of the learning form, and the file that somebody filled in (HDC-04)."""
        row, form = hour_declarations.found(db(), pk), SendForm()
        if not importable(row.form):
            return _by_hand(row)
        if form.validate_on_submit():
            try:
                batch = hour_imports.receive(
                    db(), row, form.file.data.stream, form.file.data.filename or "", **_limits()
                )
            except Refused as refused:
                form.file.errors = [sentence(refused)]
            except Faulty as wrong:
                form.form_errors.extend(sentence(each) for some in wrong.problems.values() for each in some)
            else:
                return redirect(url_for("ImportPage.show", noun=batch.noun, uid=batch.uid))
        page = render_template(
            "pages/declare_for_workbook.html",
            form=form,
            row=row,
            kept=kept(row),
            lines=importing.latest("hour_record"),
            way=importing.WAY,
        )
        return page, REFUSED if form.errors or form.form_errors else 200

    @allowed("hour_record.import")
    @expose("/<pk>/template")
    def template(self, pk: str) -> Response:
        """The empty workbook of the learning form, in the reader's language."""
        row = hour_declarations.found(db(), pk)
        if not importable(row.form):
            return _by_hand(row)
        content = hour_imports.template(db(), row, language())
        name = f"{kept(row)['form']}-{_('template')}-{clock.today():%Y%m%d}.xlsx"
        return send_file(
            BytesIO(content), mimetype=WORKBOOK, as_attachment=True, download_name=name, etag=False
        )


def _by_hand(row: HourDeclaration) -> Response:
    flash(_("This learning form does not come by workbook. Please choose the people by hand."), "warning")
    return redirect(url_for("DeclareForPage.edit", pk=row.id))


def _limits() -> dict[str, Any]:
    return {
        "most_megabytes": current_app.config["SETTINGS"].workbook_megabytes,
        "locale": language(),
    }


def _ids(typed: Iterable[str]) -> list[int]:
    return [number for each in typed if (number := lists.id_of(each)) is not None]
