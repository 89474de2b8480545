"""A table with a head of two rows as a workbook, so that it prints as the screen shows it."""

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter

from app.documents.workbook.cells import clean, sheet_title

HEAD = 4
"""The line, counted from 0, on which the head begins, below what stands above it."""

FIRST, OTHERS = 30, 11
"""Widths of the first column and of all others, in characters."""

BORDER = {"border": 1, "border_color": "#97A2B0", "valign": "vcenter"}


def shaped(
    path: Path,
    frames: Mapping[str, Any],
    *,
    title: object,
    filter_text: object,
    made_at_text: object,
    numbers: object = "",
) -> None:
    """Write pandas frames, a sheet each under its name; the last row of each is the total.

    The columns of a frame are a MultiIndex of two levels: equal words beside each other in the upper one are
    one cell, and where it is empty the lower one stands over both rows. Its index holds the first column and
    names its head. With `numbers`, the head of a column before it, the lines are numbered. Empty cells are
    None or NaN; a text stands for a number that is not shown.
    """
    with xlsxwriter.Workbook(path) as book:
        looks = {
            "title": book.add_format({"bold": True, "font_size": 14, "num_format": "@"}),
            "text": book.add_format({"num_format": "@"}),
            "head": book.add_format(
                BORDER | {"bold": True, "bg_color": "#E7EEF7", "text_wrap": True, "align": "center"}
            ),
            "name": book.add_format(BORDER | {"num_format": "@", "quote_prefix": True, "text_wrap": True}),
            "number": book.add_format(BORDER | {"num_format": "#,##0.##########"}),
            "mark": book.add_format(BORDER | {"num_format": "@", "align": "right"}),
            "total": book.add_format(BORDER | {"num_format": "#,##0.##########", "bold": True}),
            "total_name": book.add_format(BORDER | {"num_format": "@", "bold": True}),
        }
        for name, frame in frames.items():
            sheet = book.add_worksheet(sheet_title(name))
            for line, words in enumerate((title, filter_text, made_at_text)):
                sheet.write_string(line, 0, clean(words), looks["text" if line else "title"])
            first = 1 if numbers else 0
            if numbers:
                sheet.merge_range(HEAD, 0, HEAD + 1, 0, clean(numbers), looks["head"])
                for number in range(1, len(frame)):
                    sheet.write_number(HEAD + 1 + number, 0, number, looks["number"])
                sheet.write_blank(HEAD + 1 + len(frame), 0, None, looks["total"])
            _head(sheet, frame, looks["head"], first)
            _rows(sheet, frame, looks, first)
            sheet.set_column(0, 0, 6)
            sheet.set_column(first, first, FIRST)
            sheet.set_column(first + 1, first + len(frame.columns), OTHERS)
            sheet.freeze_panes(HEAD + 2, first + 1)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(HEAD, HEAD + 1)


def _head(sheet: Any, frame: Any, look: Any, first: int) -> None:
    sheet.merge_range(HEAD, first, HEAD + 1, first, clean(frame.index.name), look)
    place = first + 1
    for upper, columns in groupby(frame.columns, key=lambda column: column[0]):
        lower = [column[1] for column in columns]
        if not upper:
            for offset, words in enumerate(lower):
                sheet.merge_range(HEAD, place + offset, HEAD + 1, place + offset, clean(words), look)
        else:
            if len(lower) > 1:
                sheet.merge_range(HEAD, place, HEAD, place + len(lower) - 1, clean(upper), look)
            else:
                sheet.write_string(HEAD, place, clean(upper), look)
            for offset, words in enumerate(lower):
                sheet.write_string(HEAD + 1, place + offset, clean(words), look)
        place += len(lower)


def _rows(sheet: Any, frame: Any, looks: Mapping[str, Any], first: int) -> None:
    last = len(frame) - 1
    rows = zip(frame.index, frame.itertuples(index=False, name=None), strict=True)
    for number, (name, values) in enumerate(rows):
        total, line = number == last, HEAD + 2 + number
        sheet.write_string(line, first, clean(name), looks["total_name" if total else "name"])
        for place, value in enumerate(values, start=first + 1):
            look = looks["total" if total else "number"]
            if value is None or value != value:  # noqa: PLR0124 -- NaN, of whatever library
                sheet.write_blank(line, place, None, look)
            elif isinstance(value, str):
                sheet.write_string(line, place, clean(value), looks["mark"])
            else:
                sheet.write_number(line, place, float(value), look)
