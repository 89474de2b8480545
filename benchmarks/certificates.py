"""A certificate against the least that reportlab needs for one such page, the fonts loaded in both."""

from collections.abc import Iterator
from io import BytesIO
from statistics import median
from time import perf_counter

import psycopg
import segno
from flask import Flask
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy.orm import Session

from app.database import connect
from app.documents.certificate import CertificateContent, render
from app.documents.certificate.faces import FONTS
from app.security.scope import set_actor
from app.security.sessions import actor_for
from app.services import certificates
from benchmarks.ground import Ground
from benchmarks.report import Line

FONT = "LXGWWenKai-Regular"
GOAL = 1.3


def measured(ground: Ground, _product: Flask, rounds: int) -> Iterator[Line]:
    """The page from its frozen content, and the same with the row from the database."""
    with psycopg.connect(ground.owner) as connection:
        kept = connection.execute("SELECT id, content FROM certificate ORDER BY id").fetchall()
    contents = [CertificateContent.thawed(content) for _key, content in kept]
    engine = connect(ground.settings.database_url)
    province = ground.scopes[-1]
    with Session(engine) as session:
        actor = actor_for(session, province.account, province.organization)
        assert actor is not None
        set_actor(session, actor)
        ways = {
            "limit": lambda place: _plain(contents[place]),
            "ours": lambda place: render(contents[place]),
            "paper": lambda place: certificates.paper(session, kept[place][0]),
        }
        seen: dict[str, list[float]] = {name: [] for name in ways}
        sizes: dict[str, int] = {}
        for turn in range(rounds + 3):
            for name, draw in ways.items():
                begun = perf_counter()
                page = draw(turn % len(kept))
                if turn >= 3:
                    seen[name].append(perf_counter() - begun)
                sizes[name] = len(page)
    engine.dispose()
    limit = median(seen["limit"])
    size = f"{sizes['ours'] / 1024:.0f} KB, limit {sizes['limit'] / 1024:.0f} KB"
    yield Line("one page of PDF ÷ plain reportlab", median(seen["ours"]) / limit, GOAL, size)
    yield Line("the same with its row read and checked", median(seen["paper"]) / limit, None)


def _plain(content: CertificateContent) -> bytes:
    """The same words and the same QR code, set without any care."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(FONT, FONTS / f"{FONT}.ttf"))
    target = BytesIO()
    canvas = Canvas(target, pagesize=landscape(A4))
    canvas.setFont(FONT, 14)
    lines = [
        content.title, content.name, content.document, content.unit, content.year, content.number,
        content.code, content.issuer, content.issued_on, content.texts.statement, content.texts.check,
        *(f"{subject} {hours}" for subject, hours in content.subjects),
    ]  # fmt: skip
    for place, line in enumerate(lines):
        canvas.drawString(60, 540 - 26 * place, line)
    path = canvas.beginPath()
    for row, cells in enumerate(segno.make(content.verify_url, error="m", micro=False).matrix_iter(border=4)):
        for column, dark in enumerate(cells):
            if dark:
                path.rect(650 + 3 * column, 300 - 3 * row, 3, 3)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.save()
    return target.getvalue()
