"""Many certificates at once: a workbook of codes in, what each of them says out (CER-03)."""

from io import BytesIO

from flask import current_app, render_template, request, send_file
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response

from app.database import clock
from app.declare.words import language
from app.security.addresses import network
from app.services import code_books
from app.services.code_books import Line
from app.services.errors import Faulty
from app.views import verifying
from app.views.access import public
from app.views.cells import TONES, worded
from app.views.database import db
from app.views.downloads import WORKBOOK
from app.views.forms import refuse
from app.views.page import Page
from app.views.parts import Cell, Column, Row

REFUSED = 422


class CodesForm(FlaskForm):
    """The workbook of codes."""

    file = FileField(
        _l("Workbook (.xlsx)"),
        [FileRequired(_l("Please choose the workbook."))],
        description=_l("At most %(most)s codes. Nothing of it is kept.", most=code_books.MOST),
        render_kw={"accept": f".xlsx,{WORKBOOK}"},
    )


class VerifyCodesPage(Page):
    """For a committee that has many codes."""

    route_base = "/verify"
    default_view = "ask"
    noun = "certificate"

    @public
    @expose("/many", methods=["GET", "POST"])
    def ask(self) -> Response:
        """The form; and what became of the workbook that was sent, as a page or as a workbook."""
        form, lines = CodesForm(), None
        if form.validate_on_submit():
            try:
                lines = code_books.verify(
                    db(), form.file.data.stream, network(request.remote_addr or ""), language()
                )
            except Faulty as faulty:
                refuse(form, faulty)
            else:
                if request.form.get("action") == "workbook":
                    return _workbook(code_books.book(lines, language()), _("verified certificates"))
        page = render_template(
            "pages/verify_codes.html",
            form=form,
            lines=lines,
            columns=tuple(
                Column(key=key, label=worded(label), kind="number" if key in {"row", "hours"} else "text")
                for key, label, _wide in code_books.HEADS
            ),
            rows=tuple(_row(each) for each in lines or ()),
            valid=sum(1 for each in lines or () if each.found and each.found.state == "valid"),
        )
        return verifying.guarded(current_app.make_response(page), REFUSED if form.errors else 200)

    @public
    @expose("/many/template")
    def template(self) -> Response:
        """The empty workbook, in the reader's language."""
        return _workbook(BytesIO(code_books.template(language())), _("codes"))


def _row(line: Line) -> Row:
    found, spoken = line.found, language()
    tone = TONES.get(found.state, "calm") if found is not None else "bad"
    told = (
        (found.name, found.unit, found.year, found.subjects[-1][1], found.number, found.issued_on)
        if found is not None
        else ("",) * 6
    )
    return Row(
        id=line.number,
        url="",
        cells=(
            Cell(text=str(line.number)),
            Cell(text=line.typed),
            Cell(text=code_books.state(line, spoken), tone=tone),
            *(Cell(text=text) for text in told),
            Cell(text=line.remark(spoken)),
        ),
    )


def _workbook(stream: BytesIO, what: str) -> Response:
    name = f"{what}-{clock.today():%Y%m%d}.xlsx"
    made = send_file(stream, mimetype=WORKBOOK, as_attachment=True, download_name=name, etag=False)
    return verifying.guarded(made, 200)
