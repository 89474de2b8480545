"""Separation of duties: what an auditor asks about, month by month."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import g, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.database import SHANGHAI, clock
from app.declare.words import language
from app.models.role import LABELS
from app.reviews import KINDS
from app.security import doors
from app.services import duties, lists
from app.services.functions import JOINED, everything
from app.services.months import following, preceding
from app.services.wording import said, signed
from app.views.access import allowed
from app.views.cells import worded
from app.views.database import db
from app.views.page import MenuEntry, Page
from app.views.parts import Act, Cell, Pager, Row, Tab
from app.views.parts import Column as Head

TABS = {
    "twice": _l("Same person at two steps"),
    "colleague": _l("About the own administrators"),
    "behalf": _l("On behalf, about the own unit"),
    "deciders": _l("Who decided for whom"),
    "roles": _l("Roles that allow it"),
}
WHY = {
    "twice": _l("One person decided two steps of the same matter: two pairs of eyes were one."),
    "colleague": _l("It is about, or was sent by, somebody who then administered the unit that decided."),
    "behalf": _l("Somebody decided on behalf of another one about the own unit's matter."),
    "deciders": _l("Verdicts of the month by who gave them, and whose matters they were."),
    "roles": _l("These roles may submit and decide the same kind of matter, though never one's own."),
}  # fmt: skip
OLDEST = date(2000, 1, 1)
EMPTY = _l("Nothing of this kind in this month.")
FOUND = (
    Head(key="title", label=_l("Matter")),
    Head(key="kind", label=_l("Kind")),
    Head(key="name", label=_l("Who decided")),
    Head(key="place", label=_l("Organization")),
    Head(key="day", label=_l("Decided"), kind="date"),
)
DECIDERS = (
    Head(key="name", label=_l("Who decided")),
    Head(key="place", label=_l("Organization")),
    Head(key="unit", label=_l("Whose matter")),
    Head(key="number", label=_l("Verdicts"), kind="number"),
    Head(key="rejected", label=_l("Rejected"), kind="number"),
)
ROLES = (
    Head(key="role", label=_l("Role")),
    Head(key="nouns", label=_l("Submits and decides")),
    Head(key="holders", label=_l("Holders"), kind="number"),
)


class DutiesPage(Page):
    """What was decided by whom, where one pair of eyes did the work of two."""

    route_base = "/duties"
    default_view = "report"
    noun = "review"
    menu = (
        MenuEntry(
            label=_l("Separation of duties"),
            endpoint="DutiesPage.report",
            menu="system",
            icon="shield",
            position=72,
        ),
    )

    @allowed(duties.RIGHT)
    @expose("/")
    def report(self) -> str:
        """One of the tabs, for one month."""
        tab = request.args.get("tab", "")
        tab = tab if tab in TABS else "twice"
        month = _month(request.args.get("month", ""))
        columns, rows, later = _table(tab, month)
        here = _at(tab, month)
        onwards = f"{here}&after={later}" if later else ""
        start = here if request.args.get("after") else ""
        return render_template(
            "pages/duties.html",
            title=_("Separation of duties"),
            tabs=tuple(
                Tab(label=label, url=_at(key, month), current=key == tab) for key, label in TABS.items()
            ),
            why=WHY[tab],
            month=month if tab != "roles" else None,
            months=_neighbours(tab, month),
            columns=columns,
            rows=rows,
            empty=EMPTY,
            pager=Pager(first=start, previous=start, next=onwards),
        )


def _table(tab: str, month: date) -> tuple[tuple[Head, ...], list[Row], int | None]:
    if tab == "roles":
        labels = {each.noun: each.label for each in everything(g.actor.kind)}
        return ROLES, [_role(each, labels) for each in duties.roles(db())], None
    if tab == "deciders":
        lines = duties.deciders(db(), month)
        names = doors.names(db(), {key for line in lines for key in (line.organization_id, line.unit_id)})
        return DECIDERS, [_decider(line, names) for line in lines], None
    found = duties.findings(db(), tab, month, lists.id_of(request.args.get("after")))
    names = doors.names(db(), {row.organization_id for row in found.rows})
    return FOUND, [_finding(row, names) for row in found.rows], found.later


def _finding(row: Any, names: Any) -> Row:
    url = url_for("ReviewScreen.show", pk=row.review_id)
    day = row.decided_at.astimezone(SHANGHAI).date().isoformat()
    return Row(
        id=row.id,
        url=url,
        cells=(
            Cell(text=row.title),
            Cell(text=worded(KINDS[row.kind].label)),
            Cell(text=signed(row.name, row.on_behalf)),
            Cell(text=names[row.organization_id].name),
            Cell(text=day),
        ),
    )


def _decider(line: Any, names: Any) -> Row:
    own = line.organization_id == line.unit_id
    return Row(
        id="",
        url=url_for("OrganizationScreen.show", pk=line.unit_id),
        cells=(
            Cell(text=line.name),
            Cell(text=names[line.organization_id].name),
            Cell(text=names[line.unit_id].name, tone="wait" if own else ""),
            Cell(text=str(line.number)),
            Cell(text=str(line.rejected)),
        ),
    )


def _role(wide: duties.Wide, labels: Mapping[str, Any]) -> Row:
    label = worded(LABELS[wide.label]) if wide.label in LABELS else wide.label
    return Row(
        id=wide.role_id,
        url=url_for("RolesPage.holders", pk=wide.role_id),
        cells=(
            Cell(text=label),
            Cell(
                text=JOINED[language()].join(said(labels.get(noun, noun), language()) for noun in wide.nouns)
            ),
            Cell(text=str(wide.holders)),
        ),
    )


def _month(typed: str) -> date:
    today = clock.today()
    try:
        found = date.fromisoformat(f"{typed}-01")
    except ValueError:
        return today.replace(day=1)
    return found if OLDEST <= found <= today else today.replace(day=1)


def _neighbours(tab: str, month: date) -> tuple[Act, ...]:
    acts = [Act(label=_("Month before"), url=_at(tab, preceding(month)), icon="left")]
    if following(month) <= clock.today():
        acts.append(Act(label=_("Month after"), url=_at(tab, following(month)), icon="right"))
    return tuple(acts)


def _at(tab: str, month: date) -> str:
    return url_for("DutiesPage.report", tab=tab, month=f"{month:%Y-%m}")
