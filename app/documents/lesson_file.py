"""The file of a lesson: a video that browsers play, or a PDF. Judged by what it is, read piece by piece.

A video of two gigabytes is never in memory: only the boxes are read that say what is in it and how long it
lasts (ISO 14496-12 for MP4, RFC 9559 and RFC 8794 for WebM).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from app.declare.words import _
from app.documents.refused import Refused

LONGEST = 12 * 3600
"""Seconds that a video may last."""

PLAYED = (b"avc1", b"avc3", b"vp09", b"av01")
"""What browsers decode in an MP4: H.264, VP9 and AV1."""

MOST_BOXES = 2000
"""So many boxes of one level are looked at; a sound file has a dozen."""

NO_VIDEO = _("This is no video. MP4 (H.264) and WebM are taken.")
NO_PICTURES = _("This file has sound but no pictures. MP4 (H.264) and WebM are taken.")
UNPLAYABLE = _("Browsers cannot play this video, coded as %(codec)s. Save it as MP4 with H.264.")
NO_DURATION = _("This video does not say how long it lasts. Save it once more, as MP4 with H.264.")
TOO_LONG = _("A video may last at most 12 hours.")
INCOMPLETE = _("The video is damaged or was not sent completely.")
NO_PDF = _("This is no PDF.")
BROKEN_PDF = _("The PDF is damaged or was not sent completely.")


@dataclass(frozen=True, slots=True)
class Found:
    """What a file is, and how long it lasts (unit: s); 0 for what is read."""

    media_type: str
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class _Box:
    """A part of a file: its kind, and where its content begins and ends."""

    kind: bytes
    first: int
    end: int


def inspect(file: IO[bytes], kind: str) -> Found:
    """Judge a file of this kind, `video` or `pdf`, and leave it at its beginning. Raises Refused."""
    try:
        return _pdf(file) if kind == "pdf" else _video(file)
    except (struct.error, IndexError, OverflowError) as broken:
        raise Refused(INCOMPLETE if kind == "video" else BROKEN_PDF) from broken
    finally:
        file.seek(0)


def _pdf(file: IO[bytes]) -> Found:
    size = _size(file)
    if _at(file, 0, 5) != b"%PDF-":
        raise Refused(NO_PDF)
    if b"%%EOF" not in _at(file, max(0, size - 2048), 2048):
        raise Refused(BROKEN_PDF)
    return Found("application/pdf")


def _video(file: IO[bytes]) -> Found:
    head = _at(file, 0, 12)
    if head[4:8] == b"ftyp":
        return Found("video/mp4", _sound(_mp4(file)))
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return Found("video/webm", _sound(_webm(file)))
    raise Refused(NO_VIDEO)


def _sound(seconds: float) -> int:
    if not seconds > 0:
        raise Refused(NO_DURATION)
    if seconds > LONGEST:
        raise Refused(TOO_LONG)
    return max(1, int(seconds))  # a started second would never be watched whole


def _mp4(file: IO[bytes]) -> float:
    """How long an MP4 lasts. Its moving pictures must be of a kind that browsers play."""
    top = {box.kind: box for box in _boxes(file, 0, _size(file))}
    if b"moov" not in top or b"mdat" not in top:
        raise Refused(INCOMPLETE)
    moov = list(_boxes(file, top[b"moov"].first, top[b"moov"].end))
    pictures = False
    for track in (box for box in moov if box.kind == b"trak"):
        media = _inside(file, track, b"mdia")
        handler = _inside(file, media, b"hdlr")
        if handler is None or _at(file, handler.first + 8, 4) != b"vide":
            continue
        entries = _inside(file, _inside(file, _inside(file, media, b"minf"), b"stbl"), b"stsd")
        codec = _at(file, entries.first + 12, 4) if entries is not None else b""
        if codec not in PLAYED:
            raise Refused(UNPLAYABLE, codec=codec.decode("ascii", "replace").strip() or "?")
        pictures = True
    if not pictures:
        raise Refused(NO_PICTURES)
    header = next(box for box in (*moov, _Box(b"mvhd", 0, 0)) if box.kind == b"mvhd")
    long = _at(file, header.first, 1) == b"\x01"
    words = _at(file, header.first + (20 if long else 12), 12 if long else 8)
    scale, duration = struct.unpack(">IQ" if long else ">II", words)
    return float(duration / scale) if scale else 0.0


def _boxes(file: IO[bytes], first: int, end: int) -> Iterator[_Box]:
    """The boxes of one level. Raises Refused for one that is longer than what holds it."""
    for _count in range(MOST_BOXES):
        if first + 8 > end:
            return
        size, kind = struct.unpack(">I4s", _at(file, first, 8))
        head = 8
        if size == 1:
            (size,) = struct.unpack(">Q", _at(file, first + 8, 8))
            head = 16
        size = size or end - first
        if size < head or first + size > end:
            raise Refused(INCOMPLETE)
        yield _Box(kind, first + head, first + size)
        first += size


def _inside(file: IO[bytes], outer: _Box | None, kind: bytes) -> _Box | None:
    if outer is None:
        return None
    return next((box for box in _boxes(file, outer.first, outer.end) if box.kind == kind), None)


SEGMENT, INFO, TRACKS, TRACK = b"\x18\x53\x80\x67", b"\x15\x49\xa9\x66", b"\x16\x54\xae\x6b", b"\xae"
SCALE, DURATION, TYPE = b"\x2a\xd7\xb1", b"\x44\x89", b"\x83"
CLUSTER = b"\x1f\x43\xb6\x75"
NUMBER = 8
"""Bytes that a number has at most, whatever a damaged file says."""


def _webm(file: IO[bytes]) -> float:
    """How long a WebM lasts, as its head says."""
    size = _size(file)
    segment = next((box for box in _elements(file, 0, size) if box.kind == SEGMENT), None)
    if segment is None:
        raise Refused(INCOMPLETE)
    scale, duration, types = 1_000_000, 0.0, set()
    for box in _elements(file, segment.first, segment.end):
        if box.kind == INFO:
            facts = {
                each.kind: _at(file, each.first, min(NUMBER, each.end - each.first))
                for each in _elements_of(file, box)
                if each.kind in (SCALE, DURATION)
            }
            scale = int.from_bytes(facts.get(SCALE, b""), "big") or scale
            if (raw := facts.get(DURATION)) is not None:
                (duration,) = struct.unpack(">d" if len(raw) == 8 else ">f", raw)  # noqa: PLR2004 -- a double
        elif box.kind == TRACKS:
            for track in (each for each in _elements_of(file, box) if each.kind == TRACK):
                types |= {_at(file, each.first, 1) for each in _elements_of(file, track) if each.kind == TYPE}
        elif box.kind == CLUSTER:
            break
    if b"\x01" not in types:
        raise Refused(NO_PICTURES)
    return duration * scale / 1_000_000_000


def _elements_of(file: IO[bytes], outer: _Box) -> list[_Box]:
    return list(_elements(file, outer.first, outer.end))


def _elements(file: IO[bytes], first: int, end: int) -> Iterator[_Box]:
    """The elements of one level of an EBML file; one of unknown length goes on to the end."""
    for _count in range(MOST_BOXES):
        if first >= end:
            return
        head = _at(file, first, 12)
        named = _width(head[0])
        sized = _width(head[named])
        kind = head[:named]
        raw = int.from_bytes(head[named : named + sized], "big") - (1 << 7 * sized)
        start = first + named + sized
        size = end - start if raw == (1 << 7 * sized) - 1 else raw
        if size < 0 or start + size > end:
            raise Refused(INCOMPLETE)
        yield _Box(kind, start, start + size)
        first = start + size


def _width(octet: int) -> int:
    """How many bytes a number of EBML has, by its first one. Raises IndexError for none."""
    if not octet:
        raise IndexError(octet)
    return 9 - octet.bit_length()


def _at(file: IO[bytes], place: int, many: int) -> bytes:
    file.seek(place)
    return file.read(many)


def _size(file: IO[bytes]) -> int:
    return file.seek(0, 2)
