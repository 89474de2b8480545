"""A table for those who do not see the records behind it: nobody can be told from a small number."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.declare.words import _
from app.services.statistics.table import Line, Table

LEAST = 5
"""Numbers of people below it are not given out; none at all is."""

HIDDEN = "*"
"""What stands in their place."""

NOTE = _("* is a number below %(least)d, or one from which such a number could be worked out.", least=LEAST)


def published(table: Table) -> Table:
    """The same table with small numbers hidden, and with them whatever they could be worked out from.

    Where a single number of a column is hidden, its total would give it away: the next smallest is hidden
    too. Shares of a line with a hidden number are hidden, and the year before is left out.
    """
    keys = [column.key for column in table.columns if not column.share and column.figure not in UNITS]
    hidden: dict[int, set[str]] = {
        place: {key for key in keys if _small(line, key)} for place, line in enumerate(table.lines)
    }
    for key in keys:
        _cover(table.lines, hidden, key)
    shares = [column.key for column in table.columns if column.share]
    lines = [_without(line, hidden[place], shares) for place, line in enumerate(table.lines)]
    total = _without(table.total, {key for key in keys if _small(table.total, key)}, shares)
    return replace(table, lines=lines, total=total, asked=replace(table.asked, before=False))


UNITS = ("employers", "institutions")
"""Figures of organisations, which are no secret."""


def _small(line: Line, key: str) -> bool:
    number = line.numbers.get(key)
    return number is not None and 0 < number < LEAST


def _cover(lines: Sequence[Line], hidden: dict[int, set[str]], key: str) -> None:
    """Hide a second number of a column in which one alone is hidden."""
    gone = [place for place in hidden if key in hidden[place]]
    if len(gone) != 1:
        return
    others = [(lines[place].numbers.get(key) or 0, place) for place in hidden if place not in gone]
    left = sorted(each for each in others if each[0])
    if left:
        hidden[left[0][1]].add(key)


def _without(line: Line, hidden: set[str], shares: Sequence[str]) -> Line:
    gone = hidden | (set(shares) if hidden else set())
    numbers: dict[str, Any] = {key: HIDDEN if key in gone else number for key, number in line.numbers.items()}
    return replace(line, numbers=numbers, before={})
