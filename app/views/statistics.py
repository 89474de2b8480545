"""A table of statistics on a page: what is asked, the table with its links, the chart, the definitions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from flask import g, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _
from wtforms import Form, SelectField
from wtforms.fields.choices import SelectChoice

from app.database import clock
from app.declare.words import language
from app.security import widths
from app.services import lists
from app.services.reading import natural
from app.services.statistics import asked as asking
from app.services.statistics import frames
from app.services.statistics.asked import Asked
from app.services.statistics.table import Column, Line, Table
from app.services.wording import said
from app.views.access import may_open
from app.views.database import db
from app.views.parts import Act, Search

PEOPLE = "StatisticsPage.people"
NO_SERIES = "-"
"""What an address says of those without a title series."""

AT_MOST = 24
"""Bars of a chart; what is beyond stands in the table alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One cell: how it is written, the list behind it, and how much it is more than the year before."""

    text: str
    url: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One line: its name, where that leads, and its numbers."""

    label: str
    url: str
    cells: Sequence[Number]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of one column, and what it means."""

    label: str
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A table as the template draws it.

    `heads` are the upper row: a label with the columns below it, or one column that stands over both rows.
    `chart` is what the script draws, `conditions` what was asked in one line.
    """

    title: str
    first: str
    heads: Sequence[tuple[str, Sequence[Head]]]
    lines: Sequence[Shown]
    total: Shown
    chart: Mapping[str, Any]
    conditions: str
    search: Search | None
    acts: Sequence[Act]
    trail: Sequence[tuple[str, str]]
    left_out: int
    numbered: bool


def offered() -> bool:
    """Whether the acting post reaches its whole organisation: there are no statistics of one department."""
    return widths.reach(g.actor, "person") != widths.DEPARTMENT


def asked_of(**rest: Any) -> Asked:
    """What the address asks. Raises NotFound and Forbidden as `asked` does."""
    at = request.args.get("at")
    place = lists.id_of(at) if at else None
    series = request.args.get("series")
    return asking.asked(
        db(),
        -1 if at and place is None else place,
        natural(request.args.get("year"), 9999),
        alone=request.args.get("alone") == "1",
        series={None: None, "": None, NO_SERIES: ""}.get(series, series),
        before=request.args.get("before") == "1",
        **rest,
    )


def address(asked: Asked, **other: Any) -> dict[str, Any]:
    """The conditions as the words of an address; what says nothing is left out."""
    words: dict[str, Any] = {
        "at": asked.place.id,
        "year": asked.year,
        "alone": "1" if asked.alone else None,
        "by": asked.by or None,
        "series": None if asked.series is None else asked.series or NO_SERIES,
        "before": "1" if asked.before else None,
    }
    return {key: value for key, value in {**words, **other}.items() if value is not None}


def drawn(table: Table, endpoint: str, cuts: Mapping[str, Any], chart: Mapping[str, Any]) -> Drawn:
    """The table of a page. `cuts` are the ways to cut it, where there are several."""
    asked = table.asked
    return Drawn(
        title=said(table.title, language()),
        first=said(table.first, language()),
        heads=_heads(table.columns),
        lines=tuple(_shown(table, line, endpoint) for line in table.lines),
        total=_shown(table, table.total, endpoint),
        chart=chart,
        conditions=frames.conditions(table, language()),
        search=_search(asked, endpoint, cuts),
        acts=tuple(_acts(table, endpoint)),
        trail=tuple((row.name, url_for(endpoint, **address(asked, at=row.id))) for row in asked.line),
        left_out=table.left_out,
        numbered=table.numbered,
    )


def frozen(table: Table, taken: str, back: str) -> Drawn:
    """The table of a snapshot of this moment: its numbers lead nowhere, since the lists have changed."""
    title = _("%(title)s, kept %(moment)s", title=said(table.title, language()), moment=taken)
    return Drawn(
        title=title,
        first=said(table.first, language()),
        heads=_heads(table.columns),
        lines=tuple(_shown(table, line, "") for line in table.lines),
        total=_shown(table, table.total, ""),
        chart={},
        conditions=frames.conditions(table, language()),
        search=None,
        acts=(),
        trail=((_("Snapshots of statistics"), back), (title, "")),
        left_out=table.left_out,
        numbered=table.numbered,
    )


def export_name(table: Table) -> str:
    """What a workbook of a table is called."""
    return f"{said(table.title, language())}-{table.asked.year}-{clock.today():%Y%m%d}.xlsx"


