"""The file of a lesson: a video that browsers play and that says how long it lasts, or a PDF."""

import struct
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents import lesson_file
from app.documents.lesson_file import Found
from app.documents.refused import Refused

WEBM = (Path(__file__).parent.parent / "services" / "lesson.webm").read_bytes()
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def box(kind, *inside):
    content = b"".join(inside)
    return struct.pack(">I4s", 8 + len(content), kind) + content


def mp4(codec=b"avc1", handler=b"vide", scale=1000, duration=61_500, data=b"x" * 50):
    """An MP4 of one track, as far as its head goes."""
    header = box(b"mvhd", bytes(12), struct.pack(">II", scale, duration), bytes(80))
    entries = box(b"stsd", bytes(4), struct.pack(">I", 1), box(codec, bytes(78)))
    media = box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(12)), box(b"minf", box(b"stbl", entries)))
    moov = box(b"moov", header, box(b"trak", media))
    return box(b"ftyp", b"isom", bytes(4)) + moov + box(b"mdat", data)


def inspected(content, kind="video"):
    return lesson_file.inspect(BytesIO(content), kind)


def refusal(content, kind="video"):
    with pytest.raises(Refused) as refused:
        inspected(content, kind)
    return str(refused.value)


def test_a_video_says_what_it_is_and_how_long_it_lasts():
    assert inspected(mp4()) == Found("video/mp4", 61)
    assert inspected(WEBM) == Found("video/webm", 3)


def test_a_pdf_is_taken_as_one():
    assert inspected(PDF, "pdf") == Found("application/pdf", 0)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This is no video"),
        (b"MZ" + bytes(500), "This is no video"),
        (PDF, "This is no video"),
        (b"<html><video></html>", "This is no video"),
        (mp4()[:-20], "was not sent completely"),
        (mp4(handler=b"soun"), "no pictures"),
        (mp4(codec=b"hvc1"), "coded as hvc1"),
        (mp4(duration=0), "does not say how long"),
        (mp4(scale=0), "does not say how long"),
        (mp4(scale=1, duration=13 * 3600), "at most 12 hours"),
        (WEBM[:600], "was not sent completely"),
    ],
)
def test_what_is_none_is_refused_in_words(content, sentence):
    assert sentence in refusal(content)


def test_a_video_is_no_pdf_and_half_a_pdf_is_broken():
    assert "no PDF" in refusal(WEBM, "pdf")
    assert "damaged" in refusal(PDF[:-8], "pdf")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from((mp4(), WEBM)), st.integers(0, 4000), st.binary(min_size=1, max_size=8))
def test_damage_anywhere_is_refused_or_harmless(content, place, other):
    damaged = content[:place] + other + content[place + len(other) :]
    try:
        found = inspected(damaged)
    except Refused:
        return
    assert 0 < found.seconds <= lesson_file.LONGEST
