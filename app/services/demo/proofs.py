"""Proof files of the invented province: one drawn page, handed in with every recent declaration."""

from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import app.documents
from app.services import shelf
from app.services.demo.copying import PLACED, Table, line
from app.services.demo.declared import Declared
from app.services.demo.invented import chance_of

ATTACHMENT = Table(
    "attachment",
    (
        "uid", "subject", "subject_id", "person_id", "creator_id", "name", "media_type", "size",
        "digest", "created_at", *PLACED,
    ),
)  # fmt: skip

FONT = Path(app.documents.__file__).parent / "fonts" / "LXGWWenKai-Regular.ttf"
FORGOTTEN = 0.01
"""The share of declarations whose proof is missing, so that a batch has something to leave out."""


def attachments(declared: Iterable[Declared]) -> Iterator[str]:
    """The lines of the proofs of recent declarations; each file is on the shelf before its line is."""
    chance = chance_of("proofs")
    for each in declared:
        matter = each.matter
        if matter is None or each.record.activity.form.evidence == "none" or chance.random() < FORGOTTEN:
            continue
        kept = shelf.put(BytesIO(page()), most_megabytes=1)
        yield line(
            (
                kept.name, matter.kind.subject, matter.subject_id, matter.person_id, matter.creator_id,
                "证明材料.png", "image/png", kept.size, kept.digest, matter.submitted_at,
                matter.unit.id, *matter.unit.placed,
            )
        )  # fmt: skip


@cache
def page() -> bytes:
    """A drawn certificate that says it is none."""
    page = Image.new("RGB", (640, 400), "#fdfcf8")
    draw = ImageDraw.Draw(page)
    draw.rectangle((14, 14, 625, 385), outline="#b08d57", width=3)
    draw.text((320, 80), "结业证明", font=ImageFont.truetype(FONT, 44), fill="#222222", anchor="mm")
    small = ImageFont.truetype(FONT, 22)
    for row, words in enumerate(
        ("兹证明该同志已完成全部学习内容，", "经考核合格，准予结业。", "（演示数据，非真实证明）")
    ):
        draw.text((320, 160 + 40 * row), words, font=small, fill="#333333", anchor="mm")
    draw.ellipse((460, 250, 580, 370), outline="#c0392b", width=4)
    draw.text((520, 310), "演示专用", font=small, fill="#c0392b", anchor="mm")
    target = BytesIO()
    page.quantize(32).save(target, "PNG", optimize=True)
    return target.getvalue()
