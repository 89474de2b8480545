"""The trial run: a workbook becomes staged rows, each with its verdict. No record is touched."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.words import NATIVE
from app.documents import workbook
from app.models.import_batch import VERDICTS, ImportBatch
from app.services import shelf
from app.services.imports import batches, layouts, vocabulary
from app.services.imports.books import book_of
from app.services.imports.sheet import sheet_columns
from app.services.imports.verdicts import STAGED
from app.services.imports.written import BEGIN, END, line

MOST_ROWS = 300_000

STAGE = """
CREATE TEMP TABLE import_stage (number int, uid uuid, cells bytea, key bytea, verdict text, problems jsonb,
    ready jsonb) ON COMMIT DROP"""
COPY = "COPY import_stage FROM STDIN (FORMAT BINARY)"
ANALYZE = "ANALYZE import_stage (number, key, verdict)"
LINES = 500
"""Rows that are handed to the driver at a time: one by one it takes as long as checking them."""

KEEP = """
INSERT INTO import_row (batch_id, number, uid, cells_sealed, key, verdict, problems, ready)
SELECT :batch, number, uid, cells, key, verdict, problems, CASE WHEN verdict <> 'bad' THEN ready END
FROM import_stage"""
COUNT = "SELECT verdict, count(*) AS rows FROM import_row WHERE batch_id = :batch GROUP BY verdict"


def read(session: Session, batch_id: int, locale: str = NATIVE) -> None:
    """Read and check the workbook of a batch; a job. Doing it again does no more than doing it once.

    Everything is written in one transaction, so that a worker that dies leaves nothing half read.
    """
    try:
        with transaction(session) as tx:
            batch = batches.enter(session, batch_id, batches.READING)
            if batch is not None:
                _stage(session, batch, locale)
                tx.after_commit(shelf.drop, batch.uid)
    except workbook.Unreadable as why:
        batches.refuse(session, batch_id, why)
    except layouts.Unclear as unclear:
        layouts.ask(session, batch_id, unclear.head)


def _stage(session: Session, batch: ImportBatch, locale: str) -> None:
    book, connection = book_of(batch), session.connection()
    tell = batches.teller(session, batch.id)
    words = dict(vocabulary.remembered(session, batch))
    arrange = layouts.Arranging(batch.layout, words.pop(vocabulary.HEADINGS, {}), book.version())
    known = book.columns_at(session, batch.organization_id)  # the COPY below leaves the connection no turn
    connection.execute(text(STAGE))
    with (
        on_disk(batch.uid) as path,
        workbook.read(
            path, sheet_columns(book.columns(), locale), max_rows=MOST_ROWS, arrange=arrange
        ) as reading,
        driver(session).cursor() as cursor,
        cursor.copy(COPY) as copy,
    ):
        reader, lines = book.reader(reading.keys, known), [BEGIN]
        for row in reading.rows:
            lines.append(line(reader.staged(vocabulary.translated(row, words) if words else row)))
            if len(lines) >= LINES:
                copy.write(b"".join(lines))
                lines.clear()
                tell(row.number, reading.last)
        copy.write(b"".join((*lines, END)))
    connection.execute(text(ANALYZE))
    book.judge(session, batch, STAGED)
    connection.execute(text(KEEP), {"batch": batch.id})
    count(session, batch)
    batch.layout = layouts.found(reading, book.version())
    batch.state, batch.progress = batches.CHECKED, 100


def count(session: Session, batch: ImportBatch) -> None:
    """Write down how many rows have which verdict."""
    found = Counter({row.verdict: row.rows for row in session.execute(text(COUNT), {"batch": batch.id})})
    batch.good, batch.changed, batch.same, batch.bad = (found[verdict] for verdict in VERDICTS)
    batch.total = sum(found.values())


@contextmanager
def on_disk(name: UUID) -> Iterator[Path]:
    """The file in a folder of our own, for a program that wants a path; gone afterwards."""
    with TemporaryDirectory(prefix="xueshi-") as folder:
        path = Path(folder) / "sent.xlsx"
        with path.open("wb") as target:
            for piece in shelf.take(name):
                target.write(piece)
        yield path


def driver(session: Session) -> Any:
    """The connection of psycopg, for COPY."""
    return session.connection().connection.driver_connection
