"""A professional's year on one screen of a phone: how far it is, what is missing, what became of it all."""

from typing import Any

from flask import abort, g, render_template, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.database import clock
from app.models.notice import AUDIENCES
from app.services import certificates, departments, notices, opened, progress, spans, years
from app.services import timing as clocks
from app.services.progress import Standing
from app.services.years import YearView
from app.views import standing, timing
from app.views.access import allowed
from app.views.database import db
from app.views.page import MenuEntry, Page
from app.views.parts import Cell, Tab

YEARS = range(2000, 2101)


class MyYearPage(Page):
    """The home of a professional."""

    route_base = ""
    default_view = "year"
    noun = "person"
    menu = (MenuEntry(label=_l("My year"), endpoint="MyYearPage.year", icon="hours", position=10),)

    @allowed("hour_record.create")
    @expose("/my/year")
    @expose("/my/year/<int:year>")
    def year(self, year: int | None = None) -> str:
        """One calendar year; the present one unless the address says another."""
        me = g.actor.person_id
        if me is None:
            abort(403)
        year = clock.today().year if year is None else year
        if year not in YEARS:
            abort(404)
        view = years.year_of(db(), me, year)
        return render_template(
            "pages/my_year.html",
            view=view,
            place=" · ".join(departments.place_of(db(), me)),
            state=_state(view),
            years=_tabs(me, year),
            open=year in opened.years(db()),
            today=clock.today(),
            reopening=opened.reopening(db(), year),
            span=spans.span_of(db(), me, year),
            certificate=certificates.valid(db(), me, year),
            row=certificates.row_before(db(), me, year),
            lines=[_line(each) for each in progress.of_year(db(), me, year)],
            notices=notices.page(db(), most=notices.FRONT).lines,
            audiences=AUDIENCES,
        )


def _state(view: YearView) -> Cell:
    if view.complete:
        return Cell(text=_("Complete"), tone="ok")
    return Cell(text=_("In progress"), tone="wait")


def _tabs(me: int, year: int) -> tuple[Tab, ...]:
    """The years one may declare for, those one has declared for, and the one that is shown."""
    listed = {*opened.years(db()), *progress.years(db(), me), year}
    return tuple(
        Tab(label=str(each), url=url_for("MyYearPage.year", year=each), current=each == year)
        for each in sorted(listed, reverse=True)
    )


def _waits(each: Standing) -> str:
    """How long it waits for a decision; nothing when it waits for none."""
    if each.waits_for is None or each.review is None:
        return ""
    return timing.sentence(clocks.timing(each.review.submitted_at, each.review.due_on))


def _line(each: Standing) -> dict[str, Any]:
    record = each.record
    edit_url = url_for("DeclarePage.edit", pk=record.id)
    show_url = url_for("HourRecordPage.show", pk=record.id)
    edit = {"draft": _("Go on"), "returned": _("Correct and send again")}.get(record.state, "")
    return {
        "title": standing.title(record),
        "url": edit_url if record.state == "draft" else show_url,
        "state": standing.state(each),
        "under": standing.summary(record),
        "waits": _waits(each),
        "objection": each.objection.reason if each.objection and record.state == "returned" else "",
        "edit": edit,
        "edit_url": edit_url if edit else "",
    }
