"""继教综合统计查询: learners and qualified people by organisation or title series (STA-05, 06).

The lists behind every number of statistics stand here too.
"""

from collections.abc import Iterable
from typing import Any

from flask import abort, g, render_template, request, send_file, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.declare.computed import plain
from app.declare.province import province
from app.declare.words import language
from app.services import lists
from app.services.statistics import behind, frames
from app.services.statistics.asked import Asked
from app.services.statistics.behind import Behind
from app.services.statistics.overall import BY_ORGANIZATION, CUTS, overall
from app.services.statistics.titles import series_label
from app.services.wording import said
from app.views import statistics
from app.views.access import allowed
from app.views.database import db
from app.views.downloads import WORKBOOK
from app.views.page import MenuEntry, Page
from app.views.parts import Cell, Listing, Pager, Row
from app.views.parts import Column as Head

SHOWN = "StatisticsPage.show"
USERS = ("hr_office", "authority")


class StatisticsPage(Page):
    """The manual's table with its two-row head."""

    route_base = "/statistics"
    default_view = "show"
    noun = "person"
    menu = (
        MenuEntry(
            label=_l("Overall statistics"),
            endpoint=SHOWN,
            menu="statistics",
            icon="chart",
            position=4,
            function="statistics",
        ),
    )

    def entries(self, _lines: Any) -> Iterable[MenuEntry]:
        """For those who have others below them, likewise."""
        return self.menu if g.actor.organization_id and g.actor.kind in USERS and statistics.offered() else ()

    @allowed("person.read")
    @expose("/")
    def show(self) -> str:
        """The table, its chart and what its columns mean."""
        table = overall(db(), statistics.asked_of(by=_cut()))
        chart = statistics.bars(table, ("learned", "qualified"))
        page = statistics.drawn(table, SHOWN, CUTS, chart)
        return render_template("pages/statistics.html", page=page)

    @allowed("person.export")
    @expose("/export", methods=["POST"])
    def export(self) -> Response:
        """The same as a workbook; it is recorded."""
        table = overall(db(), statistics.asked_of(by=_cut()))
        book = frames.export(db(), table, language(), public=request.args.get("public") == "1")
        name = statistics.export_name(table)
        return send_file(book, mimetype=WORKBOOK, as_attachment=True, download_name=name, etag=False)

    @allowed("person.read")
    @expose("/people")
    def people(self) -> str:
        """Whom a number counts."""
        asked, wanted = statistics.asked_of(), _behind()
        after = lists.id_of(request.args.get("after")) or 0
        organizations = wanted.figure in behind.ORGANIZATIONS
        found = (behind.organizations if organizations else behind.people)(db(), asked, wanted, after)
        shown = found[: behind.PAGE]
        onwards: dict[str, Any] = {key: value for key, value in request.args.items() if key != "after"}
        start = url_for("StatisticsPage.people", **onwards) if after else ""
        later = (
            url_for("StatisticsPage.people", **{**onwards, "after": shown[-1].id})
            if len(found) > len(shown)
            else ""
        )
        listing = Listing(
            title=f"{_title(wanted)} · {asked.place.name}",
            columns=_organization_heads() if organizations else _people_heads(),
            rows=tuple(_organization(row) if organizations else _person(row) for row in shown),
            found="",
            pager=Pager(first=start, previous=start, next=later),
            under=_conditions(asked, wanted),
            empty=_("Nobody is counted here any more."),
        )
        return render_template("layout/list.html", listing=listing)


def _cut() -> str:
    by = request.args.get("by", "")
    return by if by in CUTS else BY_ORGANIZATION


def _behind() -> Behind:
    figure, level = request.args.get("figure", "people"), request.args.get("level")
    subject = request.args.get("subject", "")
    if figure not in behind.PEOPLE and figure not in behind.ORGANIZATIONS:
        abort(404)
    if subject and subject not in province().choices("subjects"):
        abort(404)
    return Behind(
        figure=figure, subject=subject, level={statistics.NO_SERIES: ""}.get(level or "", level or None)
    )


def _title(wanted: Behind) -> str:
    if wanted.figure in behind.ORGANIZATIONS:
        return said(behind.ORGANIZATIONS[wanted.figure][1], language())
    subjects = province().choices("subjects")
    of_subject = f" · {said(subjects[wanted.subject], language())}" if wanted.subject else ""
    return said(behind.PEOPLE[wanted.figure], language()) + of_subject


def _conditions(asked: Asked, wanted: Behind) -> str:
    """What narrows the list, beside the organisation in its title."""
    extent = frames.ALONE if asked.alone else frames.WITH_BELOW
    parts = [said(extent, language()), _("year %(year)d", year=asked.year)]
    if asked.series is not None:
        parts.append(said(series_label(asked.series), language()))
    if wanted.level is not None:
        label = province().choices("title_levels").get(wanted.level) if wanted.level else _("No level given")
        parts.append(said(label or wanted.level, language()))
    return " · ".join(parts)


def _people_heads() -> tuple[Head, ...]:
    return (
        Head(key="name", label=_("Full name")),
        Head(key="organization", label=_("Organization")),
        Head(key="series", label=_("Title series")),
        Head(key="title", label=_("Professional title")),
        Head(key="level", label=_("Title level")),
        Head(key="hours", label=_("Hours of the year"), kind="number"),
    )


def _organization_heads() -> tuple[Head, ...]:
    return Head(key="name", label=_("Name")), Head(
        key="code", label=_("Unified social credit code"), kind="code"
    )


def _person(row: Any) -> Row:
    series = said(series_label(row.title_series), language()) if row.title_series else ""
    level = province().choices("title_levels").get(row.title_level, row.title_level or "")
    return Row(
        id=row.id,
        url=url_for("PersonScreen.show", pk=row.id),
        cells=(
            Cell(text=row.name),
            Cell(text=row.organization),
            Cell(text=series),
            Cell(text=row.title or ""),
            Cell(text=said(level, language())),
            Cell(text=plain(row.hours) if row.hours is not None else "0"),
        ),
    )


def _organization(row: Any) -> Row:
    url = url_for("OrganizationScreen.show", pk=row.id)
    return Row(id=row.id, url=url, cells=(Cell(text=row.name), Cell(text=row.credit_code or "")))
