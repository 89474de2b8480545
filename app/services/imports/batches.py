"""Imports as things with a state: who may start them, for whom a job does them, how far they are.

The way is reading, checked, applying, done; a workbook whose columns nobody knows waits in between as
mapping, and what was done may be taken back: undoing, undone. A file that cannot be read ends as refused, an
error of ours as failed, one that nobody let in as expired; where all rows were asked for and one went bad
meanwhile, the batch is checked again.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import IO, Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.words import NATIVE, _
from app.documents.workbook import Unreadable
from app.jobs.queue import Later, defer
from app.models.import_batch import MODES, STATES, ImportBatch
from app.security import audit, worker_doors
from app.security.actor import Actor, actor_of
from app.security.scope import Forbidden, set_actor
from app.security.sessions import actor_for
from app.services import shelf
from app.services.errors import NotEligible, NotFound, Stale
from app.services.imports.books import book, book_of
from app.services.imports.problems import problem, sentence
from app.services.wording import said

READING, CHECKED, REFUSED, APPLYING, DONE, FAILED, EXPIRED, MAPPING, UNDOING, UNDONE = STATES
UNDER_WAY = (READING, APPLYING, UNDOING)

LOCK = 7_202_613
"""The first half of the lock that one batch is worked on under; the second is its id."""

ALONE = text("SELECT pg_try_advisory_xact_lock(:lock, CAST(:batch AS int))")

KEPT = timedelta(days=30)
"""How long staged rows wait to be mended or let in: they are personal data of people who are not here yet."""

SWEEPER = Actor(kind="job")
"""Who forgets old rows: nobody in particular."""

SECOND = 1.0
"""How often a job says how far it is (unit: s)."""

ENDED = _("Whoever started this import may not do so any more: the account or the appointment has ended.")
WAITED = _("Nobody imported these rows within 30 days, so they were deleted. Please send the workbook again.")
BROKEN = _("The import broke off because of an error of ours. Nothing was imported. It has been recorded.")

UNDO_BROKEN = _("Taking this import back broke off because of an error of ours. Nothing was taken back.")


def receive(
    session: Session,
    model: Any,
    stream: IO[bytes],
    name: str,
    *,
    most_megabytes: int,
    locale: str = NATIVE,
    about: Mapping[str, Any] | None = None,
    ask: bool = False,
) -> ImportBatch:
    """Take a workbook in and put off its trial run. The file is kept sealed until that is done.

    `locale` is the language in which columns are named if one is missing, `about` says more of what the rows
    are where the model alone does not (books.py). With `ask` somebody says what the columns are, whatever is
    known of them. Raises Forbidden, or TooLarge.
    """
    actor = actor_of(session)
    book(model.__tablename__, about).require(actor)
    kept = shelf.put(stream, most_megabytes=most_megabytes)
    batch = ImportBatch(
        uid=kept.name,
        organization_id=actor.organization_id,
        noun=model.__tablename__,
        about=dict(about) if about else None,
        layout={"ask": True} if ask else None,
        name=name[:200],
        digest=kept.digest,
        creator_id=actor.account_id,
        appointment_id=actor.appointment_id,
        state=READING,
    )
    try:
        with transaction(session):
            session.add(batch)
            session.flush()
            audit.record(session, "upload", "import_batch", batch.id, after=_facts(batch))
            defer(session, "imports.read", batch=batch.id, locale=locale)
    except BaseException:
        shelf.drop(kept.name)
        raise
    return batch


def find(session: Session, noun: str, uid: UUID) -> ImportBatch:
    """One import of a noun in the actor's reach. Raises NotFound."""
    batch = session.scalar(select(ImportBatch).where(ImportBatch.uid == uid, ImportBatch.noun == noun))
    if batch is None:
        raise NotFound
    return batch


def latest(session: Session, noun: str, most: int = 10) -> Sequence[ImportBatch]:
    """The latest imports of a noun at the acting organisation."""
    here = ImportBatch.organization_id == actor_of(session).organization_id
    found = select(ImportBatch).where(here, ImportBatch.noun == noun).order_by(ImportBatch.id.desc())
    return session.scalars(found.limit(most)).all()


def require_own(session: Session, batch: ImportBatch) -> None:
    """Raise Forbidden unless the actor imports this noun at the organisation of the batch."""
    actor = actor_of(session)
    book_of(batch).require(actor)
    if batch.organization_id != actor.organization_id:
        raise Forbidden(f"import_batch {batch.id} of another organization")


