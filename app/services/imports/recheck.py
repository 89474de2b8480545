"""A checked workbook judged once more, after its words were explained or its rows corrected.

The wrong rows are checked again from their kept cells; then all rows are judged as in a trial run.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.database import transaction
from app.documents import workbook
from app.documents.workbook.column import SAMPLE
from app.documents.workbook.reader import DIGITS_LOST, EDITED_SAMPLE
from app.encrypted import context, ring
from app.jobs.queue import defer
from app.models.import_batch import ImportBatch, ImportRow
from app.services.errors import Stale
from app.services.imports import batches
from app.services.imports.books import Reader, Tell, book_of
from app.services.imports.staging import ANALYZE, COPY, STAGE, count, driver
from app.services.imports.verdicts import STAGED
from app.services.imports.vocabulary import HEADINGS, remembered, translated
from app.services.imports.written import BEGIN, END, line, to_json
from app.services.values import LANGUAGES
from app.services.wording import said

AT_ONCE = 3_000
"""Rows of a workbook that is judged again while one waits; a larger one is a job."""

AT_A_TIME = 1_000

OTHERS = """
INSERT INTO import_stage (number, uid, key, verdict, problems, ready)
SELECT number, uid, key, 'good', '[]', ready FROM import_row WHERE batch_id = :batch AND verdict <> 'bad'"""

TAKE = """
UPDATE import_row r SET uid = s.uid, cells_sealed = coalesce(s.cells, r.cells_sealed), key = s.key,
    verdict = s.verdict, problems = s.problems, ready = CASE WHEN s.verdict <> 'bad' THEN s.ready END
FROM import_stage s WHERE r.batch_id = :batch AND r.number = s.number
    AND (s.cells IS NOT NULL OR s.verdict <> r.verdict OR s.problems <> r.problems)"""


def require_correctable(session: Session, batch: ImportBatch) -> None:
    """Raise Forbidden, or Stale unless the batch waits to be let in."""
    batches.require_own(session, batch)
    if batch.state != batches.CHECKED:
        raise Stale


def claim(session: Session, batch: ImportBatch) -> None:
    """Hold a checked batch until the caller's transaction ends. Raises Forbidden, or Stale for any other."""
    batches.require_own(session, batch)
    held = select(ImportBatch.id).where(ImportBatch.id == batch.id, ImportBatch.state == batches.CHECKED)
    if session.scalar(held.with_for_update(of=ImportBatch)) is None:
        raise Stale


def again(session: Session, batch: ImportBatch) -> None:
    """Judge a claimed batch once more: at once, or by a job where it is large."""
    if batch.total <= AT_ONCE:
        _recheck(session, batch, lambda _done, _total: None)
        return
    session.execute(
        update(ImportBatch).where(ImportBatch.id == batch.id).values(state=batches.READING, progress=0)
    )
    defer(session, "imports.recheck", batch=batch.id)


def recheck(session: Session, batch_id: int) -> None:
    """The same as a job. Doing it again does no more than doing it once."""
    with transaction(session):
        batch = batches.enter(session, batch_id, batches.READING)
        if batch is not None:
            _recheck(session, batch, batches.teller(session, batch.id))


def _recheck(session: Session, batch: ImportBatch, tell: Tell) -> None:
    connection = session.connection()
    checking = Checking(session, batch)
    connection.execute(text("DROP TABLE IF EXISTS import_stage"))
    connection.execute(text(STAGE))
    done = 0
    for lines in _checked(session, batch, checking):
        with driver(session).cursor() as cursor, cursor.copy(COPY) as copy:
            copy.write(b"".join((BEGIN, *lines, END)))
        done += len(lines)
        tell(done, batch.bad)
    connection.execute(text(OTHERS), {"batch": batch.id})
    connection.execute(text(ANALYZE))
    book_of(batch).judge(session, batch, STAGED)
    connection.execute(text(TAKE), {"batch": batch.id})
    count(session, batch)
    batch.state, batch.progress, batch.problem = batches.CHECKED, 100, None


def _checked(session: Session, batch: ImportBatch, checking: "Checking") -> Iterator[list[bytes]]:
    """The wrong rows, some at a time, as COPY takes them."""
    number = -1
    while found := _wrong(session, batch, number):
        yield [line(checking.staged(row.number, kept(row.uid, row.cells_sealed))) for row in found]
        number = found[-1].number


def _wrong(session: Session, batch: ImportBatch, after: int) -> list[Any]:
    statement = (
        select(ImportRow.number, ImportRow.uid, ImportRow.cells_sealed)
        .where(ImportRow.batch_id == batch.id, ImportRow.verdict == "bad", ImportRow.number > after)
        .order_by(ImportRow.number)
        .limit(AT_A_TIME)
    )
    return list(session.execute(statement))


class Checking:
    """Checks rows from the cells that were kept of them."""

    def __init__(self, session: Session, batch: ImportBatch) -> None:
        self._book = book_of(batch)
        self._known = self._book.columns_at(session, batch.organization_id)
        self._words = {key: each for key, each in remembered(session, batch).items() if key != HEADINGS}
        self._readers: dict[tuple[str | None, ...], Reader] = {}
        self._samples = tuple(said(SAMPLE, locale) for locale in LANGUAGES)

    def staged(self, number: int, held: Mapping[str, Any]) -> Any:
        """The row with its problems, or ready."""
        keys = tuple(held["keys"])
        if keys not in self._readers:
            self._readers[keys] = self._book.reader(keys, self._known)
        cells = {key: cell for key, cell in zip(keys, held["line"], strict=True) if key}
        problems: dict[str, Any] = {key: DIGITS_LOST for key, cell in cells.items() if isinstance(cell, list)}
        values = {key: "".join(cell) for key, cell in cells.items()}
        problems |= {key: EDITED_SAMPLE for key, cell in values.items() if cell.startswith(self._samples)}
        row = workbook.Row(number, values, problems, to_json(held["line"]))
        return self._readers[keys].staged(translated(row, self._words))


def kept(uid: Any, sealed: bytes) -> dict[str, Any]:
    """What is kept of a row: the keys of its columns, its cells, and what its problems quote."""
    found: dict[str, Any] = json.loads(ring().open(bytes(sealed), context("import_row", "cells", uid)))
    return found
