"""By which column a record is known again: an ID number, a credit code. The model's unique index says it."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import inspect

from app.declare.column import columns


@dataclass(frozen=True, slots=True)
class NaturalKey:
    """`key` is the declared column, `stored` that of its unique index: a sealed one has a blind index.

    `type` is the stored column's in PostgreSQL, `where` the condition of a partial index ("" without one).
    """

    key: str
    stored: str
    type: str
    where: str


@cache
def natural_key(model: Any) -> NaturalKey | None:
    """The importable column that is unique by itself; None for a model that has none."""
    stored = {_indexed(model, key): key for key, column in columns(model).items() if column.field.importable}
    for index in model.__table__.indexes:
        names = [column.name for column in index.columns]
        if index.unique and len(names) == 1 and names[0] in stored:
            condition = index.dialect_options["postgresql"]["where"]
            kind = "bytea" if model.__table__.c[names[0]].type.python_type is bytes else "text"
            return NaturalKey(stored[names[0]], names[0], kind, "" if condition is None else str(condition))
    return None


def _indexed(model: Any, key: str) -> str:
    """The stored column; of a sealed value, which no mapper knows, its blind index."""
    return key if key in inspect(model).attrs else str(getattr(model, key).index)


def importable(model: Any) -> bool:
    """Whether workbooks of it can be imported: somebody may, and a record is known again by a natural key."""
    return bool(getattr(model, "access", {}).get("import")) and natural_key(model) is not None
