"""A file that proves something: a PDF, or a photograph of a paper."""

import hashlib
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from app.declare.words import _
from app.documents.refused import Refused

MEGABYTE = 1 << 20
LIMIT = 10 * MEGABYTE
KINDS = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
MAGIC = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
PIXELS = {"jpg": 50_000_000, "png": 16_000_000}
"""So large a picture may be. A JPEG is decoded at a fraction of its size, a PNG whole (200 MB at worst)."""

SIDE = 3000
"""Longer sides are made this long, in pixels: 260 dots per inch of an A4 page."""

QUALITY = 88
END = b"%%EOF"
TAIL = 2048

TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)
BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error)


@dataclass(frozen=True)
class Evidence:
    """A file that may be kept: `content` is what to keep, `sha256` is of that, in hexadecimal."""

    kind: str
    media_type: str
    content: bytes
    sha256: str


def inspect(content: bytes, limit: int = LIMIT) -> Evidence:
    """Judge a file by what it is, not by its name or by what the browser said.

    A picture is decoded and written anew: turned as its camera meant it, at most 3000 pixels long, without
    the place and time that phones hide in it and without anything that stood behind its end. A PDF is
    kept as it is: serve it in a sandbox, never as a page of ours.

    Raises Refused: empty, larger than `limit` bytes, of another kind, broken, too many pixels.
    """
    if not content:
        raise Refused(_("The file is empty."))
    if len(content) > limit:
        raise Refused(_("The file is larger than %(limit)s MB."), limit=limit // MEGABYTE)
    kind = next((kind for magic, kind in MAGIC.items() if content.startswith(magic)), None)
    if kind is None:
        raise Refused(_("Only PDF, JPG and PNG files are taken."))
    if kind != "pdf":
        content = _redrawn(content, kind)
    elif END not in content[-TAIL:]:
        raise Refused(_("The PDF is damaged or was not sent completely."))
    return Evidence(kind, KINDS[kind], content, hashlib.sha256(content).hexdigest())


def _redrawn(content: bytes, kind: str) -> bytes:
    image_format = "JPEG" if kind == "jpg" else "PNG"
    too_large = Refused(
        _("The picture has more than %(limit)s million pixels."), limit=PIXELS[kind] // 1_000_000
    )
    target = BytesIO()
    try:
        with Image.open(BytesIO(content), formats=[image_format]) as image:
            if image.width * image.height > PIXELS[kind]:
                raise too_large
            image.draft("RGB", (SIDE, SIDE))
            ImageOps.exif_transpose(image, in_place=True)  # a copy of 16 million pixels is 64 MB
            picture = _plain(image)
            picture.thumbnail((SIDE, SIDE))
            picture.save(target, image_format, quality=QUALITY)
    except TOO_LARGE as bomb:
        raise too_large from bomb
    except BROKEN as broken:
        raise Refused(_("The picture is damaged.")) from broken
    return target.getvalue()


def _plain(image: Image.Image) -> Image.Image:
    """The picture in a mode that both formats and resizing know, without anything but its pixels."""
    if image.mode.startswith("I"):  # a scanner's 16 bits of grey
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    if image.mode not in {"L", wanted}:
        image = image.convert(wanted)
    image.info = {}
    return image
