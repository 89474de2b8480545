"""Batches of certificates: issue what is complete, then one PDF for the printer or a ZIP of single papers.

A few are made at once; more by a job, in parts, so that one can follow it and stop it. What was issued before
it was stopped stays issued. The file lies sealed on the shelf for a week.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.words import _
from app.documents.certificate import CertificateContent
from app.documents.certificate.press import Stopped, press
from app.jobs.queue import defer
from app.models.certificate import Certificate
from app.models.person import Person
from app.models.printing import KINDS, Printing
from app.security import audit, worker_doors
from app.security.actor import Actor, actor_of
from app.security.scope import Forbidden, set_actor
from app.security.sessions import actor_for
from app.services import paper_signing, shelf
from app.services.certificate_texts import seals
from app.services.errors import NotFound
from app.services.issuing import issue_all
from app.services.selection import among
from app.services.values import LANGUAGES
from app.services.wording import said

AT_ONCE = 20
"""So many are made while one waits; more by a job."""

PART = 200
"""Certificates that are issued in one transaction."""

ISSUED, DRAWN = 25, 95
"""How far a batch is, of a hundred, when all are issued, and when all are drawn."""

KEPT = timedelta(days=7)
MEGABYTES = 4_000
"""The largest file of a batch: 10,000 signed papers of 40 KB are a tenth of it."""

GONE = _("The professional does not belong to your organizations any more.")


def begin(session: Session, persons: Sequence[int], year: int, kind: str, *, site: str) -> Printing:
    """Begin a batch for these professionals; a small one is done when this returns.

    `site` is the address by which people reach the platform. Raises Forbidden.
    """
    actor = actor_of(session)
    may = actor.may("certificate.issue") and actor.may("printing.create")
    if not may or actor.organization_id is None or kind not in KINDS:
        raise Forbidden("printing.create")
    with transaction(session):
        batch = Printing(
            organization_id=actor.organization_id,
            year=year,
            kind=kind,
            asked=list(persons),
            total=len(persons),
            creator_id=actor.account_id,
            appointment_id=actor.appointment_id,
        )
        session.add(batch)
        session.flush()
        audit.record(
            session, "print", "printing", batch.id, after={"year": year, "kind": kind, "people": len(persons)}
        )
        if len(persons) > AT_ONCE:
            defer(session, "certificates.print", printing=batch.id, site=site)
    if len(persons) <= AT_ONCE:
        _make(session, batch, site)
    return batch


def find(session: Session, uid: UUID) -> Printing:
    """One batch of the acting organisation. Raises NotFound."""
    found = session.scalar(
        select(Printing).where(Printing.uid == uid).execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def latest(session: Session, most: int = 10) -> Sequence[Printing]:
    """The latest batches of the acting organisation."""
    here = Printing.organization_id == actor_of(session).organization_id
    return session.scalars(select(Printing).where(here).order_by(Printing.id.desc()).limit(most)).all()


def cancel(session: Session, batch: Printing) -> None:
    """Stop a batch; what it has issued stays issued. One that is over stays as it is."""
    with transaction(session):
        if _finish(session, batch, "cancelled"):
            audit.record(session, "cancel", "printing", batch.id)


def file(session: Session, batch: Printing) -> Iterator[bytes]:
    """The file of a batch, piece by piece; that it was taken is recorded. Raises NotFound without one."""
    if batch.state != "done" or batch.file_uid is None:
        raise NotFound
    with transaction(session):
        audit.record(session, "download", "printing", batch.id, after={"papers": batch.printed})
    return shelf.take(batch.file_uid)


def make(session: Session, printing_id: int, site: str) -> None:
    """Make the file of a batch; a job. Doing it again does no more than doing it once."""
    found = worker_doors.printing(session, printing_id)
    if found is None:
        return
    actor = actor_for(session, found.creator_id, found.appointment_id)
    set_actor(session, actor or _house(found))
    batch = session.get_one(Printing, printing_id)
    if actor is None or not actor.may("certificate.issue"):
        fail(session, printing_id)
        return
    _make(session, batch, site)


def fail(session: Session, printing_id: int) -> None:
    """Mark a batch as failed, after an error of ours or when nobody may have it any more."""
    found = worker_doors.printing(session, printing_id)
    if found is None:
        return
    session.rollback()
    set_actor(session, _house(found))
    with transaction(session):
        _finish(session, session.get_one(Printing, printing_id), "failed")


def sweep(session: Session) -> int:
    """Drop the files of batches that are a week old; returns how many. For a job, every night."""
    set_actor(session, Actor(kind="job"))
    with transaction(session) as tx:
        gone = worker_doors.old_printings(session, clock.now() - KEPT)
        for row in gone:
            tx.after_commit(shelf.drop, row.file_uid)
        audit.record_all(
            session,
            [audit.event(session, "expire", "printing", row.id, row.organization_id) for row in gone],
        )
    return len(gone)


def _make(session: Session, batch: Printing, site: str) -> None:
    if batch.state != "waiting":
        return
    try:
        refused, issued = _issue(session, batch, site)
        with TemporaryDirectory(prefix="xueshi-") as folder:
            printed, path = _draw(session, batch, Path(folder))
            kept = None
            if path is not None:
                with path.open("rb") as stream:
                    kept = shelf.put(stream, most_megabytes=MEGABYTES)
    except Stopped:
        return
    with transaction(session):
        over = _finish(
            session, batch, "done", progress=100, issued=issued, refused=refused, printed=printed,
            file_uid=kept and kept.name, size=kept.size if kept else 0,
        )  # fmt: skip
    if not over and kept is not None:
        shelf.drop(kept.name)


def _issue(session: Session, batch: Printing, site: str) -> tuple[list[dict[str, Any]], int]:
    """Issue in parts, each for itself; who has none and why, and how many are new. Raises Stopped."""
    refused, issued = [], 0
    asked = sorted(batch.asked)
    for first in range(0, len(asked), PART):
        part = asked[first : first + PART]
        with transaction(session):
            names = {
                row.id: row.name
                for row in session.execute(select(Person.id, Person.name).where(Person.id == among(part)))
            }
            outcome = issue_all(session, part, batch.year, batch.year, site=site)
            issued += len(outcome.issued)
            why = {person: outcome.refused.get(person) for person in part}
            refused += [
                {
                    "person_id": person,
                    "name": names.get(person, ""),
                    "why": {each: said(reason or GONE, each) for each in LANGUAGES},
                }
                for person, reason in why.items()
                if reason is not None or person not in names
            ]
        _go_on(session, batch, ISSUED * min(first + PART, len(asked)) // len(asked))
    return refused, issued


def _draw(session: Session, batch: Printing, folder: Path) -> tuple[int, Path | None]:
    """The file of all valid certificates that are asked for, in their order; none where there is none."""
    kept = session.scalars(
        select(Certificate.content)
        .where(
            Certificate.person_id == among(sorted(batch.asked)),
            Certificate.since == batch.year,
            Certificate.year == batch.year,
            Certificate.state == "valid",
        )
        .order_by(Certificate.organization_id, Certificate.person_id)
    ).all()
    contents = [CertificateContent.thawed(each) for each in kept]
    pictures = seals(session, contents)
    session.rollback()  # no transaction stays open for the minutes that drawing takes
    if not contents:
        return 0, None

    def tell(done: int) -> None:
        _go_on(session, batch, ISSUED + (DRAWN - ISSUED) * done // len(contents))

    path = press(contents, folder, batch.kind, seals=pictures, signer=paper_signing.signer(), tell=tell)
    return len(contents), path


def _go_on(session: Session, batch: Printing, progress: int) -> None:
    """Write down how far it is. Raises Stopped where somebody has stopped it."""
    with transaction(session):
        going = session.scalar(
            update(Printing)
            .where(Printing.id == batch.id, Printing.state == "waiting")
            .values(progress=progress)
            .returning(Printing.id),
            execution_options={"synchronize_session": False},
        )
    if going is None:
        raise Stopped


def _finish(session: Session, batch: Printing, state: str, **facts: Any) -> bool:
    """End a batch that still waits; False for one that is over."""
    ended = session.scalar(
        update(Printing)
        .where(Printing.id == batch.id, Printing.state == "waiting")
        .values(state=state, finished_at=clock.now(), **facts)
        .returning(Printing.id),
        execution_options={"synchronize_session": False},
    )
    session.expire(batch)
    return ended is not None


def _house(found: Row[Any]) -> Actor:
    """Who notes that a batch has nobody any more: it may read batches of one organisation."""
    return Actor(
        kind="job",
        organization_id=found.organization_id,
        depth=found.depth,
        permissions=frozenset({"printing.read"}),
    )
