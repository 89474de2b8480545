"""What is wrong with a workbook: by kind, row by row, and as a workbook to be mended and sent again."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.column import Column
from app.declare.masks import masked
from app.documents import workbook
from app.models.import_batch import ImportBatch, ImportRow
from app.security import audit
from app.services.errors import NotFound
from app.services.imports.batches import require_own
from app.services.imports.books import book_of
from app.services.imports.checks import open_cells
from app.services.imports.problems import hidden, sentence
from app.services.imports.sheet import sheet_columns
from app.services.values import NO_CHOICE, choices
from app.services.wording import msgid, said

AT_A_TIME = 1_000
KINDS = 50
"""Kinds of mistakes that are listed; no workbook has more that are worth reading."""

ALLOWED = 30
"""So many choices of a column are named; the template has them all."""

BY_KIND = text("""
    SELECT p ->> 'column' AS key, p ->> 'kind' AS kind, p -> 'params' AS params, count(*) AS in_rows
    FROM import_row r CROSS JOIN LATERAL jsonb_array_elements(r.problems) p
    WHERE r.batch_id = :batch AND r.verdict = 'bad'
    GROUP BY 1, 2, 3 ORDER BY count(*) DESC, 1, 2 LIMIT :most""")


@dataclass(frozen=True, slots=True)
class Mistakes:
    """One kind of mistake: the column's label, the sentence, in how many rows.

    `allowed` names what may stand there, where that is a list; of a long one the beginning. `unknown` are
    words that are none of the choices.
    """

    column: str
    sentence: str
    rows: int
    allowed: str = ""
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class FailedRow:
    """One bad row as a page shows it: its cells masked, each with whether it is wrong; why, by label."""

    number: int
    cells: list[tuple[str, bool]]
    reasons: list[tuple[str, str]]


def overview(session: Session, batch: ImportBatch, locale: str) -> list[Mistakes]:
    """The mistakes of a workbook by kind and column, the most frequent first."""
    labels = _labels(batch, locale)
    found = session.execute(BY_KIND, {"batch": batch.id, "most": KINDS}).mappings().all()
    listed = {row["key"] for row in found if row["kind"] == msgid(NO_CHOICE)}
    known = book_of(batch).columns_at(session, batch.organization_id) if listed else {}
    allowed = {key: _allowed(known[key], locale) for key in listed & known.keys()}
    return [
        Mistakes(
            labels.get(row["key"], ""),
            sentence(dict(row), {}, locale),
            row["in_rows"],
            allowed.get(row["key"], "") if row["kind"] == msgid(NO_CHOICE) else "",
            row["kind"] == msgid(NO_CHOICE),
        )
        for row in found
    ]


def _allowed(column: Column, locale: str) -> str:
    """What a column may say, as one reads it."""
    words = [said(each, locale) for each in choices(column).values()]
    joined = (", " if locale.startswith("en") else "、").join(words[:ALLOWED])
    return f"{joined} …" if len(words) > ALLOWED else joined


def first_rows(session: Session, batch: ImportBatch, locale: str, most: int = 50) -> list[FailedRow]:
    """The first bad rows, masked: enough to see what is wrong."""
    known, labels = book_of(batch).columns(), _labels(batch, locale)
    shown = []
    for row in _bad(session, batch, after=-1, most=most):
        typed, quoted = open_cells(row.uid, row.cells_sealed)
        wrong = {each["column"] for each in row.problems}
        cells = [(_masked(column, typed.get(key, "")), key in wrong) for key, column in known.items()]
        reasons = [
            (labels.get(each["column"], ""), sentence(each, hidden(words), locale))
            for each, words in with_words(row.problems, quoted)
        ]
        shown.append(FailedRow(row.number, cells, reasons))
    return shown


def failed_book(session: Session, batch: ImportBatch, locale: str) -> IO[bytes]:
    """The bad rows as a workbook: the same cells, the reason, the row's number. It is recorded.

    The file is gone when it is closed. Raises Forbidden, and NotFound where no bad row is kept (any more).
    """
    require_own(session, batch)
    if not _bad(session, batch, after=-1, most=1):
        raise NotFound
    book = book_of(batch)
    with TemporaryDirectory(prefix="xueshi-") as folder, transaction(session):
        path = Path(folder) / "failed.xlsx"
        count = workbook.failed_rows(
            path,
            book.title(locale),
            sheet_columns(book.columns_at(session, batch.organization_id), locale),
            _failed(session, batch, locale),
            book.version(),
        )
        audit.record(session, "download", "import_batch", batch.id, after={"rows": count})
        return path.open("rb")


def _failed(session: Session, batch: ImportBatch, locale: str) -> Iterator[workbook.Failed]:
    number = -1
    while found := _bad(session, batch, after=number, most=AT_A_TIME):
        for row in found:
            cells, quoted = open_cells(row.uid, row.cells_sealed)
            reasons: dict[str, str] = {}
            for each, words in with_words(row.problems, quoted):
                said_so, key = sentence(each, words, locale), each["column"]
                reasons[key] = f"{reasons[key]}\n{said_so}" if key in reasons else said_so
            yield workbook.Failed(row.number, cells, reasons)
        number = found[-1].number


def with_words(
    problems: list[dict[str, Any]], quoted: list[dict[str, str]]
) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """Each problem with what it quotes; those that were found after the cells were sealed quote nothing."""
    for place, found in enumerate(problems):
        yield found, quoted[place] if place < len(quoted) else {}


def _bad(session: Session, batch: ImportBatch, *, after: int, most: int) -> list[Any]:
    statement = (
        select(ImportRow.number, ImportRow.uid, ImportRow.cells_sealed, ImportRow.problems)
        .where(ImportRow.batch_id == batch.id, ImportRow.verdict == "bad", ImportRow.number > after)
        .order_by(ImportRow.number)
        .limit(most)
    )
    return list(session.execute(statement))


def _labels(batch: ImportBatch, locale: str) -> dict[str, str]:
    return {key: said(column.field.label, locale) for key, column in book_of(batch).columns().items()}


def _masked(column: Column, cell: str) -> str:
    return masked(column.field.mask, cell) if column.field.mask else hidden({"": cell})[""]
