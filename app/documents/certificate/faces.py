"""The fonts of a certificate: the first that has a character draws it, and none draws a blank."""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONTS = Path(__file__).parent.parent / "fonts"
FACES = ("LXGWWenKai-Regular", "RareHanA", "RareHanB")
UNPRINTED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

BEYOND_16_BITS = re.compile("<([0-9A-F]{5,6})>")

_opening = threading.Lock()


class Face(TTFont):
    """A font whose rare characters can be searched and copied in the PDF.

    reportlab 5.1 writes 𠮷 into the table of meanings as <20BB7>, where the format wants UTF-16.
    """

    def addObjects(self, doc: Any) -> None:  # noqa: N802 -- reportlab's name
        """Add the font's objects to the document, then mend its tables of meanings."""
        super().addObjects(doc)
        for name, table in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:"):
                table.content = BEYOND_16_BITS.sub(_as_utf_16, table.content)


def missing(text: str) -> str:
    """The characters that no font can show, each once: rare ones, and those that print as nothing."""
    return "".join(dict.fromkeys(char for char in text if _face(char) is None))


def runs(text: str) -> Iterator[tuple[str, str]]:
    """The text cut into (name of the font, part). Every character must have a font: ask `missing` first."""
    for face, chars in groupby(text, _face):
        yield str(face), "".join(chars)


def width(text: str, size: float) -> float:
    """How wide the text is in points, when it is set in this size."""
    return sum(pdfmetrics.stringWidth(part, face, size) for face, part in runs(text))


@cache
def _face(char: str) -> str | None:
    if unicodedata.category(char) in UNPRINTED:
        return None
    return next((face for face in FACES if ord(char) in _characters(face)), None)


def _characters(face: str) -> frozenset[int]:
    with _opening:
        return _opened(face)


@cache
def _opened(face: str) -> frozenset[int]:
    """Open and register a font, once per process and only when the ones before it lack a character."""
    font = Face(face, FONTS / f"{face}.ttf")
    pdfmetrics.registerFont(font)
    return frozenset(font.face.charToGlyph)


def _as_utf_16(code: re.Match[str]) -> str:
    return f"<{chr(int(code[1], 16)).encode('utf-16-be').hex().upper()}>"