def bars(table: Table, keys: Sequence[str], *, stacked: bool = False) -> Mapping[str, Any]:
    """What the script draws of a table: lines as bars, one for each key or, `stacked`, all in one."""
    lines = table.lines[:AT_MOST]
    named = {column.key: said(column.label, language()) for column in table.columns}
    parts = [
        {"name": named[key], "values": [_plain(line.numbers.get(key)) for line in lines]}
        for key in keys
        if any(line.numbers.get(key) for line in lines)
    ]
    names = [said(line.label, language()) for line in lines]
    return {"names": names, "parts": parts, "stacked": stacked} if parts else {}


def written(value: Any) -> str:
    """A number as it is read; nothing to divide by is a dash."""
    if value is None:
        return "—"
    return str(format_decimal(value, "#,##0.0" if isinstance(value, Decimal) else "#,##0"))


def _acts(table: Table, endpoint: str) -> Iterator[Act]:
    """Export it, with all numbers or for those who do not see the records, and keep it as it is."""
    exporting, words = endpoint.replace(".show", ".export"), address(table.asked)
    if may_open(exporting):
        url = url_for(exporting, **words)
        yield Act(label=_("Export"), url=url, icon="download", method="post", again=True)
        url = url_for(exporting, **words, public="1")
        yield Act(label=_("Export to give out"), url=url, icon="external", method="post", again=True)
    if may_open("SnapshotsPage.take"):
        url = url_for("SnapshotsPage.take", statistic=table.statistic, **words)
        yield Act(label=_("Keep these figures"), url=url, icon="ok", method="post")
    if may_open("SnapshotsPage.all"):
        yield Act(label=_("Figures kept earlier"), url=url_for("SnapshotsPage.all"), icon="clock")


def _heads(columns: Sequence[Column]) -> list[tuple[str, Sequence[Head]]]:
    found: list[tuple[str, Sequence[Head]]] = []
    spoken = language()
    for group, some in groupby(columns, key=lambda column: said(column.group, spoken)):
        heads = tuple(
            Head(label=said(each.label, spoken), definition=said(each.definition, spoken)) for each in some
        )
        found += [(group, heads)] if group else [("", (each,)) for each in heads]
    return found


def _shown(table: Table, line: Line, endpoint: str) -> Shown:
    down = url_for(endpoint, **address(table.asked, **line.down)) if line.down else ""
    cells = tuple(_number(table.asked, line, column) for column in table.columns)
    return Shown(label=said(line.label, language()), url=down, cells=cells)


def _number(asked: Asked, line: Line, column: Column) -> Number:
    value = line.numbers.get(column.key)
    url = ""
    if value and column.figure:
        words: dict[str, Any] = {
            "at": line.place,
            "year": asked.year,
            "alone": "1" if line.alone else None,
            "series": None if line.series is None else line.series or NO_SERIES,
            "figure": column.figure,
            "subject": column.subject or None,
            "level": None if column.level is None else column.level or NO_SERIES,
        }
        url = url_for(PEOPLE, **{key: word for key, word in words.items() if word is not None})
    more = frames.difference(line, column.key) if asked.before and column.yearly else None
    signed = f"{'+' if more > 0 else '−'}{written(abs(more))}" if more else ""
    return Number(text=written(value), url=url, more=signed)


def _plain(value: Any) -> float:
    return float(value or 0)


def _search(asked: Asked, endpoint: str, cuts: Mapping[str, Any]) -> Search:
    """The conditions as a form: the organisation or one above or below it, its extent, the year, the cut."""
    wide = [(str(row.id), row.name) for row in asked.line]
    below = (
        [] if asked.alone else [(str(row.id), f"　{row.name}") for row in asking.below(db(), asked.place.id)]
    )
    fields: dict[str, Any] = {
        "at": SelectField(_("Organization"), choices=_choices([*wide, *below])),
        "alone": SelectField(
            _("Extent"), choices=_choices([("", _("with all below it")), ("1", _("the organization itself"))])
        ),
        "year": SelectField(_("Year"), choices=_choices([(str(year), str(year)) for year in asking.years()])),
    }
    if cuts:
        labels = [(key, said(label, language())) for key, label in cuts.items()]
        fields["by"] = SelectField(_("Lines"), choices=_choices(labels))
    fields["before"] = SelectField(
        _("Beside it"),
        choices=_choices([("", _("this year alone")), ("1", _("the difference to last year"))]),
    )
    form = type("StatisticsSearch", (Form,), fields)
    given = {"at": str(asked.place.id), "alone": "1" if asked.alone else "", "year": str(asked.year)}
    given |= {"by": asked.by, "before": "1" if asked.before else ""}
    hidden = {} if asked.series is None else {"series": asked.series or NO_SERIES}
    return Search(
        name="statistics",
        form=form(data=given),
        reset_url=url_for(endpoint),
        open=tuple(fields),
        hidden=hidden,
    )


def _choices(labels: Sequence[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(key, label) for key, label in labels]
