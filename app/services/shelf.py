"""Where files are kept: under a random name, sealed piece by piece, wherever fsspec can write.

A name on the shelf says nothing, and a file taken from it without the keys says nothing either.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from uuid import UUID, uuid4

import fsspec

from app.declare.words import _
from app.encrypted import Unsealable, ring
from app.services.errors import Refused

PIECE = 1 << 20
"""Bytes of a file that are sealed at a time, so that no file is ever in memory whole."""

MEGABYTE = 1 << 20
LENGTH = 4
"""Bytes before each sealed piece that say how long it is."""


class TooLarge(Refused):
    """A file is larger than allowed; nothing was kept of it."""

    sentence = _("The file is larger than %(limit)s MB.")


class Lost(Exception):
    """A file is not on the shelf, or is not what was put there."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on the shelf: its name there, its size in bytes and its SHA-256 before it was sealed."""

    name: UUID
    size: int
    digest: str


class _Shelf:
    system: Any = None
    root = ""


def use(url: str) -> None:
    """Keep files here from now on: an address as fsspec understands it, `file:///var/lib/xueshi/files`."""
    _Shelf.system, _Shelf.root = fsspec.core.url_to_fs(url)


def put(stream: IO[bytes], *, most_megabytes: int) -> Kept:
    """Put a file on the shelf. Raises TooLarge; then, as after any other error, nothing of it stays."""
    name, digest, size, number = uuid4(), hashlib.sha256(), 0, 0
    _system().makedirs(_folder(name), exist_ok=True)
    try:
        with _system().open(_path(name), "wb") as target:
            while piece := _full_piece(stream):
                size += len(piece)
                _require_small(size, most_megabytes)
                digest.update(piece)
                target.write(_sealed(piece, name, number))
                number += 1
            target.write(_sealed(b"", name, number))  # an end, so that no file passes that was cut
    except BaseException:
        drop(name)
        raise
    return Kept(name, size, digest.hexdigest())


def take(name: UUID) -> Iterator[bytes]:
    """The file's bytes, piece by piece. Raises Lost, also in the middle where the end is missing."""
    try:
        with _system().open(_path(name), "rb") as source:
            number = 0
            while piece := _opened(source, name, number):
                yield piece
                number += 1
    except (OSError, Unsealable) as error:
        raise Lost(str(name)) from error


def drop(name: UUID) -> None:
    """Take the file off the shelf; one that is not there is as good."""
    with suppress(FileNotFoundError):
        _system().rm_file(_path(name))


def older(moment: datetime) -> Iterator[UUID]:
    """The names of all files that were put there before a moment."""
    for path, facts in _system().find(_Shelf.root, detail=True).items():
        with suppress(ValueError):  # a file of somebody else's
            name = UUID(hex=path.rpartition("/")[2])
            if facts["type"] == "file" and _system().modified(path) < moment:
                yield name


def _sealed(piece: bytes, name: UUID, number: int) -> bytes:
    blob = ring().seal_bytes(piece, _context(name, number))
    return len(blob).to_bytes(LENGTH, "big") + blob


def _opened(source: IO[bytes], name: UUID, number: int) -> bytes:
    length = int.from_bytes(_full_piece(source, LENGTH), "big")
    return ring().open_bytes(_full_piece(source, length), _context(name, number))


def _require_small(size: int, most_megabytes: int) -> None:
    if size > most_megabytes * MEGABYTE:
        raise TooLarge(limit=most_megabytes)


def _full_piece(stream: IO[bytes], size: int = PIECE) -> bytes:
    """As many bytes as asked for; fewer only at the end. A network stream gives what it has."""
    parts, missing = [], size
    while missing and (part := stream.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _system() -> Any:
    if _Shelf.system is None:
        raise Lost("no shelf is set: call app.services.shelf.use(url) first")
    return _Shelf.system


def _folder(name: UUID) -> str:
    return f"{_Shelf.root}/{name.hex[:2]}"


def _path(name: UUID) -> str:
    return f"{_folder(name)}/{name.hex}"


def _context(name: UUID, number: int) -> bytes:
    return b"file\0" + name.bytes + number.to_bytes(4, "big")
