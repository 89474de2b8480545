"""The sheet that template and failed rows share: titles, text cells, lists of choices, the hidden marks.

It is written row by row (openpyxl's write-only mode), so a long one needs no more memory than a short one.
"""

from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from app.declare.words import _
from app.documents.workbook.archive import LIMITS
from app.documents.workbook.cells import clean, sheet_title
from app.documents.workbook.column import SAMPLE, Column
from app.documents.workbook.reader_child import MARKS

CHOICES = "_choices"
AUTHOR = "Xueshi"
LOOKS = {
    "title": {"font": Font(bold=True), "fill": PatternFill("solid", fgColor="E7EEF7")},
    "required": {"font": Font(bold=True, color="B42318"), "fill": PatternFill("solid", fgColor="E7EEF7")},
    "sample": {"font": Font(italic=True, color="6E7681"), "fill": PatternFill("solid", fgColor="F6F7F9")},
    "text": {},
    "wrong": {"fill": PatternFill("solid", fgColor="FDD8D5")},
}


class Sheet:
    """One table of text cells under its titles, to be written from top to bottom."""

    def __init__(self, title: object, columns: Sequence[Column]) -> None:
        self.book = Workbook(write_only=True)
        for name, looks in LOOKS.items():
            self.book.add_named_style(NamedStyle(name=name, number_format="@", **looks))
        self._columns = columns
        self._sheet = self.book.create_sheet(sheet_title(title))
        self._sheet.freeze_panes = "A2"
        for letter, column in self._lettered():
            dimension = self._sheet.column_dimensions[letter]
            dimension.width, dimension.number_format = column.width, "@"
            if column.choices:
                self._sheet.data_validations.append(_one_of(letter, len(column.choices)))
        # One cell per column and look, filled again for each row: a new one each time costs twice the time.
        self._cells = {look: [self._cell(look) for _column in columns] for look in LOOKS}
        self.append([self._title(column) for column in columns])

    def row(self, values: Sequence[object], look: str = "text") -> list[Any]:
        """The cells of one row, to be appended before the next is asked for."""
        cells = self._cells[look]
        for cell, value in zip(cells, values, strict=True):
            _fill(cell, value)
        return cells[:]

    def append(self, cells: list[Any]) -> None:
        """Write one row."""
        self._sheet.append(cells)

    def remarked(self, place: int, look: str, value: object, remark: object | None) -> Any:
        """A cell for the column at `place`, with a remark that is shown when the pointer rests on it."""
        if remark is None:
            cell = self._cells[look][place]
        else:
            cell = self._cell(look)
            cell.comment = Comment(clean(remark), AUTHOR, height=110, width=320)
        _fill(cell, value)
        return cell

    def save(self, target: Any, version: str) -> None:
        """Add the hidden sheets and write the file: a path, or a stream of bytes."""
        lists = self.book.create_sheet(CHOICES)
        lists.sheet_state = "hidden"
        longest = max((len(column.choices) for column in self._columns), default=0)
        for index in range(longest):
            lists.append([clean(c.choices[index]) if index < len(c.choices) else None for c in self._columns])
        marks = self.book.create_sheet(MARKS)
        marks.sheet_state = "veryHidden"
        marks.append([AUTHOR, version, str(SAMPLE)])
        for column in self._columns:
            marks.append([column.key, clean(column.title), clean(column.example)])
        self.book.save(target)

    def _lettered(self) -> list[tuple[str, Column]]:
        return [(get_column_letter(place), column) for place, column in enumerate(self._columns, 1)]

    def _title(self, column: Column) -> Any:
        cell = self._cell("required" if column.required else "title")
        _fill(cell, column.heading)
        if str(column.note):
            cell.comment = Comment(clean(column.note), AUTHOR, height=110, width=320)
        return cell

    def _cell(self, look: str) -> Any:
        cell = WriteOnlyCell(self._sheet)
        cell.style = look
        cell.alignment = Alignment(vertical="top", wrap_text=look in {"title", "required"})
        cell.quotePrefix = True  # text for ever, whatever it begins with
        return cell


def _fill(cell: Any, value: object) -> None:
    cell.value = clean(value)
    cell.data_type = "s"  # openpyxl would take "=1+1" for a formula


def _one_of(letter: str, count: int) -> DataValidation:
    """The cells of the column offer the words that stand in the same column of the hidden sheet."""
    rule = DataValidation(type="list", formula1=f"{CHOICES}!${letter}$1:${letter}${count}", allow_blank=True)
    rule.error = str(_("Choose one of the list."))
    rule.add(f"{letter}2:{letter}{LIMITS.rows}")
    return rule
