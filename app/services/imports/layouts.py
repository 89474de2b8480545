"""What the columns of a workbook are: known by their titles, remembered, or to be asked for.

A workbook of ours is read as it is, and so is one whose titles are all known or were explained before. For
any other somebody says once what each column is; the organisation remembers it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.invalid import Invalid
from app.declare.words import NATIVE, _
from app.documents.workbook import Column, Head, Layout, Reading
from app.documents.workbook.column import recognised
from app.documents.workbook.heading import absent, exact, repeated
from app.encrypted import context, ring
from app.jobs.queue import defer
from app.models.import_batch import ImportBatch
from app.security import audit
from app.services.errors import Faulty, NotFound, Stale
from app.services.imports import batches
from app.services.imports.books import book_of
from app.services.imports.sheet import sheet_columns
from app.services.imports.vocabulary import HEADINGS, fit, remembered, taught

UNIMPORTANT = frozenset(
    recognised(each) for each in ("序号", "编号", "备注", "No.", "No", "Remark", "Remarks")
)
"""Titles of columns that everybody has and no record keeps."""

MOST_IGNORED = 20
"""So many titles are named of columns that were left out."""

ROW = "row"
"""The field of the form that says where the titles stand."""

TWICE = _("Another column is this already.")
MISSING = _("No column is “%(title)s”, which must be there.")


class Unclear(Exception):
    """Somebody has to say what the columns are; `head` is the beginning of the workbook."""

    def __init__(self, head: Head) -> None:
        super().__init__()
        self.head = head


class Arranging:
    """Finds the titles of one workbook: as they were named, as they are known, or not at all."""

    def __init__(self, layout: Mapping[str, Any] | None, headings: Mapping[str, str], version: str) -> None:
        self._named, self._headings, self._version = layout or {}, headings, version

    def __call__(self, head: Head, columns: Sequence[Column]) -> Layout:
        """The layout. Raises Unclear, or Unreadable for a sheet without rows below its titles."""
        if "keys" in self._named:
            width = len(head.rows[0][1])
            named = [*self._named["keys"], *[None] * width][:width]
            return Layout(self._named[ROW], tuple(named))
        if len(head.rows) == 1 or head.version == self._version:
            return exact(head, columns)
        place = heading(head, self._headings)
        number, titles = head.rows[place]
        keys = meant(head, titles, self._headings)
        ours = head.version.rpartition("-")[0] == self._version.rpartition("-")[0] != ""
        clear = ours or all(understood(head, title, self._headings) for title in titles)
        if self._named.get("ask") or not clear or repeated(titles, keys) or absent(columns, keys):
            raise Unclear(head)
        return Layout(number, keys)


def heading(head: Head, headings: Mapping[str, str]) -> int:
    """Which of the first rows has the titles: the one that says most, else the first with two cells."""
    known = [sum(understood(head, cell, headings) for cell in cells if cell) for _n, cells in head.rows[:-1]]
    if not any(known):
        several = (place for place, (_n, cells) in enumerate(head.rows[:-1]) if sum(map(bool, cells)) > 1)
        return next(several, 0)
    return known.index(max(known))


def meant(head: Head, titles: Sequence[str], headings: Mapping[str, str]) -> tuple[str | None, ...]:
    """What titles mean, as somebody said before or as everybody knows."""
    words = [recognised(title) for title in titles]
    return tuple(
        (headings[word] or None) if word in headings else known
        for word, known in zip(words, head.keys(titles), strict=True)
    )


def understood(head: Head, title: str, headings: Mapping[str, str]) -> bool:
    """Whether nobody need be asked about a title."""
    word = recognised(title)
    return not word or word in head.known or word in headings or word in UNIMPORTANT


def found(reading: Reading, version: str) -> dict[str, Any]:
    """What a batch keeps of how its workbook was read: if its template was an older one, what is unread."""
    return {
        ROW: reading.layout.row,
        "keys": list(reading.keys),
        "old": reading.version not in {"", version},
        "ignored": [title for title in reading.ignored if fit(title)][:MOST_IGNORED],
    }


def ask(session: Session, batch_id: int, head: Head) -> None:
    """Let a workbook wait until somebody says what its columns are; its transaction was rolled back."""
    with transaction(session):
        if batch := batches.enter(session, batch_id, batches.READING):
            batch.state, batch.progress, batch.layout = batches.MAPPING, 0, None
            text = json.dumps({"version": head.version, "rows": head.rows}, ensure_ascii=False)
            batch.head_sealed = ring().seal(text, context("import_batch", "head", batch.uid))


def head_of(batch: ImportBatch, locale: str = NATIVE) -> Head:
    """The beginning of a workbook that waits. Raises NotFound where none does (any more)."""
    if batch.state != batches.MAPPING or batch.head_sealed is None:
        raise NotFound
    held = json.loads(ring().open(bytes(batch.head_sealed), context("import_batch", "head", batch.uid)))
    known: dict[str, str] = {}
    for column in sheet_columns(book_of(batch).columns(), locale):
        known |= {recognised(str(title)): column.key for title in (*column.also, column.title)}
    rows = tuple((number, tuple(cells)) for number, cells in held["rows"])
    return Head(held["version"], rows, known)


def name(session: Session, batch: ImportBatch, row: int, keys: Sequence[str | None]) -> None:
    """Say where the titles stand and what each column is, and let the workbook be read; it is remembered.

    Raises Faulty (by `row`, by the place of a column as `column_3`, or by "" for a column that is missing),
    Forbidden, NotFound, or Stale when somebody else said so first.
    """
    batches.require_own(session, batch)
    head = head_of(batch)
    titles = head.titles(row)
    if not titles or row == head.rows[-1][0]:
        raise Faulty({ROW: [Invalid(_("Choose the row that has the titles."))]})
    keys = tuple([*keys, *[None] * len(titles)][: len(titles)])
    _require_complete(batch, keys)
    found = {recognised(title): key or "" for title, key in zip(titles, keys, strict=True) if title}
    with transaction(session):
        words = taught(remembered(session, batch), HEADINGS, found)
        begun = session.scalar(
            update(ImportBatch)
            .where(ImportBatch.id == batch.id, ImportBatch.state == batches.MAPPING)
            .values(
                state=batches.READING,
                progress=0,
                head_sealed=None,
                layout={ROW: row, "keys": list(keys)},
                words=words,
            )
            .returning(ImportBatch.id)
        )
        if begun is None:
            raise Stale
        audit.record(session, "map", "import_batch", batch.id, after={"columns": sum(map(bool, keys))})
        defer(session, "imports.read", batch=batch.id, locale=NATIVE)


def _require_complete(batch: ImportBatch, keys: Sequence[str | None]) -> None:
    known = book_of(batch).columns()
    wrong: dict[str, list[Any]] = {}
    for place, key in enumerate(keys):
        if key is not None and key not in known:
            wrong[f"column_{place}"] = [Invalid(_("There is no such field."))]
        elif key is not None and key in keys[:place]:
            wrong[f"column_{place}"] = [Invalid(TWICE)]
    missing = [column for key, column in known.items() if column.required and key not in keys]
    if missing:
        wrong[""] = [Invalid(MISSING, title=column.field.label) for column in missing]
    if wrong:
        raise Faulty(wrong)
