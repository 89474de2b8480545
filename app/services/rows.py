"""A whole row: from what was typed under each key to values, and into a record."""

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.declare.column import Column
from app.declare.invalid import Invalid
from app.declare.words import _
from app.services import people
from app.services.errors import Faulty
from app.services.values import NOTHING, checked


@dataclass(frozen=True, slots=True)
class Row:
    """The values that could be taken, and what is wrong with the others, both by key."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, list[Any]] = field(default_factory=dict)

    def sound(self) -> dict[str, Any]:
        """The values, if nothing is wrong. Raises Faulty with everything that is."""
        if self.problems:
            raise Faulty(self.problems)
        return self.values


def read(
    columns: Mapping[str, Column],
    raw: Mapping[str, Any],
    *,
    beside: Mapping[str, Any] = NOTHING,
    whole: bool = False,
    convert: Callable[[Column, Any, Mapping[str, Any]], Any] = checked,
) -> Row:
    """Check what was typed for some columns of one row, and derive what follows from it.

    `beside` are the values that the row has already. `whole` asks for every required column: the row is new.
    A key without a column is refused, so that nobody writes what no form offers. `convert` is
    `values.checked`, or one that gives the same sooner.
    """
    row = Row()
    for key in raw:
        if key not in columns:
            row.problems[key] = [Invalid(_("There is no such field."))]
    around = ChainMap(row.values, raw, beside)  # type: ignore[arg-type]  # it is only read
    for key, column in columns.items():
        if key not in raw and not (whole and column.required):
            continue
        try:
            row.values[key] = convert(column, raw.get(key), around)
        except Invalid as wrong:
            row.problems[key] = [wrong]
    known = {**beside, **row.values}
    row.problems.update({key: [wrong] for key, wrong in people.agree(known, row.values).items()})
    if "id_number" in row.values:
        held = people.from_number(known)
        row.values.update({key: held[key] for key in held if key in columns and row.values.get(key) is None})
    return row


def put(record: Any, columns: Mapping[str, Column], values: Mapping[str, Any]) -> None:
    """Write values into a record; the province's own go into its `extra`."""
    own = {key: value for key, value in values.items() if columns[key].extra}
    for key in values.keys() - own.keys():
        setattr(record, key, values[key])
    if own:
        record.extra = {**(record.extra or {}), **own}
