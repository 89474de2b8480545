"""Open reviews that can no longer be decided where they wait: their step is opened anew, somewhere else."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.database import transaction
from app.models.review import Review
from app.reviews import KINDS
from app.security import audit, doors
from app.services import chains, verdicts
from app.services.selection import among

STEP = 1000
"""So many are looked at together."""


def reassign(session: Session, moved: int, left: Collection[int]) -> int:
    """Open the waiting step of reviews anew that the organisations `left` can no longer decide; how many.

    They are those of whatever stands at or below `moved`. Each goes where its step's relation leads from
    where its subject stands now, with the days of a step that has just opened. The version grows: whoever
    was about to press is told. The decisions before it stay.
    """
    depth = doors.lineage(session, moved)[0].depth
    return reopen(session, getattr(Review, f"ancestor_{depth}") == moved, left)


def reopen(session: Session, which: ColumnElement[bool], left: Collection[int]) -> int:
    """The same for those of some reviews that wait where they no longer can be decided."""
    total, after = 0, 0
    here = (which, Review.waiting_id == among(sorted(left)))
    while rows := _page(session, here, after):
        after = rows[-1].id
        total += len(_write(session, _opened(session, rows)))
    return total


def reassign_unowned(session: Session) -> int:
    """Open anew the steps of reviews that nobody may decide any more where they wait; how many.

    Whoever might have decided was disabled, relieved or given another role, or is the applicant. They go to
    the next organisation above where somebody may, as they would have when the step opened.
    """
    permissions = {key: kind.permission for key, kind in KINDS.items()}
    with transaction(session):
        ids = doors.unowned(session, permissions, STEP)
        rows = session.scalars(select(Review).where(Review.id == among(ids))).all() if ids else ()
        moved = _write(session, _opened(session, rows))
        events = [
            audit.event(session, "reassign", row.subject, row.subject_id, row.organization_id)
            for row in session.scalars(select(Review).where(Review.id == among(moved)))
        ]
        audit.record_all(session, events)
    return len(moved)


def _opened(session: Session, rows: Sequence[Review]) -> list[verdicts.Move]:
    """Where each of these reviews goes when its step opens now."""
    moves = []
    for kind in sorted({row.kind for row in rows}):
        some = [row for row in rows if row.kind == kind]
        openings = [
            chains.Opening(
                chain=row.chain,
                step=row.step,
                organization_id=row.organization_id,
                accounts=frozenset(each for each in (row.creator_id, row.editor_id) if each is not None),
                person_id=row.person_id,
            )
            for row in some
        ]
        found = chains.opened(session, KINDS[kind], openings)
        moves += [verdicts.moved(row, each) for row, each in zip(some, found, strict=True)]
    return moves


def _page(session: Session, here: Sequence[ColumnElement[bool]], after: int) -> list[Review]:
    asked = select(Review).where(*here, Review.state == "open", Review.id > after)
    return list(session.scalars(asked.order_by(Review.id).limit(STEP)))


def _write(session: Session, moves: list[verdicts.Move]) -> Sequence[int]:
    moved = verdicts.MOVES
    written = (
        update(Review)
        .where(Review.id == moved.c.id, Review.version == moved.c.version, Review.state == "open")
        .values(
            version=Review.version + 1,
            **{key: func.coalesce(moved.c[key], getattr(Review, key)) for key in verdicts.OPENED},
        )
        .returning(Review.id)
        .execution_options(synchronize_session=False)
    )
    done = session.scalars(written, {"moves": moves}).all()
    session.expire_all()
    return done
