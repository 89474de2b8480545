"""Look through a workbook before anything parses it.

The parser holds a whole sheet in memory and asks for one cell for every place between the first and
the last: a file of 5 KB with a value in A1 and one in XFD1048576 makes it ask for 550 GB and die. So
the archive is streamed once, part by part, with bounded memory.
"""

import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.declare.words import _
from app.documents.workbook.markup import Markup
from app.documents.workbook.unreadable import DAMAGED, NOT_A_WORKBOOK, Unreadable

CHUNK = 1 << 18
MEGABYTE = 1 << 20
ENCRYPTED = 0x1
CENTRAL_ENTRY = b"PK\x01\x02"
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and .xlsx with a password

BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError)


@dataclass(frozen=True)
class Limits:
    """How large a workbook may be. A plain one of 100,000 rows × 12 columns has 70 MB of XML.

    `ratio` is unpacked to packed bytes of a part above 1 MB; `columns` and `rows` are the furthest
    place at which a value may stand.
    """

    file_bytes: int = 20 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE
    parts: int = 100
    ratio: int = 100
    columns: int = 200
    rows: int = 300_000


LIMITS = Limits()


def inspect_archive(path: Path, limits: Limits = LIMITS) -> None:
    """Raise Unreadable unless the file is an .xlsx that can be parsed within the limits.

    Reads every part once (200 MB of XML take about two seconds) and holds less than 1 MB of it.
    """
    with path.open("rb") as stream:
        _require_zip(stream, path.stat().st_size, limits)
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _require_bounded(parts, limits)
            for part in parts:
                with archive.open(part) as stream:
                    if _unpacked(stream, limits) != part.file_size:
                        raise Unreadable(DAMAGED)
    except BROKEN as broken:
        raise Unreadable(DAMAGED) from broken


def _require_zip(stream: IO[bytes], size: int, limits: Limits) -> None:
    """Judge by the first bytes, and count the entries before zipfile makes an object of each."""
    head = stream.read(len(OLE))
    if head == OLE:
        raise Unreadable(
            _("This is an old .xls workbook, or it has a password. Save it as .xlsx without a password.")
        )
    if not head.startswith(ZIP):
        raise Unreadable(NOT_A_WORKBOOK)
    if size > limits.file_bytes:
        raise Unreadable(
            _("The file is larger than %(limit)s MB. Split it into several files."),
            limit=limits.file_bytes // MEGABYTE,
        )
    entries, tail = 0, b""
    while chunk := stream.read(CHUNK):
        window = tail + chunk
        entries += window.count(CENTRAL_ENTRY)
        tail = window[1 - len(CENTRAL_ENTRY) :]
    if entries > limits.parts:
        raise Unreadable(_("The workbook has more than %(limit)s parts inside."), limit=limits.parts)


def _require_bounded(parts: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    """Judge by what the directory says; whether it lies shows when the parts are unpacked."""
    names = [part.filename.lower() for part in parts]
    if not any(name.startswith("xl/workbook") and name.endswith(".xml") for name in names):
        raise Unreadable(NOT_A_WORKBOOK)
    if len(set(names)) != len(names) or any(part.flag_bits & ENCRYPTED for part in parts):
        raise Unreadable(DAMAGED)
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise Unreadable(
            _("The workbook unpacks to more than %(limit)s MB. Split it into several files."),
            limit=limits.unpacked_bytes // MEGABYTE,
        )
    if any(part.file_size > max(MEGABYTE, limits.ratio * part.compress_size) for part in parts):
        raise Unreadable(_("The workbook is packed far tighter than real tables are, so it was not opened."))


def _unpacked(stream: IO[bytes], limits: Limits) -> int:
    """Look through one part to its end and return how many bytes it has; zipfile checks their sum."""
    chunk = stream.read(CHUNK)
    if chunk.startswith(ZIP):
        raise Unreadable(_("Another archive is hidden in the workbook."))
    markup = Markup(chunk, columns=limits.columns, rows=limits.rows)
    size = 0
    while chunk:
        size += len(chunk)
        markup.feed(chunk)
        chunk = stream.read(CHUNK)
    return size
