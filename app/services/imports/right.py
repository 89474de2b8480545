"""The short way of a row that nothing is wrong with: checked, sealed and written as JSON in one go.

It takes the checks of `services/values.py` as they are, and gives what `services/rows.py` gives for such a
row. As soon as anything is wrong it gives up, and the long way (checks.py) says what.
"""

from collections import ChainMap
from collections.abc import Callable, Mapping
from typing import Any

from app.declare.column import Column
from app.declare.invalid import Invalid
from app.encrypted import NONCE, Sealing
from app.services import people
from app.services.imports.written import to_json
from app.services.values import NOTHING, checked

REPEATED = (None, "birth_date", "year")
"""Checks of values that many rows share and that depend on nothing beside them: those are done once."""

REMEMBERED = 20_000
"""So many different cells of a column are remembered."""

Part = tuple[Any, str]
"""A value, and how it stands in the JSON of a row that is ready ("" when it is blank)."""

Write = Callable[[bytes, bytes, Any], str]
"""Makes such a part from the row's uid, its random bytes and a value."""


class Right:
    """Makes the rows of one workbook ready. `names` are the stored columns of plain values, by key."""

    def __init__(self, model: Any, columns: Mapping[str, Column], names: Mapping[str, str]) -> None:
        self._columns = columns
        self._written = {key: _Written(names.get(key, key)) for key in columns}
        sealed = [key for key, column in columns.items() if column.kind == "sealed"]
        self.chance = NONCE * len(sealed)
        self._write: dict[str, Write] = {key: written.anew for key, written in self._written.items()}
        for place, key in enumerate(sealed):
            self._write[key] = _sealing(getattr(model, key).sealing(model.__tablename__), place * NONCE)
        self._parts = {
            key: _Parts(column, self._written[key])
            for key, column in columns.items()
            if column.field.check in REPEATED and key not in sealed
        }
        self._plans: dict[tuple[str, ...], Plan] = {}

    def made(self, cells: Mapping[str, str], uid: bytes, chance: bytes) -> tuple[dict[str, Any], str] | None:
        """The values by key and the record as JSON; None where anything is wrong.

        `uid` has 16 bytes; `chance` holds as many fresh random ones as `self.chance` says.
        """
        values: dict[str, Any] = {}
        parts: list[str] = []
        extra: list[str] = []
        around: Mapping[str, Any] = ChainMap(values, cells)  # type: ignore[arg-type]  # it is only read
        try:
            for key, column, known in self._plan(cells):
                if known is not None:
                    value, part = known[cells[key]]
                else:
                    value = checked(column, cells.get(key), around)
                    part = "" if value is None else self._write[key](uid, chance, value)
                values[key] = value
                if part:
                    (extra if column.extra else parts).append(part)
        except Invalid:
            return None
        if not self._followed(values, parts):
            return None
        if extra:
            parts.append(f'"extra":{{{",".join(extra)}}}')
        return values, f"{{{','.join(parts)}}}"

    def _followed(self, values: dict[str, Any], parts: list[str]) -> bool:
        """Add what follows from the number of an identity card; False where something contradicts it."""
        for key, due in people.from_number(values).items():
            if key not in self._columns:
                continue
            mine = values.get(key)
            if mine is None:
                values[key] = due
                parts.append(self._written[key].again(due))
            elif mine != due:
                return False
        return True

    def _plan(self, cells: Mapping[str, str]) -> "Plan":
        """Which columns are read, in the order of their declaration; all rows of a file have one plan."""
        keys = tuple(cells)
        if keys not in self._plans:
            self._plans[keys] = [
                (key, column, self._parts.get(key) if key in cells else None)
                for key, column in self._columns.items()
                if key in cells or column.required
            ]
        return self._plans[keys]


class _Written:
    """How the values of one column stand in JSON."""

    def __init__(self, name: str) -> None:
        self._before = f"{to_json(name)}:"
        self._known: dict[Any, str] = {}

    def part(self, value: Any) -> str:
        """A value under the name of its column."""
        return self._before + to_json(value if isinstance(value, str | int) else str(value))

    def anew(self, _uid: bytes, _chance: bytes, value: Any) -> str:
        """The same where the value is the row's own."""
        return self.part(value)

    def again(self, value: Any) -> str:
        """The same for a value that other rows have too."""
        found = self._known.get(value)
        if found is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[value] = self.part(value)
        return found


class _Parts(dict[str, Part]):
    """The parts of one column by what stands in the cell. Raises Invalid for what is wrong."""

    def __init__(self, column: Column, written: _Written) -> None:
        super().__init__()
        self._column, self._written = column, written

    def __missing__(self, cell: str) -> Part:
        value = checked(self._column, cell, NOTHING)
        if len(self) >= REMEMBERED:
            self.clear()
        self[cell] = found = (value, "" if value is None else self._written.part(value))
        return found


Plan = list[tuple[str, Column, _Parts | None]]


def _sealing(sealing: Sealing, at: int) -> Write:
    """Writes the columns of a sealed value. A bytea stands in JSON as PostgreSQL reads it."""
    template = ",".join(f'"{column}":"\\\\x%s"' for column in sealing.columns)
    held, until = sealing.held, at + NONCE
    return lambda uid, chance, text: (
        template % tuple([blob.hex() for blob in held(uid, chance[at:until], text)])
    )
