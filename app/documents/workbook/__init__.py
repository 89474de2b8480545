"""Spreadsheets: the template, the file somebody sends, the rows that failed, the export."""

from app.documents.workbook.archive import Limits, inspect_archive
from app.documents.workbook.column import Column
from app.documents.workbook.export import export
from app.documents.workbook.failed import Failed, failed_rows
from app.documents.workbook.heading import Head, Layout
from app.documents.workbook.reader import Reading, Row, read
from app.documents.workbook.shaped import shaped
from app.documents.workbook.template import template
from app.documents.workbook.unreadable import Unreadable

__all__ = [
    "Column",
    "Failed",
    "Head",
    "Layout",
    "Limits",
    "Reading",
    "Row",
    "Unreadable",
    "export",
    "failed_rows",
    "inspect_archive",
    "read",
    "shaped",
    "template",
]
