"""One page of A4 for each certificate."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Any

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.declare.words import _
from app.documents.certificate.content import CertificateContent
from app.documents.certificate.faces import FACES, missing
from app.documents.certificate.hours import table
from app.documents.certificate.ornament import GREY, INK, RED, frame, rosette, rule, scan_code
from app.documents.certificate.setting import line, paragraph
from app.documents.certificate.sheet import SHEETS, Sheet
from app.documents.refused import Refused

NO_SEALS: Mapping[str, bytes] = MappingProxyType({})
SEAL = 116.0
"""How wide and high a seal is printed: 41 mm, as the seals of departments are, in points."""


class MissingGlyphs(Refused):
    """No font has these characters; a certificate with a blank in a name is worse than none."""

    def __init__(self, characters: str) -> None:
        super().__init__(_("These characters cannot be printed: %(characters)s"), characters=characters)
        self.characters = characters


class SealMissing(LookupError):
    """The picture of a seal that a certificate bears was not given."""


def render(content: CertificateContent, seals: Mapping[str, bytes] = NO_SEALS) -> bytes:
    """The certificate as PDF. Equal content gives equal bytes, in every process.

    `seals` are the pictures by their digests. Raises MissingGlyphs, or SealMissing, before anything is drawn.
    """
    return render_all([content], seals)


def render_all(contents: Iterable[CertificateContent], seals: Mapping[str, bytes] = NO_SEALS) -> bytes:
    """Several certificates as one PDF for the printer, a page each, their fonts embedded once.

    Raises MissingGlyphs, or SealMissing, and makes nothing then.
    """
    kept = list(contents)
    for content in kept:  # this registers the fonts too, before the canvas asks for one
        if absent := missing(content.printed()):
            raise MissingGlyphs(absent)
        if content.seal and content.seal not in seals:
            raise SealMissing(content.seal)
    target = BytesIO()
    page = Canvas(target, invariant=1, pageCompression=1, lang="zh-CN", initialFontName=FACES[0])
    page.setCreator("Xueshi")
    for content in kept:
        _draw(page, content, SHEETS[content.paper], seals.get(content.seal))
    page.save()
    return target.getvalue()


def _draw(page: Any, content: CertificateContent, sheet: Sheet, seal: bytes | None) -> None:
    page.setTitle(f"{content.title} {content.number}")
    page.setAuthor(content.issuer)
    page.setSubject(content.number)
    page.setKeywords(content.code)
    page.setPageSize((sheet.across, sheet.up))
    rosette(page, sheet.middle, sheet.up / 2 - 6, min(205, sheet.middle - 76))
    frame(page, sheet.across, sheet.up)
    if seal is not None:
        _seal(page, seal, sheet)
    _heading(page, content, sheet)
    _facts(page, content, sheet)
    table(page, content, sheet)
    _foot(page, content, sheet)
    page.showPage()


def _seal(page: Any, picture: bytes, sheet: Sheet) -> None:
    """Under the words of who issued it, as a stamp on paper that was written on."""
    x, y = sheet.issuer
    where = (x - SEAL / 2, y - 14 - SEAL / 2)
    page.drawImage(ImageReader(BytesIO(picture)), *where, SEAL, SEAL, mask="auto", preserveAspectRatio=True)


def _heading(page: Any, content: CertificateContent, sheet: Sheet) -> None:
    page.setFillColorRGB(*RED)
    line(page, content.title, sheet.middle, sheet.title, sheet.title_size, sheet.room - 40, align=0.5)
    page.setFillColorRGB(*GREY)
    line(page, content.subtitle, sheet.middle, sheet.title - 24, 12, sheet.room, align=0.5)
    rule(page, sheet.middle, sheet.title - 40, 170)


def _facts(page: Any, content: CertificateContent, sheet: Sheet) -> None:
    texts, second = content.texts, content.second
    page.setFillColorRGB(*INK)
    line(page, content.name, sheet.middle, sheet.name, 30, sheet.room - 60, align=0.5)
    half = sheet.room / 2 - 12 if sheet.beside else sheet.room
    small = second.texts if second is not None else None
    _fact(page, texts.document, content.document, *sheet.document, half, small.document if small else "")
    _fact(page, texts.year, content.year, *sheet.year, half, small.year if small else "")
    _fact(page, texts.unit, content.unit, sheet.left, sheet.unit, sheet.room, small.unit if small else "")
    page.setFillColorRGB(*INK)
    first, height = sheet.statement
    own = height if small is None else height * 0.58
    paragraph(page, f"\u3000\u3000{texts.statement}", sheet.left, first, 16, sheet.room, height=own)
    if small is not None:
        page.setFillColorRGB(*GREY)
        paragraph(
            page, small.statement, sheet.left, first - own - 4, 10.5, sheet.room,
            height=height - own - 6, leading=1.3,
        )  # fmt: skip


def _fact(page: Any, label: str, value: str, x: float, y: float, room: float, second: str = "") -> None:
    page.setFillColorRGB(*GREY)
    used = line(page, f"{label}  ", x, y, 13, room / 3)
    if second:
        line(page, second, x, y - 9, 7, used)
    page.setFillColorRGB(*INK)
    paragraph(page, value, x + used, y, 14, room - used, height=32, leading=1.25)


def _foot(page: Any, content: CertificateContent, sheet: Sheet) -> None:
    """On the left what a stranger checks with, on the right who issued it, with room for a seal."""
    texts, second = content.texts, content.second
    scan_code(page, content.verify_url, sheet.left - 12, 54, sheet.code_side)
    (x, y), room = sheet.number, sheet.number_room
    small = second.texts if second is not None else None
    _fact(page, texts.number, content.number, x, y, room, small.number if small else "")
    _fact(page, texts.code, content.code, x, y - 22, room, small.code if small else "")
    page.setFillColorRGB(*GREY)
    height = 34.0 if small is None else 15.0
    paragraph(page, texts.check, x, y - 42, 9.5, room, height=height)
    if small is not None:
        paragraph(page, small.check, x, y - 60, 8, room, height=20, leading=1.25)
    page.setFillColorRGB(*INK)
    middle, at = sheet.issuer
    line(page, content.issuer, middle, at, 17, sheet.issuer_room, align=0.5)
    line(page, content.issued_on, middle, at - 28, 14, sheet.issuer_room, align=0.5)
    if second is not None:
        page.setFillColorRGB(*GREY)
        line(page, second.issuer, middle, at - 12, 7.5, sheet.issuer_room, align=0.5)
