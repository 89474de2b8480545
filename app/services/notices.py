"""Notices (POR-04): publishing, withdrawing, their files, and reading; writing is the generated screen's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.words import _
from app.models.attachment import Attachment
from app.models.notice import PUBLIC, Notice
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import reach, require
from app.services import attachments, records, shelf
from app.services.errors import NotEligible, NotFound

PAGE = 20
FRONT = 4
"""So many notices are shown at once on the portal and at home."""

ONLY_THE_HEAD = _(
    "Only the office at the head of the province can address everybody. Choose a group of users below you."
)
OVER = _("The last day on which it is to be shown has passed. Change it first.")


@dataclass(frozen=True, slots=True)
class Notices:
    """One page of notices, pinned ones first, then the latest; `more` says whether there are older ones."""

    lines: Sequence[Row[Any]]
    more: bool


def page(session: Session, *, after: int | None = None, most: int = PAGE) -> Notices:
    """The notices that whoever acts may read today, those that follow the notice `after`."""
    found = doors.notices_for(session, before=after, most=most + 1)
    return Notices(found[:most], len(found) > most)


def one(session: Session, wanted: int) -> tuple[Row[Any], Sequence[Row[Any]]]:
    """A notice that whoever acts may read today, and its files. Raises NotFound."""
    found = doors.notice(session, wanted)
    if found is None:
        raise NotFound
    return found, doors.notice_files(session, wanted)


def open_file(session: Session, wanted: int, uid: UUID) -> tuple[Row[Any], Iterator[bytes]]:
    """A file of a notice that whoever acts may read, and its bytes. Raises NotFound; Lost without bytes."""
    found = next((each for each in doors.notice_files(session, wanted) if each.uid == uid), None)
    if found is None:
        raise NotFound
    return found, shelf.take(found.uid)


def publish(session: Session, wanted: int) -> Notice:
    """Let those read a notice whom it is for.

    Raises NotFound, Forbidden where it is published already or another's, and NotEligible for the public
    below the head of the tree and for one whose last day has passed.
    """
    with transaction(session):
        notice = records.locked(session, Notice, wanted)
        require(session, reach(actor_of(session), "publish", Notice), notice)
        if notice.audience == PUBLIC and notice.organization_id != notice.ancestor_1:
            raise NotEligible(ONLY_THE_HEAD)
        if notice.shows_until is not None and notice.shows_until < clock.today():
            raise NotEligible(OVER)
        notice.state, notice.published_at = "published", clock.now()
        session.flush()
        audit.record_on(session, "publish", notice, after={"audience": notice.audience})
    return notice


def withdraw(session: Session, wanted: int) -> Notice:
    """Let nobody read a notice any more; the offices above may do so too. Raises NotFound, Forbidden."""
    with transaction(session):
        notice = records.locked(session, Notice, wanted)
        require(session, reach(actor_of(session), "withdraw", Notice), notice)
        notice.state = "withdrawn"
        session.flush()
        audit.record_on(session, "withdraw", notice)
    return notice


def attach(session: Session, wanted: int, uploads: Sequence[attachments.Upload]) -> None:
    """Add files to a notice that is not published. Raises NotFound, Forbidden, or Faulty under `evidence`."""
    with transaction(session):
        notice = records.locked(session, Notice, wanted)
        require(session, reach(actor_of(session), "publish", Notice), notice)
        attachments.keep_all(session, notice, uploads)


def detach(session: Session, uid: UUID) -> int:
    """Take a file off a notice that is not published, and say off which. Raises NotFound."""
    with transaction(session) as tx:
        notice = doors.drop_notice_file(session, uid)
        if notice is None:
            raise NotFound
        audit.record(session, "detach", Notice.__tablename__, notice)
        tx.after_commit(shelf.drop, uid)
    return notice


def files(session: Session, notice: Notice) -> list[Attachment]:
    """The files of a notice, for those who write it."""
    return attachments.of(session, notice)
