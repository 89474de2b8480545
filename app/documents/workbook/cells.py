"""What may be written into a cell."""

import re

LONGEST_CELL = 32_767  # Excel's own limit
FORBIDDEN_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FORBIDDEN_IN_SHEET_TITLE = re.compile(r"[\[\]:*?/\\]")


def clean(value: object) -> str:
    """The value as text that every spreadsheet program opens; too long a text is cut."""
    return FORBIDDEN_IN_XML.sub("", str(value))[:LONGEST_CELL]


def sheet_title(title: object) -> str:
    """A title that Excel takes: 31 characters, none of its special ones."""
    return FORBIDDEN_IN_SHEET_TITLE.sub(" ", clean(title)).strip(" '")[:31] or "1"
