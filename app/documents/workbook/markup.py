"""The streaming look at the XML of one part: no declarations of entities, no value far out.

It looks for tags with one regular expression and builds no tree: 70 MB take a third of a second. What
it might overlook (references written with entities, cells without any) costs nothing but the reader's
child, which lives within limits of its own.
"""

import re

from app.declare.words import _
from app.documents.workbook.unreadable import DAMAGED, Unreadable

LONGEST_TAG = 1 << 20
DIGITS_OF_LAST_ROW = 7  # 1,048,576

XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")  # UTF-16, with its mark and without
OTHER_ENCODING = re.compile(
    rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["'](?!utf-?8|us-ascii)""", re.IGNORECASE
)
DECLARATION = re.compile(rb"<!(?!--|\[CDATA\[)")
# A cell that may have a value (it is not closed at once), in a column of two letters or a row of six digits.
FAR_CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^<>]*?\s)?r\s*=\s*["']([A-Z]{2,}\d+|[A-Z]\d{6,})["'][^<>]*(?<!/)>""", re.IGNORECASE
)
REFERENCE = re.compile(rb"([A-Z]+)(\d+)")

TOO_WIDE = _(
    "Cell %(cell)s has a value; at most %(limit)s columns are read. Delete what is right of the table."
)
TOO_LONG = _("Cell %(cell)s has a value; at most %(limit)s rows are read. Delete what is below, or split it.")


class Markup:
    """Takes one part in chunks and raises Unreadable at the first thing that must not be there.

    A part that is no XML (a picture, the settings of a printer) passes: nothing parses it.
    """

    def __init__(self, head: bytes, *, columns: int, rows: int) -> None:
        if head.startswith(WIDE) or OTHER_ENCODING.match(head):
            raise Unreadable(DAMAGED)
        self._is_xml = XML.match(head) is not None
        self._columns, self._rows = columns, rows
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        """Look at the next chunk; a tag cut in two is looked at when it is whole."""
        if not self._is_xml:
            return
        window = self._rest + chunk
        cut = window.rfind(b"<")
        cut = cut if cut > window.rfind(b">") else len(window)
        whole, self._rest = window[:cut], window[cut:]
        if len(self._rest) > LONGEST_TAG:
            raise Unreadable(DAMAGED)
        if DECLARATION.search(whole):
            raise Unreadable(_("The workbook declares entities, which no table needs, so it was not opened."))
        for cell in FAR_CELL.finditer(whole):
            self._require_near(cell[1].upper())

    def _require_near(self, reference: bytes) -> None:
        letters, digits = REFERENCE.fullmatch(reference).groups()  # type: ignore[union-attr]  # FAR_CELL matched it
        cell = reference[:12].decode()
        column = 0
        for letter in letters[:4]:  # the last column is XFD
            column = column * 26 + letter - ord("A") + 1
        if column > self._columns:
            raise Unreadable(TOO_WIDE, cell=cell, limit=self._columns)
        if len(digits) > DIGITS_OF_LAST_ROW or int(digits) > self._rows:
            raise Unreadable(TOO_LONG, cell=cell, limit=self._rows)
