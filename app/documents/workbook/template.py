"""The empty workbook that people fill in."""

from collections.abc import Sequence
from io import BytesIO

from app.documents.workbook.column import SAMPLE, Column
from app.documents.workbook.layout import Sheet


def template(sheet_title: object, columns: Sequence[Column], version: str) -> bytes:
    """An .xlsx with the columns' titles, lists of their choices, and one sample row.

    All cells are text, so that Excel does not turn an ID number into 4.2E+17. Hidden in it: the
    version and the titles' keys, by which the reader knows the columns again in any language. Sent
    back as it is it imports nothing: the reader leaves the sample row out.
    """
    sheet = Sheet(sheet_title, columns)
    examples = [str(column.example) for column in columns]
    if any(examples):
        sheet.append(sheet.row([f"{SAMPLE}{examples[0]}", *examples[1:]], look="sample"))
    target = BytesIO()
    sheet.save(target, version)
    return target.getvalue()
