"""Exports as things with a state: short ones are written at once, long ones by a job for their owner alone.

A job reads page by page in short transactions, says how far it is, and stops where its owner cancelled it.
The file lies sealed on the shelf for some days; only the account that ordered it has it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import IO, Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.words import _
from app.jobs.queue import defer
from app.models.export import STATES, Export
from app.security import audit, export_doors
from app.security.actor import Actor, actor_of
from app.security.scope import Forbidden, model_of, set_actor
from app.security.sessions import actor_for
from app.services import completion, exports, messages, shelf, standings
from app.services.conditions import searchable
from app.services.errors import NotEligible, NotFound
from app.services.exports import Book
from app.services.shelf import Kept

WAITING, WRITING, DONE, FAILED, CANCELLED, EXPIRED = STATES
UNDER_WAY = (WAITING, WRITING)

LATER = 5_000
"""An export of more rows is written by a job."""

DAYS = timedelta(days=7)
"""So long a finished file can be downloaded."""

STEP = 1_000
"""Rows after which a job says how far it is, and looks whether it was cancelled."""

MOST_MEGABYTES = 2_000
LISTED = 50
AT_ONCE = 5
"""So many exports of one account wait or are written at a time."""

BUSY = _("%(most)d exports of yours are under way. Please wait for one of them.")
GONE = _("This file is not there any more, or not yet.")

SWEEPER = Actor(kind="job")
"""Who forgets old files: nobody in particular."""


class Cancelled(Exception):
    """Its owner wants it no more."""


def _list(
    session: Session, about: str, words: Mapping[str, str], locale: str, *, full: bool, reason: str
) -> Book:
    try:
        model = model_of(about)
    except LookupError:
        raise NotFound from None
    return exports.book(session, model, words, locale, full=full, reason=reason)


def _completion(
    session: Session, _about: str, words: Mapping[str, str], locale: str, *, full: bool, reason: str
) -> Book:
    if full or reason:
        raise Forbidden("export of completion in full")
    return completion.book(session, standings.wanted(session, words), locale)


SOURCES: Mapping[str, Callable[..., Book]] = MappingProxyType({"list": _list, "completion": _completion})
"""Of what exports are, by the word before the colon of a source; behind it stands about which table."""


def book(
    session: Session,
    source: str,
    words: Mapping[str, str],
    locale: str,
    *,
    full: bool = False,
    reason: str = "",
) -> Book:
    """The workbook of a source, if the actor may have it.

    Raises Forbidden, Faulty, ReasonMissing, NotFound.
    """
    kind, _colon, about = source.partition(":")
    return SOURCES[kind](session, about, words, locale, full=full, reason=reason)


def order(
    session: Session,
    source: str,
    words: Mapping[str, str],
    locale: str,
    *,
    full: bool = False,
    reason: str = "",
) -> IO[bytes] | Export:
    """The workbook, gone when it is closed, where it has few rows; else what a job will write.

    What is found by a sealed value is never put off, so that no number of anybody is kept. Raises as `book`
    does, and NotEligible while others of the account are under way.
    """
    wanted = book(session, source, words, locale, full=full, reason=reason)
    if _sealed(source, words) or exports.many(session, wanted, LATER + 1) <= LATER:
        return exports.opened(session, wanted, locale)
    actor = actor_of(session)
    busy = session.scalars(
        select(Export.id).where(Export.account_id == actor.account_id, Export.state.in_(UNDER_WAY))
    ).all()
    if len(busy) >= AT_ONCE:
        raise NotEligible(BUSY, most=AT_ONCE)
    with transaction(session):
        row = Export(
            account_id=actor.account_id,
            appointment_id=actor.appointment_id,
            source=source,
            words=dict(words),
            title=wanted.title[:120],
            full=full,
            reason=wanted.reason,
            locale=locale,
        )
        session.add(row)
        session.flush()
        session.refresh(row)
        defer(session, "exports.write", lock=f"export {actor.account_id}", export=row.id)
    return row


def own(session: Session) -> Sequence[Export]:
    """The latest exports of the account that acts."""
    return session.scalars(select(Export).order_by(Export.id.desc()).limit(LISTED)).all()


def one(session: Session, uid: UUID) -> Export:
    """One of them. Raises NotFound."""
    found = session.scalar(select(Export).where(Export.uid == uid))
    if found is None:
        raise NotFound
    return found


def until(row: Export) -> datetime | None:
    """The moment until which its file can be downloaded."""
    return row.finished_at + DAYS if row.finished_at is not None and row.state == DONE else None


def cancel(session: Session, uid: UUID) -> None:
    """Let it not go on. Raises NotFound, and NotEligible where it is over."""
    with transaction(session):
        row = one(session, uid)
        heard = session.scalar(
            update(Export)
            .where(Export.id == row.id, Export.state.in_(UNDER_WAY))
            .values(state=CANCELLED, finished_at=clock.now())
            .returning(Export.id)
        )
        if heard is None:
            raise NotEligible
    session.refresh(row)


def file(session: Session, uid: UUID) -> tuple[Export, Iterator[bytes]]:
    """The finished file, piece by piece; it is recorded who took it. Raises NotFound, NotEligible."""
    row = one(session, uid)
    ends = until(row)
    if row.shelved is None or ends is None or ends <= clock.now():
        raise NotEligible(GONE)
    with transaction(session):
        audit.record(session, "download", "export", row.id, after={"title": row.title, "rows": row.total})
    return row, shelf.take(row.shelved)


def write(session: Session, export_id: int) -> None:
    """Write an export, for whoever ordered it: a job, begun anew from its start if its worker died."""
    if not _enter(session, export_id):
        return
    row = session.get_one(Export, export_id)
    try:
        wanted = book(session, row.source, row.words, row.locale, full=row.full, reason=row.reason)
    except Forbidden:
        _end(session, export_id, FAILED)
        return
    total = exports.many(session, wanted)
    session.execute(update(Export).where(Export.id == export_id).values(total=total, progress=0))
    session.commit()
    with TemporaryDirectory(prefix="xueshi-") as folder:
        path = Path(folder) / "export.xlsx"
        try:
            count = exports.write(
                session, wanted, path, _watched(session, export_id, wanted.rows()), total, row.locale
            )
        except Cancelled:
            session.rollback()
            return
        with path.open("rb") as stream:
            kept = shelf.put(stream, most_megabytes=MOST_MEGABYTES)
    try:
        if not _done(session, export_id, wanted, count, kept):
            shelf.drop(kept.name)
    except BaseException:
        shelf.drop(kept.name)
        raise


def fail(session: Session, export_id: int) -> None:
    """Say that an export broke off by an error of ours."""
    if _enter(session, export_id):
        _end(session, export_id, FAILED)


def sweep(session: Session) -> int:
    """Throw away the files that nobody can download any more; returns how many."""
    set_actor(session, SWEEPER)
    with transaction(session) as tx:
        names = export_doors.sweep(session, clock.now() - DAYS)
        for name in names:
            tx.after_commit(shelf.drop, name)
    return len(names)


def _enter(session: Session, export_id: int) -> bool:
    """Let its owner act, if he still may, and mark it as being written. False where nothing is to be done."""
    found = export_doors.export(session, export_id)
    if found is None:
        return False
    owner = actor_for(session, found.account_id, found.appointment_id)
    set_actor(session, owner or Actor(kind="job", account_id=found.account_id))
    with transaction(session):
        begun = session.scalar(
            update(Export)
            .where(Export.id == export_id, Export.state.in_(UNDER_WAY))
            .values(state=WRITING if owner else FAILED)
            .returning(Export.id)
        )
    return begun is not None and owner is not None


def _watched(session: Session, export_id: int, rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    """The same rows; now and then it is written down how many were taken. Raises Cancelled."""
    for number, cells in enumerate(rows, start=1):
        yield cells
        if number % STEP == 0:
            state = session.scalar(
                update(Export).where(Export.id == export_id).values(progress=number).returning(Export.state)
            )
            session.commit()
            if state != WRITING:
                raise Cancelled


def _done(session: Session, export_id: int, wanted: Book, count: int, kept: Kept) -> bool:
    """Keep the file, if it was not cancelled meanwhile, and tell its owner."""
    with transaction(session):
        done = session.scalar(
            update(Export)
            .where(Export.id == export_id, Export.state == WRITING)
            .values(
                state=DONE,
                shelved=kept.name,
                size=kept.size,
                total=count,
                progress=count,
                finished_at=clock.now(),
            )
            .returning(Export.account_id)
        )
        if done is None:
            return False
        exports.record(session, wanted, count)
        words = {"title": wanted.title, "rows": count, "day": str((clock.now() + DAYS).date())}
        messages.tell(session, [messages.Told("export_done", words, account_id=done)])
    return True


def _end(session: Session, export_id: int, state: str) -> None:
    with transaction(session):
        session.execute(
            update(Export).where(Export.id == export_id).values(state=state, finished_at=clock.now())
        )


def _sealed(source: str, words: Mapping[str, str]) -> bool:
    kind, _colon, about = source.partition(":")
    if kind != "list":
        return False
    known = searchable(model_of(about))
    return any(known[key].kind == "sealed" for key, text in words.items() if key in known and text.strip())