def begin(session: Session, batch: ImportBatch, mode: str, *, adds_only: bool = False) -> None:
    """Let a checked workbook in: `good` rows only, or `all` or nothing. A job does it.

    With `adds_only` new records are added and known ones stay as they are. Raises Forbidden, NotEligible, or
    Stale when it has begun already.
    """
    require_own(session, batch)
    actor = actor_of(session)
    if mode not in MODES or not batch.good + (0 if adds_only else batch.changed):
        raise NotEligible(_("There is no row to import."))
    if mode == "all" and batch.bad:
        raise NotEligible(_("Some rows are wrong, so not all can be imported."))
    with transaction(session):
        begun = session.scalar(
            update(ImportBatch)
            .where(ImportBatch.id == batch.id, ImportBatch.state == CHECKED)
            .values(
                state=APPLYING,
                mode=mode,
                adds_only=adds_only,
                progress=0,
                problem=None,
                creator_id=actor.account_id,
                appointment_id=actor.appointment_id,
            )
            .returning(ImportBatch.id)
        )
        if begun is None:
            raise Stale
        defer(session, "imports.apply", batch=batch.id, lock=f"import {batch.noun} {batch.organization_id}")


def enter(session: Session, batch_id: int, state: str) -> ImportBatch | None:
    """Begin a job's work on a batch in the caller's transaction, for whoever started it and alone.

    None when there is nothing (more) to do: gone, done already, or its importer may no longer import.
    Raises Later while another worker is at it.
    """
    found = worker_doors.batch(session, batch_id)
    if found is None:
        return None
    importer = actor_for(session, found.creator_id, found.appointment_id)
    set_actor(session, importer or _house(found.organization_id, found.depth))
    if not session.scalar(ALONE, {"lock": LOCK, "batch": batch_id}):
        raise Later
    batch = session.get_one(ImportBatch, batch_id)
    if batch.state != state:
        return None
    if importer is None or not importer.may(f"{batch.noun}.import"):
        stop(session, batch, broken(state), ENDED)
        return None
    return batch


def broken(state: str) -> str:
    """What a batch is when work on it in this state comes to nothing: what was imported stays imported."""
    return DONE if state == UNDOING else FAILED


def _house(organization: int, depth: int) -> Actor:
    """Who notes that an import has nobody any more: it may read and mark imports of one organisation."""
    return Actor(
        kind="job", organization_id=organization, depth=depth, permissions=frozenset({"import_batch.read"})
    )


def stop(session: Session, batch: ImportBatch, state: str, why: Any) -> None:
    """Say why a batch does not go on, in the caller's transaction. Nothing reads its workbook any more."""
    kept, quoted = problem("", why)
    batch.state, batch.finished_at = state, clock.now()
    batch.problem = {**kept, "quoted": quoted}
    with transaction(session) as tx:
        tx.after_commit(shelf.drop, batch.uid)


def refuse(session: Session, batch_id: int, why: Unreadable) -> None:
    """Mark a workbook as refused after its transaction was rolled back."""
    with transaction(session):
        if batch := enter(session, batch_id, READING):
            stop(session, batch, REFUSED, why)


def fail(session: Session, batch_id: int) -> None:
    """Mark a batch as failed after an error that is ours, whatever it was doing."""
    with transaction(session):
        for state in UNDER_WAY:
            if batch := enter(session, batch_id, state):
                stop(session, batch, broken(state), UNDO_BROKEN if state == UNDOING else BROKEN)


def sweep(session: Session) -> int:
    """Forget what is still staged of imports that were sent long ago; returns how many rows.

    One that waited to be let in expires with them, so that nobody lets in what is not there any more.
    """
    set_actor(session, SWEEPER)
    with transaction(session):
        found = worker_doors.sweep(session, clock.now() - KEPT, clock.now())
        audit.record_all(
            session,
            [
                audit.event(
                    session,
                    "expire" if row.expired else "sweep",
                    "import_batch",
                    row.batch_id,
                    row.organization_id,
                    after={"rows": row.swept},
                )
                for row in found
            ],
        )
    return sum(row.swept for row in found)


def why(batch: ImportBatch, locale: str) -> str:
    """Why an import does not go on, in words; "" when it does."""
    if batch.state == EXPIRED:
        return said(WAITED, locale)
    if batch.problem is None:
        return ""
    return sentence(batch.problem, batch.problem["quoted"], locale)


def teller(session: Session, batch_id: int) -> Callable[[int, int], None]:
    """What a job calls with (rows done, rows in all): once a second it is written down, for the page to see.

    It has a session of its own, since the job's transaction ends last.
    """
    bind, actor, told = session.get_bind(), actor_of(session), time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told < SECOND or not total:
            return
        told = time.monotonic()
        with Session(bind) as aside:
            set_actor(aside, actor)
            share = min(99, done * 100 // total)
            aside.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(progress=share))
            aside.commit()

    return tell


def _facts(batch: ImportBatch) -> dict[str, Any]:
    return {"noun": batch.noun, "digest": batch.digest, "name": batch.name}
