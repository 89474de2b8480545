import hashlib
import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from app.documents.evidence import inspect
from app.documents.refused import Refused

MEGABYTE = 1 << 20
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def picture(image_format, size=(60, 40), mode="RGB", colour="red", **how):
    stream = BytesIO()
    Image.new(mode, size, colour).save(stream, image_format, **how)
    return stream.getvalue()


def refusal(content, limit=10 * MEGABYTE):
    with pytest.raises(Refused) as refused:
        inspect(content, limit)
    return str(refused.value)


def kept(content):
    return Image.open(BytesIO(inspect(content).content))


def test_a_pdf_is_kept_as_it_is():
    evidence = inspect(PDF)

    assert (evidence.kind, evidence.media_type, evidence.content) == ("pdf", "application/pdf", PDF)
    assert evidence.sha256 == hashlib.sha256(PDF).hexdigest()


@pytest.mark.parametrize(
    ("image_format", "kind", "media_type"), [("JPEG", "jpg", "image/jpeg"), ("PNG", "png", "image/png")]
)
def test_a_picture_is_known_by_its_bytes(image_format, kind, media_type):
    evidence = inspect(picture(image_format))

    assert (evidence.kind, evidence.media_type) == (kind, media_type)
    assert evidence.sha256 == hashlib.sha256(evidence.content).hexdigest()
    assert Image.open(BytesIO(evidence.content)).size == (60, 40)


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 a workbook",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"<html><script>1</script>",
        b"\n%PDF-1.7 behind a line",
        b"MZ",
        picture("GIF"),
        picture("BMP"),
        picture("WEBP"),
        b"\0\0\0\x18ftypheic",
    ],
    ids=["workbook", "svg", "html", "late pdf", "program", "gif", "bmp", "webp", "heic"],
)
def test_another_kind_is_refused(content):
    assert refusal(content) == "Only PDF, JPG and PNG files are taken."


def test_nothing_and_too_much_are_refused():
    assert refusal(b"") == "The file is empty."
    assert refusal(PDF + b"\0" * (50 * MEGABYTE)) == "The file is larger than 10 MB."
    assert refusal(PDF * 20_000, limit=MEGABYTE) == "The file is larger than 1 MB."
    assert inspect(PDF, limit=len(PDF)).kind == "pdf"


def test_a_pdf_that_was_cut_off_is_refused():
    assert refusal(PDF[:-8]) == "The PDF is damaged or was not sent completely."


@pytest.mark.parametrize("image_format", ["JPEG", "PNG"])
def test_a_picture_that_was_cut_off_is_refused(image_format):
    content = picture(image_format, size=(900, 900), colour="navy")

    assert refusal(content[: len(content) // 2]) == "The picture is damaged."


def test_what_a_phone_hides_in_a_photograph_is_gone():
    exif = Image.Exif()
    exif[0x010F] = "a maker of phones"
    exif.get_ifd(0x8825)[1] = "N"
    content = picture("JPEG", exif=exif, comment=b"a secret", icc_profile=b"a profile")

    evidence = inspect(content + b"<script>behind the end</script>").content

    assert [word for word in (b"maker", b"secret", b"profile", b"script", b"Exif") if word in evidence] == []
    assert dict(Image.open(BytesIO(evidence)).getexif()) == {}


def test_what_a_program_hides_in_a_picture_is_gone():
    words = PngInfo()
    words.add_text("Author", "a secret")
    content = picture("PNG", pnginfo=words) + b"<script>behind the end</script>"

    evidence = inspect(content).content

    assert [word for word in (b"secret", b"Author", b"script") if word in evidence] == []


def test_a_photograph_is_turned_as_its_camera_meant_it():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright

    assert kept(picture("JPEG", exif=exif)).size == (40, 60)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG"])
def test_a_large_picture_becomes_one_that_still_can_be_read(image_format):
    assert kept(picture(image_format, size=(4000, 3000), mode="L", colour=128)).size == (3000, 2250)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_a_png_is_taken(mode):
    image = kept(picture("PNG", mode=mode, colour=None))

    assert (image.size, image.format) == ((60, 40), "PNG")


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
def test_every_mode_of_a_jpeg_is_taken(mode):
    assert kept(picture("JPEG", mode=mode, colour=None)).size == (60, 40)


def test_16_bits_of_grey_keep_their_shades():
    assert kept(picture("PNG", mode="I;16", colour=0x8000)).getpixel((5, 5)) == 128


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


@pytest.mark.parametrize("side", [4001, 20_000, 60_000])
def test_a_small_file_that_becomes_a_huge_picture_is_refused(side):
    header = chunk(b"IHDR", struct.pack(">2I5B", side, side, 8, 0, 0, 0, 0))
    content = (
        b"\x89PNG\r\n\x1a\n"
        + header
        + chunk(b"IDAT", zlib.compress(b"\0" * 10_000_000))
        + chunk(b"IEND", b"")
    )

    assert len(content) < 20_000
    assert refusal(content) == "The picture has more than 16 million pixels."


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_mutated_picture_is_taken_or_refused(data):
    content = bytearray(picture(data.draw(st.sampled_from(["JPEG", "PNG"])), size=(16, 16)))
    for _time in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    with suppress(Refused):
        inspect(bytes(content))
