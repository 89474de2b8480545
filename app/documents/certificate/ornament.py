"""The drawn parts of the page: frame, rosette, and the code to be scanned."""

from typing import Any

import segno

RED = (0.58, 0.10, 0.11)
GOLD = (0.72, 0.56, 0.28)
PALE = (0.955, 0.925, 0.855)
INK = (0.10, 0.10, 0.11)
GREY = (0.42, 0.42, 0.44)

FRET = ((0, 0), (26, 0), (26, 26), (7, 26), (7, 7), (19, 7), (19, 19), (13, 19), (13, 13))
"""One corner of a meander (回纹), from the frame's corner inwards, in points."""


def frame(page: Any, across: float, up: float) -> None:
    """A red frame, a gold one within it, and a meander in each corner."""
    page.setStrokeColorRGB(*RED)
    page.setLineWidth(3)
    page.rect(24, 24, across - 48, up - 48)
    page.setStrokeColorRGB(*GOLD)
    page.setLineWidth(0.8)
    page.rect(31, 31, across - 62, up - 62)
    page.setLineWidth(1.6)
    page.setLineJoin(0)
    for x, right in ((38.0, 1), (across - 38, -1)):
        for y, upwards in ((38.0, 1), (up - 38, -1)):
            path = page.beginPath()
            path.moveTo(x, y)
            for along, inwards in FRET[1:]:
                path.lineTo(x + right * along, y + upwards * inwards)
            page.drawPath(path)


def rosette(page: Any, x: float, y: float, radius: float) -> None:
    """Fine turning ellipses, pale behind the text."""
    page.saveState()
    page.setStrokeColorRGB(*PALE)
    page.setLineWidth(0.45)
    page.translate(x, y)
    for _turn in range(36):
        page.rotate(5)
        page.ellipse(-radius, -radius * 0.42, radius, radius * 0.42)
    page.restoreState()


def rule(page: Any, x: float, y: float, half: float) -> None:
    """A gold line with a lozenge in its middle, x."""
    page.setStrokeColorRGB(*GOLD)
    page.setFillColorRGB(*GOLD)
    page.setLineWidth(0.8)
    page.line(x - half, y, x - 8, y)
    page.line(x + 8, y, x + half, y)
    path = page.beginPath()
    path.moveTo(x - 4, y)
    for corner in ((x, y + 4), (x + 4, y), (x, y - 4)):
        path.lineTo(*corner)
    path.close()
    page.drawPath(path, stroke=0, fill=1)


def scan_code(page: Any, text: str, x: float, y: float, side: float) -> None:
    """A QR code as one vector path on white, its quiet zone of four modules within the side."""
    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=4)]
    module = side / len(rows)
    page.setFillColorRGB(1, 1, 1)
    page.rect(x, y, side, side, stroke=0, fill=1)
    path = page.beginPath()
    for down, row in enumerate(rows):
        start = 0
        for place, dark in enumerate([*row, 0]):
            if dark:
                continue
            if place > start:
                path.rect(
                    x + start * module, y + side - (down + 1) * module, (place - start) * module, module
                )
            start = place + 1
    page.setFillColorRGB(0, 0, 0)
    page.drawPath(path, stroke=0, fill=1)
