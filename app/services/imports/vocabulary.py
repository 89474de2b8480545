"""What an organisation's own workbooks call things: headings of columns, and words of choices.

The latest import of a kind of workbook that explains any word holds all that are known.
"""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents import workbook
from app.models.import_batch import ImportBatch
from app.services.imports.problems import LONG_NUMBER
from app.services.reading import folded

HEADINGS = ""
"""Where the headings stand among the words of columns."""

LONGEST = 60
MOST = 2_000
"""So many words of one column are remembered."""

Words = dict[str, dict[str, str]]
"""What a word stands for ("" is left out), by column and word."""


def remembered(session: Session, batch: ImportBatch) -> Words:
    """The words of a batch, or those that its organisation explained before for this kind of workbook."""
    if batch.words is not None:
        return batch.words
    kind = ImportBatch.about["form"].astext
    found = session.scalar(
        select(ImportBatch.words)
        .where(
            ImportBatch.organization_id == batch.organization_id,
            ImportBatch.noun == batch.noun,
            ImportBatch.words.is_not(None),
            kind == batch.about["form"] if batch.about else kind.is_(None),
        )
        .order_by(ImportBatch.id.desc())
        .limit(1)
    )
    return found or {}


def taught(words: Words, column: str, found: Mapping[str, str]) -> Words:
    """The words and what was said now; what could be a person's number is nobody's word."""
    kept = {word: meaning for word, meaning in found.items() if fit(word)}
    together = {**words.get(column, {}), **kept}
    return {**words, column: dict(list(together.items())[-MOST:])}


def fit(word: str) -> bool:
    """Whether it may be remembered: short, and no number of a person."""
    return 0 < len(word) <= LONGEST and not LONG_NUMBER.search(word)


def translated(row: workbook.Row, words: Words) -> workbook.Row:
    """The row with known words of its choices replaced by what they stand for."""
    values = row.values
    for column, known in words.items():
        meaning = known.get(folded(values[column])) if values.get(column) else None
        if meaning is not None:
            values = {**values, column: meaning}
    return row if values is row.values else workbook.Row(row.number, values, row.problems, row.line)
