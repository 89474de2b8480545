"""Words in a workbook that are none of the choices of their column: what does each of them stand for?"""

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.column import Column
from app.models.import_batch import ImportBatch, ImportRow
from app.security import audit
from app.services.errors import NotFound
from app.services.imports import recheck
from app.services.imports.books import book_of
from app.services.imports.vocabulary import Words, fit, remembered, taught
from app.services.reading import folded
from app.services.values import LANGUAGES, NO_CHOICE, choices
from app.services.wording import msgid, said

MOST_ROWS = 20_000
"""So many wrong rows are looked through for words."""

MOST_WORDS = 60
"""So many words are asked about at a time, the most frequent first."""

CLOSE = 0.6
SHORTEST = 2
"""Characters of a word that is found inside another."""

BLANK = "-"
"""What is said of a word that means nothing: the cell is taken as empty."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word of one column: in how many rows it stands, what it may mean, and which of that is the guess."""

    column: str
    label: str
    word: str
    rows: int
    offered: Sequence[tuple[str, str]]
    guess: str
    optional: bool


def unknown(session: Session, batch: ImportBatch, locale: str) -> list[Unknown]:
    """The unknown words of a checked workbook, the most frequent first."""
    counted = _counted(session, batch)
    known = book_of(batch).columns_at(session, batch.organization_id) if counted else {}
    return [
        Unknown(
            column=key,
            label=said(known[key].field.label, locale),
            word=word,
            rows=rows,
            offered=[(choice, said(label, locale)) for choice, label in choices(known[key]).items()],
            guess=closest(word, known[key]),
            optional=not known[key].required,
        )
        for (key, word), rows in counted.most_common(MOST_WORDS)
        if key in known and known[key].kind == "choice"
    ]


def closest(word: str, column: Column) -> str:
    """The choice that a word most likely means: the only one that holds it or lies in it, or the most alike.

    "" where none is like it.
    """
    spelled = {
        folded(said(label, locale)): key for key, label in choices(column).items() for locale in LANGUAGES
    }
    sought = folded(word)
    if len(sought) >= SHORTEST:
        near = {key for text, key in spelled.items() if sought in text or (text and text in sought)}
        if near:
            return near.pop() if len(near) == 1 else ""
    alike = difflib.get_close_matches(sought, spelled, n=1, cutoff=CLOSE)
    return spelled[alike[0]] if alike else ""


def explain(session: Session, batch: ImportBatch, meanings: Sequence[tuple[str, str, str]]) -> int:
    """Say what words stand for, (column, word, choice) each, and judge the workbook again; it is remembered.

    A choice of "" is left open, BLANK empties the cell. Returns how many words were explained. Raises
    NotFound for a column or a choice that there is not, Forbidden, Stale.
    """
    with transaction(session):
        recheck.claim(session, batch)
        known = book_of(batch).columns_at(session, batch.organization_id)
        found: dict[str, dict[str, str]] = {}
        for key, word, meaning in meanings:
            if meaning and fit(folded(word)):
                found.setdefault(key, {})[folded(word)] = _chosen(known, key, meaning)
        if not found:
            return 0
        words: Words = remembered(session, batch)
        for key, said_so in found.items():
            words = taught(words, key, said_so)
        batch.words = words
        session.flush()
        explained = sum(map(len, found.values()))
        audit.record(session, "map", "import_batch", batch.id, after={"words": explained})
        recheck.again(session, batch)
    return explained


def _chosen(known: Mapping[str, Column], key: str, meaning: str) -> str:
    column = known.get(key)
    if column is None or column.kind != "choice":
        raise NotFound
    if meaning == BLANK and not column.required:
        return ""
    if meaning not in choices(column):
        raise NotFound
    return meaning


def _counted(session: Session, batch: ImportBatch) -> Counter[tuple[str, str]]:
    kind = msgid(NO_CHOICE)
    statement = (
        select(ImportRow.uid, ImportRow.cells_sealed, ImportRow.problems)
        .where(
            ImportRow.batch_id == batch.id,
            ImportRow.verdict == "bad",
            ImportRow.problems.contains([{"kind": kind}]),
        )
        .order_by(ImportRow.number)
        .limit(MOST_ROWS)
    )
    counted: Counter[tuple[str, str]] = Counter()
    for row in session.execute(statement):
        held = recheck.kept(row.uid, row.cells_sealed)
        cells = dict(zip(held["keys"], held["line"], strict=True))
        for each in row.problems:
            word = cells.get(each["column"])
            if each["kind"] == kind and isinstance(word, str) and fit(folded(word)):
                counted[each["column"], word.strip()] += 1
    return counted
