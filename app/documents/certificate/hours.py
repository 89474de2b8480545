"""The hours on the paper: of one year across the page, or a line for each of several years."""

from typing import Any

from app.documents.certificate.content import CertificateContent
from app.documents.certificate.ornament import GOLD, GREY, INK
from app.documents.certificate.setting import line
from app.documents.certificate.sheet import Sheet

HIGH = 25.0
"""A line of the table is at most so high, in points."""


def table(page: Any, content: CertificateContent, sheet: Sheet) -> None:
    """Subjects above, their hours below; several years one under the other, their sum last."""
    texts = content.texts
    lines: list[tuple[str, ...]]
    if content.years:
        heads = [texts.year, *(subject for subject, _hours in content.subjects)]
        lines = [*content.years, (content.subjects[-1][0], *(hours for _subject, hours in content.subjects))]
    else:
        heads = [texts.subject, *(subject for subject, _hours in content.subjects)]
        lines = [(texts.hours, *(hours for _subject, hours in content.subjects))]
    top, lowest = sheet.table
    high = min(HIGH, (top - lowest) / (len(lines) + 1))
    wide = sheet.room / len(heads)
    across = [sheet.left + wide * place for place in range(len(heads) + 1)]
    page.setStrokeColorRGB(*GOLD)
    page.setLineWidth(0.7)
    page.grid(across, [top - high * place for place in range(len(lines) + 2)])
    _heads(page, heads, _second(content), sheet.left, top, wide, high)
    for down, cells in enumerate(lines, start=1):
        for place, cell in enumerate(cells):
            size = min(14 if place else 13, high * 0.62)
            page.setFillColorRGB(*(INK if place else GREY))
            middle = sheet.left + wide * (place + 0.5)
            line(page, cell, middle, top - high * (down + 0.68), size, wide - 12, align=0.5)


def _second(content: CertificateContent) -> list[str]:
    second = content.second
    if second is None:
        return []
    return [second.texts.year if content.years else second.texts.subject, *second.subjects]


def _heads(
    page: Any, heads: list[str], second: list[str], left: float, top: float, wide: float, high: float
) -> None:
    page.setFillColorRGB(*GREY)
    size = min(13.0, high * 0.62)
    for place, head in enumerate(heads):
        middle = left + wide * (place + 0.5)
        if not second:
            line(page, head, middle, top - high * 0.68, size, wide - 12, align=0.5)
            continue
        line(page, head, middle, top - high * 0.46, size * 0.85, wide - 12, align=0.5)
        line(page, second[place], middle, top - high * 0.84, size * 0.5, wide - 8, align=0.5)
