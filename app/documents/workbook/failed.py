"""The rows that were not imported, with the reason in each: mend them and send the same file again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.declare.words import _
from app.documents.workbook.column import VERDICT, Column
from app.documents.workbook.layout import Sheet

REMARKS = 1000
"""So many cells get their reason as a remark too; each remark stays in memory until the end."""

NAMED = _("%(title)s: %(reason)s")


@dataclass(frozen=True)
class Failed:
    """A row as it was read: its number, its cells by key, and by key why they are wrong.

    A reason that concerns the row and no single cell has the key "".
    """

    number: int
    values: Mapping[str, str]
    reasons: Mapping[str, Any]


def failed_rows(
    path: Path, sheet_title: object, columns: Sequence[Column], rows: Iterable[Failed], version: str
) -> int:
    """Write the template's columns with the original values, then the reason and the original row's number.

    Wrong cells are coloured. The reader ignores the two extra columns. Returns the number of rows.
    """
    sheet = Sheet(sheet_title, (*columns, *VERDICT))
    titles = {column.key: column.title for column in columns}
    count = remarks = 0
    for row in rows:
        reason = "\n".join(
            str(NAMED) % {"title": titles[key], "reason": why} if key in titles else str(why)
            for key, why in row.reasons.items()
        )
        values = [row.values.get(column.key, "") for column in columns]
        cells = sheet.row([*values, reason, row.number])
        for place, column in enumerate(columns):
            if column.key in row.reasons:
                remark = row.reasons[column.key] if remarks < REMARKS else None
                cells[place] = sheet.remarked(place, "wrong", values[place], remark)
                remarks += 1
        sheet.append(cells)
        count += 1
    sheet.save(path, version)
    return count
