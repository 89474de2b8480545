"""Values of declared columns as they stand on a page."""

import logging
from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import Any

from flask_babel.speaklater import LazyString

from app.declare.column import Column, value
from app.declare.words import _, language
from app.encrypted import Unsealable
from app.services.called import Names, target
from app.services.values import shown, state_of
from app.services.wording import said
from app.views.parts import Cell

log = logging.getLogger(__name__)

BROKEN = object()

TONES = MappingProxyType(
    dict.fromkeys(("approved", "active", "valid", "done", "sent", "published", "answered"), "ok")
    | dict.fromkeys(("open", "submitted", "pending", "reading", "applying", "waiting"), "wait")
    | dict.fromkeys(("returned", "rejected", "revoked", "failed"), "bad")
    | dict.fromkeys(("ready", "checked", "merged"), "info")
)
"""What a state means, by its key; any other is calm."""

KINDS = MappingProxyType({"number": "number", "integer": "number", "date": "date", "moment": "date"})
"""How a column is set in a table."""


def worded(label: Any) -> Any:
    """A label that speaks the reader's language when it is drawn: ours are lazy, the province's become so."""
    return label if isinstance(label, str | LazyString) else LazyString(lambda: said(label, language()))


def tone(column: Column, raw: Any) -> str:
    """The tone of a status; nothing for other columns."""
    return TONES.get(str(raw), "calm") if column.field.badge and raw is not None else ""


def opened(column: Column, row: Any) -> Any:
    """The value of a column, or BROKEN: one value that was tampered with must not hide a whole list."""
    try:
        return value(row, column)
    except Unsealable:
        log.exception("%s %s: %s does not open", row.__tablename__, row.id, column.key)
        return BROKEN


def cell(column: Column, row: Any, names: Names, spoken: str = "") -> Cell:
    """One value of one row, masked and labelled; `spoken` is the reader's language, if it is known."""
    return reader(column, names, spoken or language())(row)


def teller(column: Column, names: Names, spoken: str) -> Callable[[Any], str] | None:
    """What makes the texts of a column that never shows anything but text: a reader without the cells."""
    if column.kind == "relation":
        table = target(column)
        return lambda row: names.get((table, getattr(row, column.key)), "")
    if column.field.badge or column.field.verbs or column.kind == "sealed":
        return None
    if column.kind == "text" and not (column.extra or column.field.mask):
        return lambda row: getattr(row, column.key) or ""
    if column.kind == "integer":
        return lambda row: "" if (raw := value(row, column)) is None else str(raw)
    return lambda row: shown(column, value(row, column), spoken)


def reader(column: Column, names: Names, spoken: str) -> Callable[[Any], Cell]:
    """What makes the cells of a column, masked and labelled: asked once for all rows of a list."""
    tell = teller(column, names, spoken)
    if tell is not None:
        return lambda row: Cell(text=tell(row))
    if column.kind == "sealed" and not column.field.badge:
        return lambda row: _sealed(column, row, spoken)
    return lambda row: _cell(column, row, spoken)


def _sealed(column: Column, row: Any, spoken: str) -> Cell:
    try:
        return Cell(text=shown(column, getattr(row, column.key), spoken))
    except Unsealable:
        return _cell(column, row, spoken)


def _cell(column: Column, row: Any, spoken: str) -> Cell:
    raw = opened(column, row)
    if raw is BROKEN:
        return Cell(text=_("cannot be read"), tone="bad")
    if column.field.verbs:
        return Cell(text=state_of(row, column, spoken), tone=tone(column, raw))
    return Cell(text=shown(column, raw, spoken), tone=tone(column, raw))


def setting(column: Column) -> str:
    """The class of a column's cells."""
    if column.kind == "sealed":
        return "masked"
    return KINDS.get(column.kind, "text")


def listed(columns: Iterable[Column], first: str) -> list[Column]:
    """The columns that a list shows: the one that names the row stands first."""
    found = [column for column in columns if column.field.list]
    return sorted(found, key=lambda column: column.key != first)
