"""Open reviews whose subject moved: what waited with the superior before waits with the new one."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.models.review import Review
from app.reviews import KINDS
from app.security import doors
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
            moves += [_move(row, each) for row, each in zip(some, found, strict=True)]
        total += _write(session, moves)
    return total


def _page(session: Session, here: Sequence[ColumnElement[bool]], after: int) -> list[Review]:
    asked = select(Review).where(*here, Review.state == "open", Review.id > after)
    return list(session.scalars(asked.order_by(Review.id).limit(STEP)))


def _move(row: Review, opened: chains.Opened) -> dict[str, Any]:
    return {
        "id": row.id,
        "version": row.version,
        "step": opened.step,
        "waiting_id": opened.waiting_id,
        "chain": opened.chain,
        "due_on": opened.due_on.isoformat(),
    }


def _write(session: Session, moves: list[dict[str, Any]]) -> int:
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
    count = len(session.scalars(written, {"moves": moves}).all())
    session.expire_all()
    return count
