"""Read a workbook that somebody sent, row by row, in the parent's few megabytes.

The parsing happens in a child (`reader_child.py`) with 512 MB and 60 seconds of CPU. Started by its
path it takes 50 ms; by its module name it would first import the whole application.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from app.declare.words import _
from app.documents.workbook import reader_child
from app.documents.workbook.archive import LIMITS, Limits, inspect_archive
from app.documents.workbook.column import SAMPLE, VERDICT, Column, recognised
from app.documents.workbook.heading import Head, Layout, exact
from app.documents.workbook.unreadable import DAMAGED, Unreadable

Cell = str | list[str]

BEGINNING = 15
"""So many rows that are not blank are looked at to find the titles."""

UNFIT = {
    "cell": _("A cell holds more than 32,767 characters, more than Excel itself allows."),
    "sheet": _("The workbook has no visible sheet."),
    "size": _("The table is too wide or too long. Delete what stands beside and below it."),
}
DIED = _("Reading the workbook takes more memory or time than is allowed. Split it into several files.")
DIGITS_LOST = _("Excel kept only 15 digits of this number. Format the cell as text and type it again.")
EDITED_SAMPLE = _("Remove the mark of the example in the first cell if this row is to be imported.")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file (the titles are usually in row 1), its cells by column key.

    A cell that is blank is ""; a column that the file does not have is missing in `values`.
    `problems` has, by key, what is wrong with a cell already as a cell. `line` is the row as the child wrote
    it, JSON: one cell for each of `Reading.keys`.
    """

    number: int
    values: dict[str, str]
    problems: dict[str, Any]
    line: str = field(default="", compare=False)


@dataclass(frozen=True)
class Reading:
    """A file being read: the version mark of its template ("" without one), titles that mean nothing, rows.

    `keys` are those of the columns from left to right, None where a title means nothing.

    `last` is the number of the last row that has a value: how far there is to read. `layout` is where the
    titles were found, and what the columns were taken for.

    `rows` can be walked once, inside the `with`. It raises Unreadable where the file ends being one:
    more rows than allowed, no row at all, a child that died.
    """

    version: str
    keys: tuple[str | None, ...]
    ignored: tuple[str, ...]
    absent: tuple[str, ...]
    last: int
    layout: Layout
    rows: Iterator[Row]


@contextmanager
def read(
    path: Path,
    columns: Sequence[Column],
    *,
    max_rows: int,
    limits: Limits = LIMITS,
    arrange: Callable[[Head, Sequence[Column]], Layout] = exact,
) -> Iterator[Reading]:
    """Open a workbook and find its columns by their titles, in any order, in any language of the template.

    `arrange` says where the titles stand and what they mean, after a look at the first rows. Cells come as
    text: stripped, NFC, dates ISO, numbers as Excel shows them, formulas as their last result. Blank rows and
    the untouched sample row are left out.

    Raises Unreadable: no workbook, too large, a required column missing, a title twice.
    """
    inspect_archive(path, limits)
    with _child(path, limits) as lines:
        sheet, last = next(lines)
        marks = _Marks(sheet, columns)
        first = list(islice(lines, BEGINNING))
        if not first:
            raise Unreadable(_("The sheet is empty. Its first row must have the titles of the template."))
        head = Head(
            version=marks.version,
            rows=tuple((number, tuple("".join(cell) for cell in cells)) for number, cells, _line in first),
            known=marks.keys,
        )
        layout = arrange(head, columns)
        keys, titles = layout.keys, head.titles(layout.row)
        below = chain((line for line in first if line[0] > layout.row), lines)
        ours = {column.key for column in columns}
        filled = tuple(key if key in ours else None for key in keys)
        yield Reading(
            version=marks.version,
            keys=filled,
            ignored=tuple(title for title, key in zip(titles, keys, strict=True) if title and key is None),
            absent=tuple(column.key for column in columns if column.key not in keys),
            last=last,
            layout=layout,
            rows=_rows(below, filled, marks, max_rows),
        )


class _Marks:
    """What the hidden sheet of our template says: its version, its titles and its sample row."""

    def __init__(self, sheet: list[list[Cell]], columns: Sequence[Column]) -> None:
        known = (*columns, *VERDICT)
        self.keys = {recognised(str(title)): column.key for column in known for title in column.also}
        self.keys |= {recognised(str(column.title)): column.key for column in known}
        self.sample = {column.key: str(column.example) for column in columns}
        self.samples: tuple[str, ...] = (str(SAMPLE),)
        self.version = ""
        cells = [["".join(cell) for cell in row] + ["", "", ""] for row in sheet]
        if cells:
            self.version, mark = cells[0][1:3]
            self.samples += (mark,) if mark else ()
        ours = {column.key for column in known}
        for key, title, example in (row[:3] for row in cells[1:]):
            if key in ours and title:
                self.keys[recognised(title)] = key
                self.sample[key] = example
        self._written = tuple(json.dumps(mark, ensure_ascii=False)[1:-1] for mark in self.samples)

    def may_stand_in(self, line: str) -> bool:
        """Whether a row, as the child wrote it, holds a mark anywhere: most do not."""
        return any(mark in line for mark in self._written)

    def marked(self, values: dict[str, str]) -> str | None:
        """The key of the cell that says that this row is the sample."""
        return next((key for key, value in values.items() if value.startswith(self.samples)), None)

    def is_untouched(self, values: dict[str, str], marked: str) -> bool:
        return all(self.sample.get(key, "") == value for key, value in values.items() if key != marked)


def _rows(lines: Iterator[Any], keys: Sequence[str | None], marks: _Marks, max_rows: int) -> Iterator[Row]:
    count = 0
    places = [(place, key) for place, key in enumerate(keys) if key]
    for number, cells, line in lines:
        values = {key: cells[place] for place, key in places}
        if not any(values.values()):
            continue
        problems: dict[str, Any] = {}
        if "[" in line[1:]:
            problems = {key: DIGITS_LOST for key, value in values.items() if isinstance(value, list)}
            values = {key: "".join(value) for key, value in values.items()}
        if marks.may_stand_in(line) and (marked := marks.marked(values)):
            if marks.is_untouched(values, marked):
                continue
            problems[marked] = EDITED_SAMPLE
        count += 1
        if count > max_rows:
            raise Unreadable(
                _("There are more than %(limit)s rows. Split them into several files."), limit=max_rows
            )
        yield Row(number, values, problems, line)
    if not count:
        raise Unreadable(_("The sheet has titles but no row below them."))


@contextmanager
def _child(path: Path, limits: Limits) -> Iterator[Iterator[Any]]:
    """The lines of a reader's child, which is gone when the block is left."""
    arguments = [str(path.resolve()), str(limits.columns), str(limits.rows)]
    with subprocess.Popen(
        [sys.executable, "-I", reader_child.__file__, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    ) as child:
        try:
            yield _lines(child)
        finally:
            child.kill()


def _lines(child: subprocess.Popen[bytes]) -> Iterator[Any]:
    """What the file says about itself, then each row: its number, its cells, and those as written."""
    for raw in child.stdout or ():
        number, tabulator, cells = raw.decode().partition("\t")
        if tabulator:
            yield int(number), json.loads(cells), cells[:-1]
            continue
        line = json.loads(number)
        if line == "end":
            return
        if isinstance(line, dict):
            raise Unreadable(UNFIT[line["unfit"]])
        yield line
    raise Unreadable(DAMAGED if child.wait() == 1 else DIED)
