"""继教完成情况: a unit's professionals against the rule of a year, to be printed or taken as a workbook."""

from collections.abc import Iterable
from typing import Any

from flask import abort, g, render_template, request, send_file, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.database import clock
from app.declare.computed import plain
from app.declare.province import province
from app.declare.words import language
from app.services import completion, courses, lists
from app.services.completion import Completed, Line
from app.services.wording import said
from app.views.access import allowed, may_open
from app.views.cells import worded
from app.views.database import db
from app.views.generated import WORKBOOK
from app.views.page import MenuEntry, Page
from app.views.parts import Act, Cell, Column, Listing, Pager, Row, Tab

TONES = {True: "ok", False: "wait", None: "calm"}


class CompletionPage(Page):
    """RUL-04."""

    route_base = "/completion"
    default_view = "people"
    noun = "person"
    acts_for = "organization"
    menu = (
        MenuEntry(
            label=_l("Completion"),
            endpoint="CompletionPage.people",
            menu="statistics",
            icon="check",
            position=20,
            function="completion",
        ),
    )

    def entries(self, _lines: Any) -> Iterable[MenuEntry]:
        """For those who act for an organisation."""
        return self.menu if g.actor.organization_id else ()

    def acts_on(self, row: Any) -> Iterable[Act]:
        """From the page of an organisation to how far its professionals are."""
        if may_open("CompletionPage.people"):
            url = url_for("CompletionPage.people", unit=row.id)
            yield Act(label=_("Completion of its professionals"), url=url, icon="check")

    @allowed("person.read")
    @expose("/")
    def people(self) -> str:
        """Some at a time, or with `whole` as many as one prints."""
        unit, year = _unit(), _year()
        whole = request.args.get("whole") == "1"
        after = None if whole else lists.id_of(request.args.get("after"))
        most = completion.WHOLE if whole else completion.PAGE
        found = completion.page(db(), unit, year, after, most)
        return render_template(
            "pages/completion.html",
            listing=_listing(found, after, whole=whole),
            asked=completion.asks(found.unit.name, year, language()),
            moment=completion.as_of(found.moment),
            whole=whole,
            cut=whole and found.later is not None,
        )

    @allowed("person.export")
    @expose("/export", methods=["POST"])
    def export(self) -> Response:
        """The same as a workbook; it is recorded."""
        unit, year = _unit(), _year()
        book = completion.export(db(), unit, year, language())
        name = f"{_('Completion')}-{year}-{clock.today():%Y%m%d}.xlsx"
        return send_file(book, mimetype=WORKBOOK, as_attachment=True, download_name=name, etag=False)


def _unit() -> int:
    if not g.actor.organization_id:
        abort(403)
    asked = request.args.get("unit")
    found = lists.id_of(asked) if asked else g.actor.organization_id
    if found is None:
        abort(404)
    return int(found)


def _year() -> int:
    """The year that is asked for, else the present one, else the last that has a rule."""
    known = province().rules
    asked = lists.id_of(request.args.get("year"))
    if asked is not None and asked in known:
        return asked
    return min(max(clock.today().year, min(known)), max(known))


def _listing(found: Completed, after: int | None, *, whole: bool) -> Listing:
    here: dict[str, Any] = {"unit": found.unit.id, "year": found.year}
    start = url_for("CompletionPage.people", **here)
    rest = {"people": found.people, "qualified": found.qualified, "missing": found.people - found.qualified}
    labels = province().choices("subjects")
    acts = []
    if courses.offered():
        url = url_for("LearnersPage.people", unit=found.unit.id)
        acts.append(Act(label=_("Who takes which course"), url=url, icon="book"))
    if found.people > completion.PAGE and not whole:
        acts.append(
            Act(
                label=_("All on one page"), url=url_for("CompletionPage.people", **here, whole=1), icon="list"
            )
        )
    if may_open("CompletionPage.export") and found.people:
        url = url_for("CompletionPage.export", **here)
        acts.append(Act(label=_("Export"), url=url, icon="download", method="post", again=True))
    return Listing(
        title=_("Completion in %(year)d: %(unit)s", year=found.year, unit=found.unit.name),
        columns=(
            Column(key="name", label=_("Full name")),
            Column(key="title", label=_("Professional title")),
            *(Column(key=key, label=said(label, language()), kind="number") for key, label in labels.items()),
            Column(key="total", label=_("Total"), kind="number"),
            Column(key="state", label=_("Completion")),
        ),
        rows=tuple(_row(line, found.year, list(labels)) for line in found.lines),
        found="",
        tabs=_tabs(found),
        acts=tuple(acts),
        pager=Pager(
            first=start if after else "",
            previous=start if after else "",
            next=url_for("CompletionPage.people", **here, after=found.later)
            if found.later and not whole
            else "",
        ),
        under=_("%(people)d professionals: %(qualified)d qualified, %(missing)d not", **rest),
        empty=_("No professional belongs to this organization itself."),
    )


def _tabs(found: Completed) -> tuple[Tab, ...]:
    years = [year for year in sorted(province().rules, reverse=True) if year <= clock.today().year]
    return tuple(
        Tab(
            label=str(year),
            url=url_for("CompletionPage.people", unit=found.unit.id, year=year),
            current=year == found.year,
        )
        for year in years
    )


def _row(line: Line, year: int, subjects: list[str]) -> Row:
    rule = province().rules.get(year)
    hours = []
    for key in subjects:
        minimum = rule.minimum.get(key) if rule is not None else None
        done = plain(line.subjects.get(key, line.total * 0))
        hours.append(Cell(text=f"{done} / {plain(minimum)}" if minimum else done))
    asked = f"{plain(line.total)} / {plain(rule.total)}" if rule is not None else plain(line.total)
    return Row(
        id=line.id,
        url=url_for("PersonScreen.show", pk=line.id),
        cells=(
            Cell(text=line.name),
            Cell(text=line.title),
            *hours,
            Cell(text=asked),
            Cell(text=worded(line.verdict), tone=TONES[line.qualified]),
        ),
    )
