"""What the columns of a strange workbook probably are: by titles like ours, and by what stands below."""

import difflib
import re
from collections.abc import Mapping, Sequence

from app.declare.column import Column
from app.declare.invalid import Invalid
from app.documents.workbook.column import recognised
from app.services.values import LANGUAGES, checked
from app.services.wording import said

SURE, INSIDE, ALIKE, BELOW = 4.0, 2.0, 1.0, 1.5
"""How much it counts that a title is known, lies in one of ours or holds it, is like one, that values fit."""

CLOSE = 0.6
NAMES = 0.5
"""How much it counts that most values are different and look like names: so do many other words."""

NAME = re.compile(r"[\u3400-\u9fff]{2,4}(·[\u3400-\u9fff]{1,10})*")
SHORTEST = 2
MOST_FIT = 0.8
"""The share of the values below a title that must fit the column."""

TELLING = frozenset({"id_number", "phone", "email"})
"""Checks that hardly any value of another column passes."""


def guesses(
    columns: Mapping[str, Column],
    titles: Sequence[str],
    sure: Sequence[str | None],
    below: Sequence[Sequence[str]],
) -> list[str | None]:
    """The key of each column of a file, None where nothing speaks for any; each key at most once.

    `sure` are the meanings that are known, `below` the values that stand below each title.
    """
    scores = []
    for place, title in enumerate(titles):
        for key, column in columns.items():
            score = (
                SURE
                if sure[place] == key
                else max(_by_title(title, column), _by_values(below[place], column))
            )
            if score:
                scores.append((-score, place, key))
    found: list[str | None] = [None] * len(titles)
    for _score, place, key in sorted(scores):
        if found[place] is None and key not in found:
            found[place] = key
    return found


def _by_title(title: str, column: Column) -> float:
    sought = recognised(title)
    if len(sought) < SHORTEST:
        return 0.0
    names = [recognised(said(column.field.label, locale)) for locale in LANGUAGES]
    names += map(recognised, column.field.also)
    best = max(difflib.SequenceMatcher(None, sought, name).ratio() for name in names)
    if any(name in sought or sought in name for name in names if len(name) >= SHORTEST):
        return INSIDE + best
    return ALIKE + best if best >= CLOSE else 0.0


def _by_values(values: Sequence[str], column: Column) -> float:
    filled = [value for value in values if value]
    if column.field.check == "person_name" and len(filled) > 1:
        names = {value for value in filled if NAME.fullmatch(value)}
        return NAMES if len(names) >= MOST_FIT * len(filled) else 0.0
    if not filled or (column.field.check not in TELLING and column.kind != "choice"):
        return 0.0
    fitting = sum(_fits(column, value) for value in filled)
    return BELOW if fitting >= MOST_FIT * len(filled) else 0.0


def _fits(column: Column, value: str) -> bool:
    try:
        checked(column, value)
    except Invalid:
        return False
    return True
