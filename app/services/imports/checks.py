"""One row of a workbook: checked, and made ready for the database."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import inspect

from app.declare.column import Column
from app.declare.natural_key import natural_key
from app.documents import workbook
from app.encrypted import NONCE, context, ring
from app.services import rows
from app.services.imports.problems import problem
from app.services.imports.right import Right
from app.services.imports.sheet import columns
from app.services.imports.written import Staged, to_json

NO_UID = UUID(int=0)


class Cells:
    """Seals the cells of the rows of one workbook, whose columns stand in the file under these keys."""

    def __init__(self, keys: Sequence[str | None]) -> None:
        self._seal = ring().sealer()
        self._before = f'{{"keys":{to_json(list(keys))},"line":'
        self._place = context("import_row", "cells", NO_UID)[: -len(NO_UID.bytes)]

    def sealed(self, row: workbook.Row, uid: bytes, nonce: bytes, quoted: str) -> bytes:
        """The cells as they came, and what each problem quotes of them."""
        text = f'{self._before}{row.line},"quoted":{quoted}}}'
        return self._seal(text.encode(), self._place + uid, nonce)


class Checker:
    """Checks the rows of one workbook, whose columns stand in the file under these keys.

    `known` are the columns as the organisation of the import has them (`sheet.columns_of`).
    """

    def __init__(self, model: Any, keys: Sequence[str | None], known: Mapping[str, Column]) -> None:
        self.columns = known
        self._table, self._model = model.__tablename__, model
        self._key = natural_key(model)
        self._names = {
            key: stored(model, key)
            for key, column in self.columns.items()
            if column.kind != "sealed" and not column.extra
        }
        self._right = Right(model, self.columns, self._names)
        self._sealed = Cells(keys).sealed
        self._chance = len(NO_UID.bytes) + NONCE + self._right.chance

    def staged(self, row: workbook.Row) -> Staged:
        """The row with its problems, or ready. Nothing here touches the database."""
        chance = os.urandom(self._chance)
        uid = random_uid(chance)
        made = None if row.problems else self._right.made(row.values, uid, chance[len(uid) + NONCE :])
        if made is None:
            return self._wrong(row, uid, chance[len(uid) : len(uid) + NONCE])
        values, ready = made
        return Staged(
            number=row.number,
            uid=uid,
            cells=self._sealed(row, uid, chance[len(uid) : len(uid) + NONCE], "[]"),
            key=self._natural(values),
            problems=(),
            ready=ready,
        )

    def _wrong(self, row: workbook.Row, uid: bytes, nonce: bytes) -> Staged:
        """The long way: everything that is wrong is named."""
        read = rows.read(self.columns, row.values, whole=True)
        wrong: dict[str, list[Any]] = {**read.problems}
        for column, why in row.problems.items():
            wrong[column] = [why]  # what the cell says of itself comes before what its text would mean
        found = [problem(column, each) for column, each_of in wrong.items() for each in each_of]
        if not found:
            raise RuntimeError(
                f"{self._table}: the short way of checking a row is stricter than the long one"
            )
        return Staged(
            number=row.number,
            uid=uid,
            cells=self._sealed(row, uid, nonce, to_json([quoted for _problem, quoted in found])),
            key=None if self._key is None or self._key.key in wrong else self._natural(read.values),
            problems=[each for each, _quoted in found],
            ready=None,
        )

    def _natural(self, values: Mapping[str, Any]) -> bytes | None:
        """The natural key as its unique index has it; a bad row has one too if it can be read."""
        if self._key is None or not values.get(self._key.key):
            return None
        text = str(values[self._key.key])
        return text.encode() if self._key.key in self._names else self._blind(text)

    @cached_property
    def _blind(self) -> Callable[[str], bytes]:
        return ring().blinder(f"{self._table}.{self._key.key}" if self._key else "")


def random_uid(chance: bytes) -> bytes:
    """A random UUID (RFC 9562) of the first 16 of these bytes."""
    return b"%b%c%b%c%b" % (
        chance[:6],
        chance[6] & 0x0F | 0x40,
        chance[7:8],
        chance[8] & 0x3F | 0x80,
        chance[9:16],
    )


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
            found[key] = revived(held, column)
    return found


def revived(held: Any, column: Column) -> Any:
    """A value out of JSON as its record has it."""
    if column.extra or not isinstance(held, str):
        return held
    match column.kind:
        case "date":
            return date.fromisoformat(held)
        case "number":
            return Decimal(held)
        case "relation":
            return int(held)
        case _:
            return held


def open_cells(uid: UUID, sealed: bytes) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The cells of a row as they came, by key, and what each of its problems quotes of them."""
    held = json.loads(ring().open(bytes(sealed), context("import_row", "cells", uid)))
    cells = {key: "".join(cell) for key, cell in zip(held["keys"], held["line"], strict=True) if key}
    return cells, held["quoted"]
