"""One page of A4, landscape."""

from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from app.declare.words import _
from app.documents.certificate.content import CertificateContent
from app.documents.certificate.faces import FACES, missing
from app.documents.certificate.ornament import GOLD, GREY, INK, RED, frame, rosette, rule, scan_code
from app.documents.certificate.setting import line, paragraph
from app.documents.refused import Refused

ACROSS, UP = landscape(A4)
MIDDLE = ACROSS / 2
LEFT, RIGHT = 96.0, ACROSS - 96.0
ROOM = RIGHT - LEFT


class MissingGlyphs(Refused):
    """No font has these characters; a certificate with a blank in a name is worse than none."""

    def __init__(self, characters: str) -> None:
        super().__init__(_("These characters cannot be printed: %(characters)s"), characters=characters)
        self.characters = characters


def render(content: CertificateContent) -> bytes:
    """The certificate as PDF. Equal content gives equal bytes, in every process.

    Raises MissingGlyphs before anything is drawn.
    """
    absent = missing(content.printed())
    if absent:
        raise MissingGlyphs(absent)
    target = BytesIO()
    page = Canvas(
        target, pagesize=(ACROSS, UP), invariant=1, pageCompression=1, lang="zh-CN", initialFontName=FACES[0]
    )
    page.setTitle(f"{content.title} {content.number}")
    page.setAuthor(content.issuer)
    page.setSubject(content.number)
    page.setCreator("Xueshi")
    rosette(page, MIDDLE, UP / 2 - 6, 205)
    frame(page, ACROSS, UP)
    _heading(page, content)
    _facts(page, content)
    _hours(page, content)
    _foot(page, content)
    page.showPage()
    page.save()
    return target.getvalue()


def _heading(page: Any, content: CertificateContent) -> None:
    page.setFillColorRGB(*RED)
    line(page, content.title, MIDDLE, 494, 34, ROOM - 40, align=0.5)
    page.setFillColorRGB(*GREY)
    line(page, content.subtitle, MIDDLE, 470, 12, ROOM, align=0.5)
    rule(page, MIDDLE, 454, 170)


def _facts(page: Any, content: CertificateContent) -> None:
    texts = content.texts
    page.setFillColorRGB(*INK)
    line(page, content.name, MIDDLE, 406, 30, ROOM - 60, align=0.5)
    half = ROOM / 2 - 12
    _fact(page, texts.document, content.document, LEFT, 370, half)
    _fact(page, texts.year, content.year, MIDDLE + 12, 370, half)
    _fact(page, texts.unit, content.unit, LEFT, 344, ROOM)
    page.setFillColorRGB(*INK)
    paragraph(page, f"\u3000\u3000{texts.statement}", LEFT, 304, 16, ROOM, height=82)


def _fact(page: Any, label: str, value: str, x: float, y: float, room: float) -> None:
    page.setFillColorRGB(*GREY)
    used = line(page, f"{label}  ", x, y, 13, room / 3)
    page.setFillColorRGB(*INK)
    paragraph(page, value, x + used, y, 14, room - used, height=32, leading=1.25)


def _hours(page: Any, content: CertificateContent) -> None:
    """A small table across the page: subjects above, their hours below."""
    texts, top, high = content.texts, 222.0, 25.0
    pairs = ((texts.subject, texts.hours), *content.subjects)
    wide = ROOM / len(pairs)
    page.setStrokeColorRGB(*GOLD)
    page.setLineWidth(0.7)
    page.grid([LEFT + wide * place for place in range(len(pairs) + 1)], [top, top - high, top - 2 * high])
    for place, (subject, hours) in enumerate(pairs):
        middle = LEFT + wide * (place + 0.5)
        page.setFillColorRGB(*GREY)
        line(page, subject, middle, top - 17, 13, wide - 12, align=0.5)
        page.setFillColorRGB(*(INK if place else GREY))
        line(page, hours, middle, top - high - 17, 14 if place else 13, wide - 12, align=0.5)


def _foot(page: Any, content: CertificateContent) -> None:
    """On the left what a stranger checks with, on the right who issued it, with room for a seal."""
    texts = content.texts
    scan_code(page, content.verify_url, LEFT - 12, 54, 104)
    x, room = LEFT + 100, 250
    _fact(page, texts.number, content.number, x, 128, room)
    _fact(page, texts.code, content.code, x, 106, room)
    page.setFillColorRGB(*GREY)
    paragraph(page, texts.check, x, 86, 9.5, room, height=34)
    page.setFillColorRGB(*INK)
    line(page, content.issuer, RIGHT - 130, 116, 17, 260, align=0.5)
    line(page, content.issued_on, RIGHT - 130, 88, 14, 260, align=0.5)
