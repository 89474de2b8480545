"""The program that parses a workbook: alone, with little memory, and with nothing of ours to steal.

It is started by its path, in Python's isolated mode, and imports nothing of the application. It prints
lines of JSON: first what the file says about itself, then one list per row that is not blank, with the row's
number and a tabulator in front, then "end". Whoever reads them takes a missing "end" as its death.
"""

import datetime as dt
import json
import re
import resource
import sys
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

MARKS = "_columns"
"""The hidden sheet of our templates; `layout.py` writes it."""

MEMORY = 512 << 20
CPU_SECONDS = 60
NO_MEMORY = 2
LONGEST_CELL = 32_767  # Excel's own limit
SURE_DIGITS = 10**15  # Excel keeps 15 digits of a number; 2**53 would accept a 16th that it made zero

# What nobody sees and everybody copies: control characters, marks of width and direction, byte order marks.
INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


class Unfit(Exception):
    """The workbook cannot become rows; the text is a key that the reader puts into words."""


def confine() -> None:
    """Take away what a parser does not need, before the parser is loaded."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def text(value: Any) -> str | list[str]:
    """One cell as text; a number whose digits cannot be trusted is a list with what is left of it."""
    if isinstance(value, str):
        if len(value) > LONGEST_CELL:
            raise Unfit("cell")
        if value.isascii() and value.isalnum():
            return value
        return INVISIBLE.sub("", unicodedata.normalize("NFC", value)).strip()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        shown = format(Decimal(format(value, ".15g")), "f")  # as Excel shows it, without binary noise
        return [shown] if abs(value) >= SURE_DIGITS else shown
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    return str(value)


def contents(path: str, columns: int, rows: int) -> Iterator[Any]:
    """What the file says about itself: [rows of the hidden sheet, last row]. Then its rows: [number, cells].

    The table is the first visible sheet. `columns` and `rows` are the furthest place of a value.
    """
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook  # noqa: PLC0415 -- after confine()

    book = load_workbook(path)
    shown = [sheet for sheet in book.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible]
    tables = [sheet.name for sheet in shown if sheet.typ is SheetTypeEnum.WorkSheet]
    if not tables:
        raise Unfit("sheet")
    is_ours = MARKS in book.sheet_names
    table = book.get_sheet_by_name(tables[0])
    marks = within(book.get_sheet_by_name(MARKS), columns, rows) if is_ours else ()
    yield [[list(map(text, row)) for row in marks], table.end[0] + 1 if table.end else 0]
    for number, row in enumerate(within(table, columns, rows), 1):
        cells = [text(cell) for cell in row]
        if any(cells):
            yield [number, cells]


def within(sheet: Any, columns: int, rows: int) -> Iterator[Any]:
    """The sheet's rows, blank ones above the first value included, so that counting gives their numbers."""
    last = sheet.end
    if last is not None and (last[0] >= rows or last[1] >= columns):
        raise Unfit("size")
    yield from sheet.iter_rows()


def main(path: str, columns: str, rows: str) -> None:
    """Print the contents of the workbook, or {"unfit": why}.

    Leaves with 1 (Python's own, after an exception) when the workbook makes no sense.
    """
    confine()
    write, encode = sys.stdout.write, json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    try:
        lines = contents(path, int(columns), int(rows))
        write(f"{encode(next(lines))}\n")
        for number, cells in lines:
            write(f"{number}\t{encode(cells)}\n")
    except Unfit as unfit:
        write(json.dumps({"unfit": str(unfit)}) + "\n")
    except MemoryError:
        sys.exit(NO_MEMORY)
    write('"end"\n')


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]  # a pipe's is a TextIOWrapper
    main(*sys.argv[1:])
