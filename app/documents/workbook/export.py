"""A list as a workbook, of any length."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from app.documents.workbook.cells import LONGEST_CELL, clean, sheet_title
from app.documents.workbook.column import Column
from app.documents.workbook.reader_child import SURE_DIGITS

ROWS_PER_SHEET = 1_048_000  # Excel ends at 1,048,576
FIRST_LINE = 5  # below what stands above the rows, counted from 0


def export(
    path: Path,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    title: object,
    filter_text: object,
    made_at_text: object,
) -> int:
    """Write rows, whose cells stand in the order of the columns, and return how many they were.

    Above the titles stand what it is, which rows were asked for and when. Text is written as text,
    also where it begins like a formula; numbers and decimals stay numbers, so that they can be summed. Beyond
    1,048,000 rows another sheet begins. Memory does not grow with the rows.
    """
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        text = book.add_format({"num_format": "@", "quote_prefix": True, "valign": "top"})
        bold = book.add_format({"num_format": "@", "bold": True, "bg_color": "#E7EEF7"})

        def begin(number: int) -> Any:
            sheet = book.add_worksheet(sheet_title(f"{clean(title)[:24]} {number}"))
            for place, column in enumerate(columns):
                sheet.set_column(place, place, column.width, text)
            for line, words in enumerate((title, filter_text, made_at_text)):
                sheet.write_string(line, 0, clean(words), bold if words is title else text)
            for place, column in enumerate(columns):
                sheet.write_string(FIRST_LINE - 1, place, clean(column.title), bold)
            sheet.freeze_panes(FIRST_LINE, 0)
            return sheet

        sheet, count = begin(1), 0
        for row in rows:
            if count and count % ROWS_PER_SHEET == 0:
                sheet = begin(count // ROWS_PER_SHEET + 1)
            for place, value in enumerate(row):
                _write(sheet, FIRST_LINE + count % ROWS_PER_SHEET, place, value, text)
            count += 1
    return count


def _write(sheet: Any, line: int, place: int, value: Any, text: Any) -> None:
    """Write one cell by its type; nothing is ever taken for a formula, a link or a number that it is not."""
    if value is None or value == "":
        return
    if value.__class__ is str and value.isprintable() and len(value) <= LONGEST_CELL:  # as most are
        sheet.write_string(line, place, value, text)
        return
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if is_number and -SURE_DIGITS < value < SURE_DIGITS:
        sheet.write_number(line, place, value)
    else:
        sheet.write_string(line, place, clean(value), text)
