"""What the last approval of a change of superior does: all that stands below moves, and no review is lost."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from app.declare.words import _
from app.models.organization import Organization
from app.models.parent_change import ParentChange
from app.security import audit, doors
from app.services import messages
from app.services.errors import NotEligible, Stale
from app.services.reassignment import reassign

PATIENCE = "10min"
"""The longest that a move may take: a hundred thousand professionals with all their records."""

OVERTAKEN = _(
    "It can no longer be done: the organizations stand differently by now. Reject it with this reason."
)

MOVED = _("The organization stands below its new superior by now. Another change of superior leads it back.")


def objections(session: Session, asked: Sequence[Row[Any]]) -> Mapping[int, Any]:
    """Why some of these cannot take effect: the tree has changed since they were asked for."""
    ids = [review.subject_id for review in asked]
    wanted = {each.id: each for each in session.scalars(select(ParentChange).where(ParentChange.id.in_(ids)))}
    places = {each.organization_id for each in wanted.values()} | {each.to_id for each in wanted.values()}
    names = doors.names(session, places)
    lines = doors.lineages(session, places)
    found = {}
    for review in asked:
        change = wanted[review.subject_id]
        fits = (
            names[change.organization_id].parent_id == change.from_id
            and names[change.organization_id].state == names[change.to_id].state == "active"
            and change.organization_id not in {row.id for row in lines[change.to_id]}
        )
        if not fits:
            found[review.id] = OVERTAKEN
    return found


def bound(_session: Session, ended: Sequence[Row[Any]]) -> Mapping[int, Any]:
    """Why a change that has taken effect is not revoked: another change leads back."""
    return {review.id: MOVED for review in ended if review.state == "approved"}


def undo(_session: Session, _approved: Sequence[Row[Any]]) -> None:
    """A move is not undone. Raises NotEligible."""
    raise NotEligible(MOVED)


def move(session: Session, decided: Sequence[Row[Any]]) -> None:
    """Let approved changes take effect, each with everything below it, and let no open review be lost.

    Raises Stale when one cannot be any more; then nothing is written.
    """
    session.execute(text(f"SET LOCAL statement_timeout = '{PATIENCE}'"))
    for review in decided:
        change = session.get_one(ParentChange, review.subject_id)
        old, new = doors.lineage(session, change.from_id), doors.lineage(session, change.to_id)
        if not doors.move(session, change.id):
            raise Stale
        session.expire_all()
        left = {row.id for row in old} - {row.id for row in new}
        count = reassign(session, change.organization_id, left)
        audit.record(
            session, "move", Organization.__tablename__, change.organization_id,
            organization_id=change.organization_id,
            before={"parent_id": change.from_id},
            after={"parent_id": change.to_id, "reviews": count},
            reason=change.reason,
        )  # fmt: skip
        _tell(session, change)


def _tell(session: Session, change: ParentChange) -> None:
    """Tell the administrators of the old superior and of the new one."""
    names = doors.names(session, [change.organization_id, change.from_id, change.to_id])
    params = {
        "organization": names[change.organization_id].name,
        "old": names[change.from_id].name,
        "new": names[change.to_id].name,
    }
    told = [
        messages.Told("organization_moved", params, account_id=row.account_id)
        for place in (change.from_id, change.to_id)
        for row in doors.administrators(session, place)
    ]
    messages.tell(session, told)
