"""Setting text: in one line that shrinks to fit, or in a paragraph, each character in a font that has it."""

import re
from itertools import pairwise
from typing import Any

from app.documents.certificate.faces import runs, width

WORDS = re.compile(r"[A-Za-z0-9.,:;/@_%+-]+|\s+|.", re.DOTALL)
NEVER_FIRST = "，。；：、！？）》”’」』％"
LEAST = 6.0
STEP = 0.5


def fitting(text: str, size: float, room: float) -> float:
    """The largest size in points, not above `size`, in which the text needs no more than the room."""
    needed = width(text, size)
    return size if needed <= room else size * room / needed


def line(page: Any, text: str, x: float, y: float, size: float, room: float, *, align: float = 0.0) -> float:
    """Draw one line within the room, and return its width. `align` is 0 from x, 0.5 around x, 1 up to x."""
    size = fitting(text, size, room)
    needed = width(text, size)
    words = page.beginText(x - align * needed, y)
    for face, part in runs(text):
        words.setFont(face, size)
        words.textOut(part)
    page.drawText(words)
    return needed


def paragraph(
    page: Any, text: str, x: float, y: float, size: float, room: float, *, height: float, leading: float = 1.7
) -> None:
    """Draw lines from the baseline y downwards, in the largest size up to `size` that fits the height.

    `leading` is the distance of two lines as a multiple of the size.
    """
    lines = wrapped(text, size, room)
    while len(lines) * size * leading > height and size > LEAST:
        size -= STEP
        lines = wrapped(text, size, room)
    for down, words in enumerate(lines):
        line(page, words, x, y - down * size * leading, size, room)


def wrapped(text: str, size: float, room: float) -> list[str]:
    """The lines of a paragraph: Chinese breaks anywhere but before a closing mark, words stay whole."""
    lines, used = [""], 0.0
    for piece, following in pairwise([*WORDS.findall(text), ""]):
        wide = width(piece, size)
        closing = width(following, size) if following and following in NEVER_FIRST else 0.0
        if lines[-1] and used + wide + closing > room:
            lines.append("")
            used = 0.0
        lines[-1] += piece
        used += wide
    return [words.strip(" ") for words in lines]
