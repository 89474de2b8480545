"""The shelf of lessons: videos and PDFs as they are, so that parts of them can be sent, by others as well.

Unlike what people hand in (shelf.py), lessons say nothing of anybody and are not sealed. They stand wherever
fsspec can read a part of a file: a folder, or an object store that speaks S3.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any
from uuid import UUID, uuid4

import fsspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock
from app.models.lesson import Lesson
from app.security import doors
from app.services.errors import NotFound
from app.services.shelf import Lost, TooLarge

PIECE = 1 << 18
"""Bytes that are read, written or sent at a time."""

MEGABYTE = 1 << 20

SETTLED = timedelta(hours=24)
"""No upload takes so long: an older file without a lesson is left from a failure."""


@dataclass(frozen=True, slots=True)
class Media:
    """A file of a lesson as it is sent: its name on the shelf, its kind, its size in bytes."""

    file: UUID
    title: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was put on the shelf: its name there, its size in bytes and its SHA-256."""

    file: UUID
    size: int
    digest: str


class _Shelf:
    system: Any = None
    root = ""
    most_megabytes = 2000


def use(url: str, *, most_megabytes: int) -> None:
    """Keep lessons here from now on, each of at most so many MB: an address as fsspec understands it."""
    _Shelf.system, _Shelf.root = fsspec.core.url_to_fs(url)
    _Shelf.most_megabytes = most_megabytes


def put(stream: IO[bytes]) -> Kept:
    """Put a file on the shelf, piece by piece. Raises TooLarge; then nothing of it stays."""
    name, digest, size = uuid4(), hashlib.sha256(), 0
    _system().makedirs(f"{_Shelf.root}/{name.hex[:2]}", exist_ok=True)
    try:
        with _system().open(path(name), "wb") as target:
            while piece := stream.read(PIECE):
                size += len(piece)
                _require_small(size)
                digest.update(piece)
                target.write(piece)
    except BaseException:
        drop(name)
        raise
    return Kept(name, size, digest.hexdigest())


def part(name: UUID, first: int, last: int) -> Iterator[bytes]:
    """The bytes from first to last, both included. Raises Lost before the first one if the file is gone."""
    try:
        source = _system().open(path(name), "rb")
    except OSError as error:
        raise Lost(str(name)) from error
    with source:
        source.seek(first)
        left = last - first + 1
        while left > 0 and (piece := source.read(min(PIECE, left))):
            left -= len(piece)
            yield piece


def drop(name: UUID) -> None:
    """Take a file off the shelf; one that is not there is as good."""
    with suppress(FileNotFoundError):
        _system().rm_file(path(name))


def sweep(session: Session) -> int:
    """Drop the files that a dead process left without a lesson, and say how many. For a job, once a day."""
    settled, old = clock.now() - SETTLED, []
    for place, facts in _system().find(_Shelf.root, detail=True).items():
        with suppress(ValueError):  # a file of somebody else's
            name = UUID(hex=place.rpartition("/")[2])
            if facts["type"] == "file" and _system().modified(place) < settled:
                old.append(name)
    left = set(old) - doors.taught(session, old) if old else set()
    for name in left:
        drop(name)
    return len(left)


def path(name: UUID) -> str:
    """Where a file stands, as its file system says it."""
    return f"{_Shelf.root}/{below(name)}"


def below(name: UUID) -> str:
    """Where a file stands on the shelf."""
    return f"{name.hex[:2]}/{name.hex}"


def of_lesson(session: Session, file: UUID) -> Media:
    """The file of a lesson of a course that one has begun, or sees to. Raises NotFound."""
    found: Any = doors.lesson_file(session, file)
    if found is None:
        asked = select(Lesson.file, Lesson.title, Lesson.media_type, Lesson.size)
        found = session.execute(asked.where(Lesson.file == file).limit(1)).one_or_none()
    if found is None:
        raise NotFound
    return Media(found.file, found.title, found.media_type, found.size)


def _require_small(size: int) -> None:
    if size > _Shelf.most_megabytes * MEGABYTE:
        raise TooLarge(limit=_Shelf.most_megabytes)


def _system() -> Any:
    if _Shelf.system is None:
        raise Lost("no shelf of lessons is set: call app.services.media.use(url) first")
    return _Shelf.system
