"""The messages of whoever acts: one page of them, how many are unread, and reading them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.models.message import Message
from app.services import messages

PAGE = 25


@dataclass(frozen=True, slots=True)
class Line:
    """One message, as it is read."""

    id: int
    text: str
    at: datetime
    unread: bool


@dataclass(frozen=True, slots=True)
class Messages:
    """One page, the latest first; `earlier` and `later` say whether there are older and newer ones."""

    lines: Sequence[Line]
    earlier: bool
    later: bool


def page(session: Session, locale: str, *, after: int | None = None, before: int | None = None) -> Messages:
    """The page of messages older than `after`, or newer than `before`, in one statement."""
    asked = select(Message.id, Message.kind, Message.params, Message.created_at, Message.read_at)
    rows = session.execute(_placed(asked, after, before).limit(PAGE + 1)).all()
    more = len(rows) > PAGE
    lines = [
        Line(row.id, messages.text(row.kind, row.params, locale), row.created_at, row.read_at is None)
        for row in rows[:PAGE]
    ]
    return Messages(
        lines=lines if before is None else lines[::-1],
        earlier=more if before is None else True,
        later=more if before is not None else after is not None,
    )


def read(session: Session, message: int | None = None) -> int:
    """Note that one message was read, or all of them; returns how many were unread."""
    marking = update(Message).where(Message.read_at.is_(None)).values(read_at=clock.now())
    if message is not None:
        marking = marking.where(Message.id == message)
    with transaction(session):
        marked = session.scalars(
            marking.returning(Message.id).execution_options(synchronize_session=False)
        ).all()
    return len(marked)


def _placed(asked: Select[Any], after: int | None, before: int | None) -> Select[Any]:
    if before is not None:
        return asked.where(Message.id > before).order_by(Message.id)
    if after is not None:
        asked = asked.where(Message.id < after)
    return asked.order_by(Message.id.desc())
