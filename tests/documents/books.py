"""Workbooks that people send, and workbooks that nobody means well with."""

import zipfile
from io import BytesIO

from openpyxl import Workbook, load_workbook

from app.documents.workbook import Column, read
from app.documents.workbook.archive import LIMITS

COLUMNS = (
    Column("name", "Name", required=True, example="Zhang San", note="As on the ID card"),
    Column("number", "ID number", required=True, example="110101199003070000", width=22),
    Column("series", "Title series", choices=("Engineering", "Teaching"), example="Engineering"),
    Column("since", "Since"),
)
TITLES = ["Name", "ID number", "Title series", "Since"]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>{{}}</sheetData></worksheet>'
RELATION = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{LINKS}/{{}}" Target="{{}}"/></Relationships>'
)
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": RELATION.format("officeDocument", "xl/workbook.xml"),
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">'
    '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": RELATION.format("worksheet", "worksheets/sheet1.xml"),
}


def book(*rows):
    """A workbook as a person would save it, the rows from A1 down."""
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    return bytes_of(workbook)


def bytes_of(workbook):
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def opened(content, **how):
    return load_workbook(BytesIO(content), **how)


def raw(sheet, parts=(), *, prolog='<?xml version="1.0" encoding="UTF-8"?>'):
    """A workbook with this text as its sheet, and more parts as (name, content)."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (*PARTS.items(), *parts):
            archive.writestr(name, part)
        archive.writestr("xl/worksheets/sheet1.xml", sheet if isinstance(sheet, bytes) else prolog + sheet)
    return stream.getvalue()


def cells(*references):
    """The text of a sheet with the value 1 in each of these cells."""
    rows = (
        f'<row r="{ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{ref}"><v>1</v></c></row>'
        for ref in references
    )
    return SHEET.format("".join(rows))


def rows_of(path, columns=COLUMNS, max_rows=1000, limits=LIMITS):
    """Everything that reading the file gives, at once."""
    with read(path, columns, max_rows=max_rows, limits=limits) as reading:
        return list(reading.rows)


def values_of(path, columns=COLUMNS):
    return [list(row.values.values()) for row in rows_of(path, columns)]
