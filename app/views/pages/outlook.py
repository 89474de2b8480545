"""完成情况督促: which places are behind in a year, level by level, and what to expect (SUP-01, STA-03)."""

from collections.abc import Iterable
from typing import Any

from flask import abort, g, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.database import clock
from app.services import lists, outlook
from app.services.errors import NotFound
from app.services.outlook import Level
from app.views import completing
from app.views.access import allowed
from app.views.database import db
from app.views.page import MenuEntry, Page
from app.views.parts import Act, Cell, Listing, Pager, Row, Tab
from app.views.parts import Column as Head

USERS = ("hr_office", "authority")
LIGHTS = {
    "green": ("ok", _l("On course: %(percent)d%%")),
    "amber": ("wait", _l("At risk: %(percent)d%%")),
    "red": ("bad", _l("Behind: %(percent)d%%")),
}
HEADS = {
    "risk": _l("Expected by the end of the year"),
    "people": _l("Professionals"),
    "complete": _l("Complete"),
    "closing": _l("Complete once approved"),
    "open": _l("Not complete"),
    "idle": _l("Nothing counts yet"),
}


class OutlookPage(Page):
    """One level of organisations, and the departments of a unit, each with a light."""

    route_base = "/outlook"
    default_view = "level"
    noun = "organization"
    menu = (
        MenuEntry(
            label=_l("Completion below"),
            endpoint="OutlookPage.level",
            menu="statistics",
            icon="chart",
            position=21,
            function="outlook",
        ),
    )

    def entries(self, _lines: Any) -> Iterable[MenuEntry]:
        """For organisations that see to others; a unit comes from its people."""
        return self.menu if g.actor.kind in USERS and g.actor.organization_id else ()

    @allowed("person.read")
    @expose("/")
    def level(self) -> str:
        """The acting organisation, or one below it: its departments, and what stands directly below."""
        if not g.actor.organization_id:
            abort(403)
        at, year = lists.id_of(request.args.get("at")), completing.year_of(request.args)
        if request.args.get("at") and at is None:
            raise NotFound
        by = request.args.get("by", "")
        by = by if by in outlook.ORDERS else "risk"
        page = min(lists.id_of(request.args.get("page")) or 0, outlook.FURTHEST)
        found = outlook.level(db(), year, at, by, page)
        here = found.line[-1]
        onwards: dict[str, Any] = {"at": here.id, "year": year, "by": by}
        rows = [] if page else _own(found)
        rows += [_row(each, year) for each in found.rows]
        listing = Listing(
            title=_("Who is behind in %(year)d: %(name)s", year=year, name=here.name),
            columns=(
                Head(key="name", label=_("Organization or department")),
                *(_head(key, by, onwards) for key in HEADS),
            ),
            rows=tuple(rows),
            found="",
            tabs=tuple(
                Tab(
                    label=str(each),
                    url=url_for("OutlookPage.level", **{**onwards, "year": each}),
                    current=each == year,
                )
                for each in outlook.years()
            ),
            acts=(
                Act(
                    label=_("Person by person"),
                    url=_people(here.id, year, below=bool(found.rows)),
                    icon="users",
                ),
            ),
            pager=Pager(
                first=url_for("OutlookPage.level", **onwards) if page else "",
                previous=url_for("OutlookPage.level", **onwards, page=page - 1) if page else "",
                next=url_for("OutlookPage.level", **onwards, page=page + 1) if found.later else "",
            ),
            under=_under(found),
            empty=_("No professional belongs here or below, or nothing has been counted yet."),
        )
        line = [(row.name, url_for("OutlookPage.level", at=row.id, year=year)) for row in found.line]
        return render_template(
            "pages/outlook.html", listing=listing, line=line, green=outlook.GREEN, amber=outlook.AMBER
        )


def _head(key: str, by: str, onwards: dict[str, Any]) -> Head:
    url = url_for("OutlookPage.level", **{**onwards, "by": key}) if key in outlook.ORDERS else ""
    kind = "text" if key == "risk" else "number"
    return Head(key=key, label=HEADS[key], kind=kind, sort_url=url, sorted="descending" if key == by else "")


def _own(found: Level) -> list[Row]:
    """The organisation of the level alone, where anybody is, and its departments."""
    here, year = found.line[-1], found.year
    rows = []
    if found.own is not None and found.own.people:
        name = _("%(name)s (itself)", name=here.name) if found.rows else here.name
        url = _people(here.id, year)
        rows.append(Row(id=here.id, url=url, cells=_cells(name, found.own, year, here.id)))
    for each, name in found.departments:
        room = each.department_id or None
        url = _people(here.id, year, department=room) if room else ""
        label = name or _("In no department")
        rows.append(Row(id=each.id, url=url, cells=_cells(label, each, year, here.id, department=room)))
    return rows


def _row(row: Any, year: int) -> Row:
    below = url_for("OutlookPage.level", at=row.id, year=year)
    return Row(id=row.id, url=below, cells=_cells(row.name, row, year, row.id, below=True))


def _cells(
    name: str, row: Any, year: int, place: int, *, below: bool = False, department: int | None = None
) -> tuple[Cell, ...]:
    """The numbers of a place with the lists behind them; of those in no department there is none."""
    linked = row.department_id != outlook.NOBODY_IN if hasattr(row, "department_id") else True

    def number(many: int, state: str) -> Cell:
        url = _people(place, year, below=below, state=state, department=department)
        return Cell(text=f"{many:,}", url=url if many and linked else "")

    hope = outlook.expected(row, year, clock.today())
    tone, label = LIGHTS[hope.light]
    rest = row.people - row.complete
    return (
        Cell(text=name),
        Cell(text=str(label) % {"percent": hope.percent}, tone=tone),
        number(row.people, ""),
        number(row.complete, "complete"),
        Cell(text=f"{row.closing:,}"),
        number(rest, "open"),
        number(row.idle, "nothing"),
    )


def _people(
    place: int, year: int, *, below: bool = False, state: str = "", department: int | None = None
) -> str:
    words: dict[str, Any] = {"state": state, "department": department}
    kept = {key: word for key, word in words.items() if word}
    return url_for("CompletionPage.people", unit=place, year=year, below=int(below), **kept)


def _under(found: Level) -> str:
    counted = _("The numbers are counted each hour.")
    if found.made_at is not None:
        counted = _("As of %(when)s; counted each hour.", when=format_datetime(found.made_at, "MM-dd HH:mm"))
    if found.whole is None:
        return counted
    whole = found.whole
    told = {"people": whole.people, "qualified": whole.complete, "missing": whole.people - whole.complete}
    said = _("%(people)d professionals: %(qualified)d qualified, %(missing)d not", **told)
    return f"{said} · {counted}"
