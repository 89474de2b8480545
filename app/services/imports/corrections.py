"""Wrong rows of a workbook corrected where they stand, instead of in the file."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.column import Column
from app.declare.masks import mask_number, masked
from app.documents.workbook.cells import clean
from app.encrypted import context, ring
from app.models.import_batch import ImportBatch, ImportRow
from app.security import audit
from app.security.actor import actor_of
from app.services.errors import Stale
from app.services.imports import batches, recheck
from app.services.imports.books import book_of
from app.services.imports.failed import with_words
from app.services.imports.problems import LONG_NUMBER, hidden, sentence
from app.services.imports.written import to_json
from app.services.values import choices
from app.services.wording import said

AT_A_TIME = 10
"""Wrong rows of one page."""

BLANK = "-"
"""What is chosen to empty a cell that has choices."""

LONGEST = 500
"""Characters of a corrected cell."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it can be corrected. What is masked stays unseen (`held`), and empty it stays as it is."""

    key: str
    label: str
    text: str
    held: str
    problems: Sequence[str]
    offered: Sequence[tuple[str, str]]
    optional: bool


@dataclass(frozen=True, slots=True)
class WrongRow:
    """One wrong row: its number in the file, what is wrong with it as a whole, its wrong cells, the rest.

    `name` is what its first cell says, where anybody may see that.
    """

    number: int
    name: str
    problems: Sequence[str]
    wrong: Sequence[Cell]
    others: Sequence[Cell]


def wrong_rows(session: Session, batch: ImportBatch, locale: str, after: int) -> tuple[list[WrongRow], bool]:
    """The wrong rows below a number, and whether there are more. Raises Forbidden."""
    recheck.require_correctable(session, batch)
    known = book_of(batch).columns_at(session, batch.organization_id)
    statement = (
        select(ImportRow.number, ImportRow.uid, ImportRow.cells_sealed, ImportRow.problems)
        .where(ImportRow.batch_id == batch.id, ImportRow.verdict == "bad", ImportRow.number > after)
        .order_by(ImportRow.number)
        .limit(AT_A_TIME + 1)
    )
    found = session.execute(statement).all()
    shown = [_row(row, known, locale) for row in found[:AT_A_TIME]]
    return shown, len(found) > AT_A_TIME


def correct(
    session: Session,
    batch: ImportBatch,
    typed: Mapping[int, Mapping[str, str]],
    left_out: Collection[int],
) -> None:
    """Write what was typed into wrong rows, forget those that are left out, and judge the workbook again.

    Keys that no column has and rows that are not wrong (any more) are passed over. Raises Forbidden, Stale.
    """
    with transaction(session):
        recheck.claim(session, batch)
        known = book_of(batch).columns_at(session, batch.organization_id)
        of_batch = (ImportRow.batch_id == batch.id, ImportRow.verdict == "bad")
        chosen = ImportRow.number.in_(sorted(typed.keys() - set(left_out)))
        corrected = 0
        for row in session.execute(
            select(ImportRow.number, ImportRow.uid, ImportRow.cells_sealed).where(*of_batch, chosen)
        ).all():
            held = recheck.kept(row.uid, row.cells_sealed)
            if _written(held, known, typed[row.number]):
                corrected += 1
                sealed = ring().seal(to_json(held), context("import_row", "cells", row.uid))
                session.execute(
                    update(ImportRow)
                    .where(ImportRow.batch_id == batch.id, ImportRow.number == row.number)
                    .values(cells_sealed=sealed)
                )
        gone = session.execute(
            delete(ImportRow)
            .where(*of_batch, ImportRow.number.in_(sorted(left_out)))
            .returning(ImportRow.number)
        ).all()
        if not corrected and not gone:
            return
        counted = {"corrected": corrected, "left_out": len(gone)}
        audit.record(session, "correct", "import_batch", batch.id, after=counted)
        recheck.again(session, batch)


def _written(held: dict[str, Any], known: Mapping[str, Column], typed: Mapping[str, str]) -> bool:
    """Put what was typed into the kept cells; whether anything is different then."""
    cells = list(held["line"])
    keys = list(held["keys"])
    for key, raw in typed.items():
        column, text = known.get(key), clean(raw).strip()[:LONGEST]
        there = "".join(cells[keys.index(key)]) if key in keys else ""
        if column is None or (not text and (column.kind == "choice" or _conceal(column, there))):
            continue
        if text == BLANK and column.kind == "choice":
            text = ""
        if text == there:
            continue
        if key not in keys:
            keys.append(key)
            cells.append("")
        cells[keys.index(key)] = text
    different = cells != held["line"]
    held.update(keys=keys, line=cells)
    return bool(different)


def _row(row: Any, known: Mapping[str, Column], locale: str) -> WrongRow:
    held = recheck.kept(row.uid, row.cells_sealed)
    texts = {key: "".join(cell) for key, cell in zip(held["keys"], held["line"], strict=True) if key}
    said_of: dict[str, list[str]] = {}
    for each, words in with_words(row.problems, held["quoted"]):
        said_of.setdefault(each["column"], []).append(sentence(each, hidden(words), locale))
    cells = {
        key: _cell(column, texts.get(key, ""), said_of.get(key, ()), locale) for key, column in known.items()
    }
    return WrongRow(
        number=row.number,
        name=next(iter(cells.values())).text,
        problems=[each for key, some in said_of.items() if key not in known for each in some],
        wrong=[cell for key, cell in cells.items() if key in said_of],
        others=[cell for key, cell in cells.items() if key not in said_of],
    )


def _cell(column: Column, text: str, problems: Sequence[str], locale: str) -> Cell:
    held = _conceal(column, text)
    return Cell(
        key=column.key,
        label=said(column.field.label, locale),
        text="" if held else text,
        held=held,
        problems=problems,
        offered=[(key, said(label, locale)) for key, label in choices(column).items()]
        if column.kind == "choice"
        else (),
        optional=not column.required,
    )


def _conceal(column: Column, text: str) -> str:
    """What is shown instead of a cell that nobody sees whole; "" for any other."""
    if column.field.mask:
        return masked(column.field.mask, text)
    return mask_number(text) if LONG_NUMBER.search(text) else ""


def remainder(session: Session, batch: ImportBatch) -> ImportBatch:
    """The wrong rows of an import that is done as one of their own, to be corrected and let in.

    Raises Forbidden, or Stale where there is none (any more).
    """
    batches.require_own(session, batch)
    actor = actor_of(session)
    with transaction(session):
        held = select(ImportBatch.id).where(ImportBatch.id == batch.id, ImportBatch.state == batches.DONE)
        if session.scalar(held.with_for_update(of=ImportBatch)) is None:
            raise Stale
        rest = ImportBatch(
            organization_id=batch.organization_id,
            noun=batch.noun,
            about=batch.about,
            name=batch.name,
            digest=batch.digest,
            creator_id=actor.account_id,
            appointment_id=actor.appointment_id,
            state=batches.CHECKED,
            layout=batch.layout,
            words=batch.words,
        )
        session.add(rest)
        session.flush()
        wrong = (ImportRow.batch_id == batch.id, ImportRow.verdict == "bad")
        moved = update(ImportRow).where(*wrong).values(batch_id=rest.id).returning(ImportRow.number)
        rest.bad = rest.total = len(session.execute(moved).all())
        if not rest.bad:
            raise Stale
        batch.bad, batch.total = batch.bad - rest.bad, batch.total - rest.bad
        audit.record(session, "upload", "import_batch", rest.id, after={"noun": rest.noun, "of": batch.id})
    return rest
