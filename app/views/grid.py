"""The rows of a table, written out here and not in a template: a list draws some hundred cells."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from app.declare.column import Column as Declared
from app.services.called import Names
from app.views import cells
from app.views.parts import Cell, Column, Row

MISSING, TEXT = "—", "text"
SPECIAL = re.compile("[&<>\"']")
REPEATED = frozenset({"choice", "boolean", "relation", "date"})
"""Kinds of columns in which the rows of a page say the same again and again."""
CHOOSE = _l("Choose: %(name)s")
NO_BOX = '<td class="pick"></td>'
BEGIN, END = '<tr tabindex="-1">', "</tr>\n"


def rows(
    listed: Iterable[Row], columns: Sequence[Column], *, pick: bool = False, acts: bool = False
) -> Markup:
    """Each row as `<tr>`: with `pick` a box of the form `bulk` stands first, with `acts` its links last.

    Every text that came from a row is escaped.
    """
    nothing, choose = missing(), str(CHOOSE)
    heads = heads_of(columns)
    drawn = []
    for row in listed:
        drawn.append(BEGIN)
        if pick:
            drawn.append(picked(row.id, row.cells[0].text, choose) if row.selectable else NO_BOX)
        first = True
        for cell, (plain, state) in zip(row.cells, heads, strict=True):
            words = _link(row.url, cell.text) if first and row.url else _said(cell) or nothing
            drawn.append(f"{state if cell.tone else plain}{words}</td>")
            first = False
        if acts:
            links = (f'<a class="act" href="{escape(one.url)}">{escape(one.label)}</a>' for one in row.acts)
            drawn.append(f'<td class="acts">{"".join(links)}</td>')
        drawn.append(END)
    return Markup("".join(drawn))  # noqa: S704 # nosec B704 -- escaped piece by piece above


def heads_of(columns: Sequence[Column]) -> list[tuple[str, str]]:
    """How the cells of these columns open: plain ones, and those that hold a state."""
    return [_head(column, first=place == 0) for place, column in enumerate(columns)]


def picked(value: Any, name: Any, choose: str) -> str:
    """The cell with the box of the form `bulk`; `choose` says what it does, with a place for the name."""
    return f'<td class="pick">{_box(value, name, choose)}</td>'


def linked(head: tuple[str, str], url: str, text: Any) -> str:
    """The first cell of a row, which leads to what it is about."""
    return f"{head[0]}{_link(url, text)}</td>"


def said(head: tuple[str, str], cell: Cell) -> str:
    """Any other cell."""
    plain, state = head
    return f"{state if cell.tone else plain}{_said(cell) or missing()}</td>"


def writer(column: Declared, head: tuple[str, str], names: Names, spoken: str) -> Callable[[Any], str]:
    """What writes the cells of one declared column."""
    return _writer(column, head, names, spoken, missing(), "")


def lines(
    listed: Iterable[Any], declared: Sequence[Declared], columns: Sequence[Column], names: Names, url: str
) -> Markup:
    """The rows of a declared list, as `rows` draws them: column by column prepared, without a part for each.

    `declared` are the columns of the rows as they were read, `columns` their heads; `url` is the address of a
    row without its id.
    """
    spoken, nothing = cells.language(), missing()
    writers = [
        _writer(column, _head(head, first=place == 0), names, spoken, nothing, url if place == 0 else "")
        for place, (column, head) in enumerate(zip(declared, columns, strict=True))
    ]
    drawn = []
    for row in listed:
        drawn.append(BEGIN)
        drawn += [write(row) for write in writers]
        drawn.append(END)
    return Markup("".join(drawn))  # noqa: S704 # nosec B704 -- escaped piece by piece below


def _writer(
    column: Declared, head: tuple[str, str], names: Names, spoken: str, nothing: str, url: str
) -> Callable[[Any], str]:
    """What writes one column of a row; with `url` it is the link to the row."""
    plain, state = head
    tell, read = cells.teller(column, names, spoken), cells.reader(column, names, spoken)
    if tell is not None and url:
        return lambda row: f"{plain}{_link(f'{url}{row.id}', tell(row))}</td>"
    if tell is not None:
        return _told(column, lambda row: f"{plain}{_escaped(tell(row)) or nothing}</td>")

    def write(row: Any) -> str:
        cell = read(row)
        words = _link(f"{url}{row.id}", cell.text) if url else _said(cell) or nothing
        return f"{state if cell.tone else plain}{words}</td>"

    return write


def _told(column: Declared, write: Callable[[Any], str]) -> Callable[[Any], str]:
    """The same writer, asked once for each value that a page's rows share."""
    if column.kind not in REPEATED or column.extra:
        return write
    key = column.key
    known: dict[Any, str] = {}

    def told(row: Any) -> str:
        value = getattr(row, key)
        if (found := known.get(value)) is None:
            found = known[value] = write(row)
        return found

    return told


def _escaped(text: Any) -> str:
    """As `escape` has it; most texts of a list hold nothing special and stay as they are."""
    if type(text) is str and SPECIAL.search(text) is None:
        return text
    return str(escape(text))


def missing() -> str:
    """What stands where nothing was given."""
    return f'<span class="missing" aria-label="{escape(_("not given"))}">{MISSING}</span>'


def _head(column: Column, *, first: bool) -> tuple[str, str]:
    """How a cell of this column opens: a plain one, where no class says text, and one that holds a state."""
    kind, label = f"{escape(column.kind)}{' name' if first else ''}", escape(column.label)
    plain = "" if kind == TEXT else f' class="{kind}"'
    return f'<td{plain} data-th="{label}">', f'<td class="{kind} state" data-th="{label}">'


def _link(url: str, text: Any) -> str:
    return f'<a href="{_escaped(url)}" data-open>{_escaped(text or MISSING)}</a>'


def _said(cell: Cell) -> str:
    if cell.tone:
        return f'<span class="status status-{_escaped(cell.tone)}">{_escaped(cell.text)}</span>'
    if cell.url:
        return f'<a href="{escape(cell.url)}">{escape(cell.text)}</a>'
    return _escaped(cell.text) if cell.text else ""


def _box(value: Any, name: Any, choose: str) -> str:
    label = _escaped(choose % {"name": name})
    return (
        f'<label><input class="form-check-input" type="checkbox" name="id" value="{_escaped(value)}"'
        f' form="bulk" data-pick><span class="visually-hidden">{label}</span></label>'
    )
