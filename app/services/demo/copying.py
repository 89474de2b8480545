"""Rows as COPY takes them: one line of text each, columns named once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from types import NoneType
from typing import Any
from uuid import UUID

from psycopg import Cursor, sql

from app.models.placed import ANCESTORS
from app.services.demo.learning import in_json

PLACED = ("organization_id", *ANCESTORS)
"""The columns that `cells` of (an organisation's id, its ancestors) fill."""

BLOCK = 500
"""Lines that are handed over at a time."""

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Table:
    """A table and the columns that are written."""

    name: str
    columns: tuple[str, ...]

    def copy(self, cursor: Cursor[Any], lines: Iterable[str]) -> None:
        """Write lines, in the caller's transaction."""
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self.name), sql.SQL(", ").join(map(sql.Identifier, self.columns))
        )
        with cursor.copy(statement) as target:
            rest = iter(lines)
            while block := list(islice(rest, BLOCK)):
                target.write("".join(block))


class Cells(str):
    """Several cells that are written already: what many lines have in common is written once."""

    __slots__ = ()


def cells(values: Iterable[Any]) -> Cells:
    """Cells that stand side by side."""
    return Cells("\t".join([WRITTEN[type(value)](value) for value in values]))


def line(values: Iterable[Any]) -> str:
    """One whole line."""
    return cells(values) + "\n"


def _text(value: str) -> str:
    return value if value.isalnum() else value.translate(ESCAPES)


def _json(value: Any) -> str:
    return in_json(value).translate(ESCAPES)


WRITTEN: Mapping[type, Callable[[Any], str]] = {
    Cells: str,
    str: _text,
    NoneType: lambda _value: "\\N",
    bool: lambda value: "t" if value else "f",
    int: str,
    Decimal: str,
    UUID: str,
    bytes: lambda value: f"\\\\x{value.hex()}",
    date: date.isoformat,
    datetime: datetime.isoformat,
    dict: _json,
    list: _json,
}
"""How a value of each type is written."""
