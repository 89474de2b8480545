"""Files that belong to a record: inspected, kept under a random name, read by whoever may see the record.

A file is on the shelf before its row is committed. When the transaction fails the file goes as well; when the
process dies in between, the sweep finds it.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import PurePath
from typing import IO, Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, event, func, select
from sqlalchemy.orm import Session

from app.database import Transaction, clock, insert_rows, transaction
from app.declare.words import _
from app.documents import evidence
from app.documents.evidence import MEGABYTE
from app.documents.refused import Refused
from app.models.attachment import Attachment
from app.security import audit, doors
from app.security.actor import actor_of
from app.services import chains, shelf
from app.services.errors import Faulty, NotFound

MOST = 10
"""Files of one record."""

NAME = 200
"""Characters of a file's name."""

SETTLED = timedelta(hours=24)
"""No upload takes so long: an older file without a row is left from a failure."""

SWEPT = 1000
FIELD = "evidence"
NEW_FILES = "new_files"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody sent it; its name is only shown, never used as one."""

    name: str
    stream: IO[bytes]


class _Limit:
    megabytes = evidence.LIMIT // MEGABYTE


def allow(megabytes: int) -> None:
    """Take files of at most so many MB from now on."""
    _Limit.megabytes = megabytes


def keep_all(session: Session, row: Any, uploads: Sequence[Upload], *, field: str = "") -> list[Attachment]:
    """Keep several files of one record, or none: at most MOST in all. Raises Faulty under `evidence`.

    `field` is the key of the one that they prove, where they prove one alone.
    """
    if not uploads:
        return []
    if count(session, row) + len(uploads) > MOST:
        raise Faulty({FIELD: [_("At most ten files belong to one record.")]})
    return [keep(session, row, upload, field=field) for upload in uploads]


def keep(session: Session, row: Any, upload: Upload, *, field: str = "") -> Attachment:
    """Inspect a file and keep it with a row that has its id. Raises Faulty under `evidence`.

    A noun whose screen declares no files keeps none: nobody would see them there. That raises LookupError.
    """
    if (screen := getattr(row, "screen", None)) is not None and not screen.files:
        raise LookupError(f"{row.__tablename__} declares no files")
    content = upload.stream.read(_Limit.megabytes * MEGABYTE + 1)
    try:
        found = evidence.inspect(content, _Limit.megabytes * MEGABYTE)
    except Refused as refused:
        raise Faulty({FIELD: [refused]}) from refused
    with transaction(session):
        kept = shelf.put(BytesIO(found.content), most_megabytes=_Limit.megabytes)
        session.info.setdefault(NEW_FILES, []).append(kept.name)
        attachment = Attachment(
            uid=kept.name,
            organization_id=chains.stands_at(row),
            subject=row.__tablename__,
            subject_id=row.id,
            field=field,
            person_id=getattr(row, "person_id", None),
            creator_id=actor_of(session).account_id,
            name=_shown_name(upload.name, found.kind),
            media_type=found.media_type,
            size=kept.size,
            digest=kept.digest,
            created_at=clock.now(),
        )
        session.add(attachment)
        session.flush()
        audit.record_on(session, "attach", row)
    return attachment


def share(session: Session, noun: str, papers: Sequence[Attachment], records: Sequence[Any]) -> None:
    """Let each of many new records of a noun have these files as well: the bytes stay where they are.

    The records have an id, a person and a place; one statement writes all rows.
    """
    creator = actor_of(session).account_id
    rows = [
        {
            "uid": uuid4(),
            "shared_uid": paper.stored,
            "organization_id": record.organization_id,
            "subject": noun,
            "subject_id": record.id,
            "field": paper.field,
            "person_id": record.person_id,
            "creator_id": creator,
            "name": paper.name,
            "media_type": paper.media_type,
            "size": paper.size,
            "digest": paper.digest,
        }
        for record in records
        for paper in papers
    ]
    insert_rows(session, Attachment, rows)


def of(session: Session, row: Any) -> list[Attachment]:
    """The files of a record, oldest first."""
    return list(session.scalars(select(Attachment).where(*_belongs(row)).order_by(Attachment.id)))


def count(session: Session, row: Any) -> int:
    """The number of a record's files."""
    return session.scalar(select(func.count()).select_from(Attachment).where(*_belongs(row))) or 0


def open_file(session: Session, uid: UUID) -> tuple[Attachment, Iterator[bytes]]:
    """A file that the actor may see, and its bytes piece by piece. Raises NotFound; Lost without bytes."""
    attachment = session.scalar(select(Attachment).where(Attachment.uid == uid))
    if attachment is None:
        raise NotFound
    return attachment, shelf.take(attachment.stored)


def remove_all(session: Session, row: Any) -> None:
    """Remove the files of a record that nobody has decided about: the bytes go once the rows are gone."""
    with transaction(session) as tx:
        for attachment in of(session, row):
            _remove(session, tx, attachment)


def _remove(session: Session, tx: Transaction, attachment: Attachment) -> None:
    session.delete(attachment)
    session.flush()
    audit.record(session, "detach", attachment.subject, attachment.subject_id)
    if attachment.stored not in doors.shelved(session, [attachment.stored]):  # others may share the bytes
        tx.after_commit(shelf.drop, attachment.stored)


def sweep(session: Session) -> int:
    """Drop the files that a dead process left without a row, and say how many. For a job, once a day."""
    dropped = 0
    chunk: list[UUID] = []
    for name in shelf.older(clock.now() - SETTLED):
        chunk.append(name)
        if len(chunk) == SWEPT:
            dropped += _drop_unknown(session, chunk)
            chunk = []
    return dropped + _drop_unknown(session, chunk)


def _drop_unknown(session: Session, names: Sequence[UUID]) -> int:
    unknown = set(names) - doors.shelved(session, names)
    for name in unknown:
        shelf.drop(name)
    return len(unknown)


def _belongs(row: Any) -> tuple[ColumnElement[bool], ...]:
    return (Attachment.subject == row.__tablename__, Attachment.subject_id == row.id)


def _shown_name(name: str, kind: str) -> str:
    """The last part of the name without what is invisible, ending as what the file is."""
    last = PurePath(name.replace("\\", "/")).stem
    visible = "".join(sign for sign in unicodedata.normalize("NFC", last) if sign.isprintable()).strip()
    return f"{visible[: NAME - 5] or kind}.{kind}"


def _drop_new(session: Session) -> None:
    for name in session.info.pop(NEW_FILES, ()):
        shelf.drop(name)


def _forget_new(session: Session) -> None:
    session.info.pop(NEW_FILES, None)


event.listen(Session, "after_rollback", _drop_new)
event.listen(Session, "after_commit", _forget_new)
