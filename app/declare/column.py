"""What a model declares, read back: its columns with their kinds, in the order they stand in the file."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, Integer, LargeBinary, Numeric, inspect
from sqlalchemy.types import TypeDecorator

from app.declare.field import Field

SEALED = "_sealed"


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column. `key` is its word everywhere.

    Attribute, form field, REST key, header of an import.

    `kind` is one of text, sealed, choice, integer, number, date, moment, boolean, relation.
    `target` is the table a relation points at. An `extra` column is the province's own and lives in `extra`.
    `default` is what a new row says where nobody said otherwise.
    """

    key: str
    field: Field
    kind: str
    required: bool
    length: int | None = None
    target: str = ""
    extra: bool = False
    default: Any = None


@cache
def _declared(model: type) -> dict[str, Column]:
    found = {}
    mapper: Any = inspect(model)
    for attribute in mapper.column_attrs:
        stored = attribute.columns[0]
        words = attribute.info.get("field") or getattr(stored, "info", {}).get("field")
        if words is None:
            continue
        if words.counts:
            found[attribute.key] = Column(key=attribute.key, field=words, kind="integer", required=False)
            continue
        key = attribute.key.removesuffix(SEALED)
        found[key] = Column(
            key=key,
            field=words,
            kind=_kind(stored, words),
            required=not stored.nullable and stored.default is None and stored.server_default is None,
            length=getattr(stored.type, "length", None),
            default=stored.default.arg if stored.default is not None and stored.default.is_scalar else None,
            target=next(iter(stored.foreign_keys)).column.table.name if stored.foreign_keys else "",
        )
    return found


def columns(model: type, extras: Iterable[Column] = ()) -> dict[str, Column]:
    """The declared columns of a model by key, then the province's own (`extras`)."""
    return _declared(model) | {extra.key: extra for extra in extras}


def written(model: type, extras: Iterable[Column] = ()) -> dict[str, Column]:
    """Those that somebody writes: not what is counted elsewhere."""
    return {key: column for key, column in columns(model, extras).items() if not column.field.counts}


def value(row: Any, column: Column) -> Any:
    """The value of one column of one row, opened if it is sealed."""
    return (row.extra or {}).get(column.key) if column.extra else getattr(row, column.key)


def fits(row: Any, column: Column) -> bool:
    """Whether such a row has this column at all."""
    return not column.field.kinds or row.kind in column.field.kinds


def _kind(stored: Any, words: Field) -> str:
    if stored.foreign_keys or stored.key in {"person_id", "organization_id"}:
        return "relation"
    if words.choices is not None:
        return "choice"
    match stored.type:
        case Boolean():
            return "boolean"
        case Integer():
            return "integer"
        case Numeric():
            return "number"
        case DateTime():
            return "moment"
        case Date():
            return "date"
        case TypeDecorator() | LargeBinary():
            return "sealed"
        case _:
            return "text"
