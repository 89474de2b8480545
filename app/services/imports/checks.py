"""One row of a workbook: checked, and made ready for the database."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import inspect

from app.declare.column import Column
from app.declare.invalid import Invalid
from app.declare.natural_key import natural_key
from app.documents import workbook
from app.encrypted import blind, context, ring
from app.services import rows
from app.services.imports.problems import Problem, problem
from app.services.imports.sheet import columns
from app.services.values import checked

REPEATED = (None, "birth_date", "year")
"""Checks of values that many rows share and that depend on nothing beside them: those are done once."""

REMEMBERED = 20_000
"""So many different cells are remembered."""


to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Staged:
    """A row as import_row keeps it; `ready` is None for a bad one."""

    number: int
    uid: UUID
    cells: bytes
    key: bytes | None
    problems: list[Problem]
    ready: dict[str, Any] | None


class Checker:
    """Checks the rows of one workbook."""

    def __init__(self, model: Any) -> None:
        self.columns = columns(model)
        self._table, self._model = model.__tablename__, model
        self._key = natural_key(model)
        self._convert = _remembering()
        self._names = {
            key: stored(model, key)
            for key, column in self.columns.items()
            if column.kind != "sealed" and not column.extra
        }

    def staged(self, row: workbook.Row) -> Staged:
        """The row with its problems, or ready. Nothing here touches the database."""
        read = rows.read(self.columns, row.values, whole=True, convert=self._convert)
        wrong: dict[str, list[Any]] = {**read.problems}
        for column, why in row.problems.items():
            wrong[column] = [why]  # what the cell says of itself comes before what its text would mean
        found = [problem(column, each) for column, each_of in wrong.items() for each in each_of]
        uid = uuid4()
        ready = None if found else self._ready(read.values, uid)
        return Staged(
            number=row.number,
            uid=uid,
            cells=seal_cells(uid, row.values, [quoted for _problem, quoted in found]),
            key=self._natural(read.values, ready, wrong),
            problems=[each for each, _quoted in found],
            ready=ready,
        )

    def _natural(
        self, values: Mapping[str, Any], ready: Mapping[str, Any] | None, wrong: Mapping[str, Any]
    ) -> bytes | None:
        """The natural key as its unique index has it; a bad row has one too if it can be read."""
        if self._key is None or self._key.key in wrong or not values.get(self._key.key):
            return None
        text = str(values[self._key.key])
        if self._key.key in self._names:
            return text.encode()
        if ready is not None:
            return bytes.fromhex(ready[self._key.stored][2:])
        return blind(f"{self._table}.{self._key.key}", text)

    def _ready(self, values: Mapping[str, Any], uid: UUID) -> dict[str, Any]:
        ready: dict[str, Any] = {}
        for key, value in values.items():
            if value is None:
                continue
            if name := self._names.get(key):
                ready[name] = value if isinstance(value, str | int) else str(value)
            elif self.columns[key].extra:
                ready.setdefault("extra", {})[key] = value
            else:
                held = getattr(self._model, key).held(self._table, uid, value)
                ready |= {column: f"\\x{blob.hex()}" for column, blob in held.items()}
        return ready


def stored(model: Any, key: str) -> str:
    """The database's name of a column."""
    return str(inspect(model).attrs[key].columns[0].name)


def thawed(model: Any, uid: UUID, ready: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a row that was made ready, by the keys of their columns."""
    found: dict[str, Any] = {}
    for key, column in columns(model).items():
        if column.extra:
            held = ready.get("extra", {}).get(key)
        elif column.kind == "sealed":
            held = ready.get(getattr(model, key).column)
            held = held and ring().open(bytes.fromhex(held[2:]), context(model.__tablename__, key, uid))
        else:
            held = ready.get(stored(model, key))
        if held is not None:
            found[key] = _thaw(held, column)
    return found


def _thaw(held: Any, column: Column) -> Any:
    if column.extra or not isinstance(held, str):
        return held
    match column.kind:
        case "date":
            return date.fromisoformat(held)
        case "number":
            return Decimal(held)
        case _:
            return held


def seal_cells(uid: UUID, cells: Mapping[str, str], quoted: list[dict[str, str]]) -> bytes:
    """The cells as they came, and what each problem quotes of them."""
    text = to_json({"cells": cells, "quoted": quoted})
    return ring().seal(text, context("import_row", "cells", uid))


def open_cells(uid: UUID, sealed: bytes) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The same again."""
    held = json.loads(ring().open(bytes(sealed), context("import_row", "cells", uid)))
    return held["cells"], held["quoted"]


def _remembering() -> Callable[[Column, Any, Mapping[str, Any]], Any]:
    """`values.checked`, which knows again what it has read before: most cells of a long column are alike."""
    known: dict[tuple[str, Any], Any] = {}

    def convert(column: Column, raw: Any, beside: Mapping[str, Any]) -> Any:
        if column.field.check not in REPEATED:
            return checked(column, raw, beside)
        if (column.key, raw) not in known:
            if len(known) >= REMEMBERED:
                known.clear()
            try:
                known[column.key, raw] = checked(column, raw, beside)
            except Invalid as wrong:
                known[column.key, raw] = wrong
        value = known[column.key, raw]
        if isinstance(value, Invalid):
            raise value.with_traceback(None)  # else it would grow with each row
        return value

    return convert
