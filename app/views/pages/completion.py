"""继教完成情况: person by person against a year's rule; narrowed, printed, exported, reminded (STA-03)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import abort, g, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.declare.computed import plain
from app.declare.province import province
from app.declare.words import language
from app.services import completion, courses, lists
from app.services.completion import Completed
from app.services.standings import Line
from app.services.wording import said
from app.views import completing, exporting
from app.views.access import allowed, may_open
from app.views.cells import worded
from app.views.database import db
from app.views.listing import counted
from app.views.page import MenuEntry, Page
from app.views.parts import Act, Bulk, Cell, Column, Listing, Pager, Row, Tab

TONES = {True: "ok", False: "wait", None: "calm"}


class CompletionPage(Page):
    """STA-03, and as a proof on paper RUL-04."""

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
        wanted = completing.wanted(request.args)
        whole = request.args.get("whole") == "1"
        after = None if whole else lists.id_of(request.args.get("after"))
        most = completion.WHOLE if whole else completion.PAGE
        found = completion.page(db(), wanted, after, most)
        return render_template(
            "pages/completion.html",
            listing=_listing(found, after, whole=whole),
            asked=completion.asks(wanted.unit.name, wanted.year, language()),
            moment=completion.as_of(found.moment),
            whole=whole,
            cut=whole and found.later is not None,
        )

    @allowed("person.read")
    @expose("/records/<pk>")
    def records(self, pk: str) -> str:
        """The learning records of one professional in a year, and the year against its rule."""
        person, year = lists.id_of(pk), completing.year_of(request.args)
        if person is None:
            abort(404)
        line, found = completion.records(db(), person, year)
        listing = Listing(
            title=_("Learning records of %(year)d: %(name)s", year=year, name=line.name),
            columns=(
                Column(key="title", label=_("Activity")),
                Column(key="subject", label=_("Subject")),
                Column(key="form", label=_("Learning form")),
                Column(key="hours", label=_("Hours"), kind="number"),
                Column(key="state", label=_("State")),
                Column(key="declared", label=_("Declared"), kind="date"),
            ),
            rows=tuple(_record(each) for each in found),
            found=str(len(found)) if found else "",
            tabs=tuple(
                Tab(
                    label=str(each),
                    url=url_for("CompletionPage.records", pk=line.id, year=each),
                    current=each == year,
                )
                for each in completing.years()
            ),
            acts=(
                Act(label=_("The professional"), url=url_for("PersonScreen.show", pk=line.id), icon="user"),
            ),
            under=_stand(line),
            empty=_("Nothing has been declared or learned in this year."),
        )
        return render_template("layout/list.html", listing=listing)

    @allowed("person.export")
    @expose("/export", methods=["POST"])
    def export(self) -> Response:
        """The same as a workbook; it is recorded."""
        wanted = completing.wanted(request.args)
        words = {key: str(word) for key, word in completing.address(wanted).items()}
        return exporting.answer("completion:person", words, f"{_('Completion')}-{wanted.year}")


def _listing(found: Completed, after: int | None, *, whole: bool) -> Listing:
    wanted = found.wanted
    here = completing.address(wanted)
    start = url_for("CompletionPage.people", **here)
    labels = province().choices("subjects")
    capped = found.found > lists.COUNTED
    many = counted(min(found.found, lists.COUNTED), more=capped)
    return Listing(
        title=_("Completion in %(year)d: %(unit)s", year=found.year, unit=found.unit.name),
        columns=(
            Column(key="name", label=_("Full name")),
            Column(key="title", label=_("Professional title")),
            *([Column(key="unit", label=_("Organization"))] if wanted.below else []),
            *(Column(key=key, label=said(label, language()), kind="number") for key, label in labels.items()),
            Column(key="total", label=_("Total"), kind="number"),
            Column(key="missing", label=_("Missing hours"), kind="number"),
            Column(key="waiting", label=_("Waiting hours"), kind="number"),
            Column(key="state", label=_("Completion")),
        ),
        rows=tuple(_row(line, found, list(labels)) for line in found.lines),
        found=many if wanted.narrow else "",
        tabs=_tabs(found),
        acts=tuple(_acts(found, whole=whole)),
        search=None if whole else completing.search(wanted),
        pager=Pager(
            first=start if after else "",
            previous=start if after else "",
            next=url_for("CompletionPage.people", **here, after=found.later)
            if found.later and not whole
            else "",
        ),
        bulk=None if whole else _bulk(found, many),
        under=_under(found),
        empty=_("Nobody fits these conditions.")
        if wanted.narrow
        else _("No professional belongs to this organization itself."),
    )


def _under(found: Completed) -> str:
    if found.people is None or found.qualified is None:
        return ""
    rest = {"people": found.people, "qualified": found.qualified, "missing": found.people - found.qualified}
    return _("%(people)d professionals: %(qualified)d qualified, %(missing)d not", **rest)


def _acts(found: Completed, *, whole: bool) -> Iterable[Act]:
    here = completing.address(found.wanted)
    if courses.offered() and not whole:
        url = url_for("LearnersPage.people", unit=found.unit.id)
        yield Act(label=_("Who takes which course"), url=url, icon="book")
    if may_open("OutlookPage.level") and not whole:
        url = url_for("OutlookPage.level", at=found.unit.id, year=found.year)
        yield Act(label=_("By organization and department"), url=url, icon="chart")
    if found.found > completion.PAGE and not whole:
        url = url_for("CompletionPage.people", **here, whole=1)
        yield Act(label=_("All on one page"), url=url, icon="list")
    if may_open("CompletionPage.export") and found.found:
        url = url_for("CompletionPage.export", **here)
        yield Act(label=_("Export"), url=url, icon="download", method="post", again=True)


def _bulk(found: Completed, many: str) -> Bulk | None:
    """The reminder of those who are chosen, in a year that is not over for them."""
    if not found.lines or found.wanted.state == "complete" or not may_open("CompletionRemindersPage.preview"):
        return None
    if found.year not in completing.years()[:2]:
        return None
    return Bulk(
        url=url_for("CompletionRemindersPage.preview"),
        filter=urlencode(completing.address(found.wanted)),
        expected=found.found,
        said=many,
        acts=(Act(label=_("Remind these people"), name="remind", look="primary", icon="bell"),),
    )


def _tabs(found: Completed) -> tuple[Tab, ...]:
    here = completing.address(found.wanted)
    return tuple(
        Tab(
            label=str(year),
            url=url_for("CompletionPage.people", **{**here, "year": year}),
            current=year == found.year,
        )
        for year in completing.years()
    )


def _row(line: Line, found: Completed, subjects: list[str]) -> Row:
    year, unit = found.year, ("organization", line.organization_id)
    rule = province().rules.get(year)
    hours = []
    for key in subjects:
        minimum = rule.minimum.get(key) if rule is not None else None
        done = plain(line.subjects.get(key, Decimal(0)))
        hours.append(Cell(text=f"{done} / {plain(minimum)}" if minimum else done))
    asked = f"{plain(line.total)} / {plain(rule.total)}" if rule is not None else plain(line.total)
    records = url_for("CompletionPage.records", pk=line.id, year=year)
    waiting = sum(line.waiting.values(), Decimal(0))
    return Row(
        id=line.id,
        url=url_for("PersonScreen.show", pk=line.id),
        cells=(
            Cell(text=line.name),
            Cell(text=line.title),
            *([Cell(text=found.called.get(unit, ""))] if found.wanted.below else []),
            *hours,
            Cell(text=asked),
            Cell(text=completing.lacking(line)),
            Cell(text=plain(waiting) if waiting else ""),
            Cell(text=worded(line.verdict), tone=TONES[line.qualified]),
        ),
        selectable=not line.qualified,
        acts=(Act(label=_("Learning records"), url=records),),
    )


def _stand(line: Line) -> str:
    """The year of one professional in a line: has, needs, misses, waits."""
    waiting = plain(sum(line.waiting.values(), Decimal(0)))
    words = {"have": plain(line.total), "waiting": waiting, "verdict": str(worded(line.verdict))}
    if line.completion is None:
        return _("%(have)s hours count, %(waiting)s wait. %(verdict)s", **words)
    need, missing = plain(line.completion.required), completing.lacking(line) or "0"
    return _(
        "%(have)s of %(need)s hours count, %(missing)s are missing, %(waiting)s wait. %(verdict)s",
        **words, need=need, missing=missing,
    )  # fmt: skip


def _record(record: Any) -> Row:
    return Row(
        id=record.id,
        url=url_for("HourRecordScreen.show", pk=record.id) if may_open("HourRecordScreen.show") else "",
        cells=completing.of_record(record),
    )
