"""What a row said when somebody read it, so that nobody writes over what he has not seen.

A version is one mark for each declared field, `key:mark.key:mark`: it tells which fields have changed since,
and gives none of their values away. It is the ETag of a REST resource and a hidden field of a form.
"""

import base64
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.declare.column import Column, value
from app.encrypted import Unsealable, blind
from app.services.errors import Overtaken
from app.services.values import written

WHATEVER = "*"
"""The version of whoever writes over everything on purpose, as `If-Match: *` does."""

LENGTH = 5
"""Octets of a mark: of 10**12 changes one goes unnoticed."""


def version(row: Any) -> str:
    """The version of a row as it is loaded now."""
    return ".".join(f"{key}:{mark}" for key, mark in marks(type(row), row).items())


def marks(model: Any, row: Any) -> dict[str, str]:
    """The mark of each declared field of a row, or of anything that holds the row's values."""
    return {key: mark(model, row.id, key, held(row, column)) for key, column in written(model).items()}


def mark(model: Any, row_id: int, key: str, told: Any) -> str:
    """The mark of one value of one row: the same value has another mark in another row."""
    plain = f"{told.normalize():f}" if isinstance(told, Decimal) else "" if told is None else str(told)
    digest = blind("version", f"{model.__tablename__}\0{row_id}\0{key}\0{plain}")[:LENGTH]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def read(seen: str) -> Mapping[str, str]:
    """The marks of a version; what is none has none."""
    pairs = (part.partition(":") for part in seen.split("."))
    return {key: mark for key, _colon, mark in pairs if mark}


def changed(model: Any, row: Any, seen: str) -> list[str]:
    """The keys of the fields that say something else than in a version."""
    before = read(seen)
    return [key for key, now in marks(model, row).items() if before.get(key) != now]


def unchanged(model: Any, row: Any, seen: str) -> None:
    """Raise Overtaken, with the keys of the fields, unless the row still says what it said."""
    if seen != WHATEVER and (keys := changed(model, row, seen)):
        raise Overtaken(items=keys)


def held(row: Any, column: Column) -> Any:
    """A value; one that does not open is no value."""
    try:
        return value(row, column)
    except Unsealable:
        return None
