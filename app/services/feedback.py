"""Feedback on its way up the tree: written, merged and passed on, answered (RUL-07).

What a professional writes waits at the own organisation, what an organisation writes at the one above it. Who
wrote is told the answer, and so is everybody whose feedback was merged into what was answered.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.invalid import Invalid
from app.declare.words import _
from app.models.feedback import LONGEST, Feedback
from app.models.organization import Organization
from app.models.person import Person
from app.security import audit, doors
from app.security.actor import Actor, actor_of
from app.security.scope import Forbidden, reach, require
from app.services import attachments, messages
from app.services.errors import Faulty, NotEligible, Stale

MOST = 100
"""So many that wait here are shown at once, the oldest first."""

NOTHING_ABOVE = _("Nothing stands above your organization: answer it here.")
NONE_CHOSEN = _("Please choose at least one.")
NO_ANSWER = _("Please write an answer.")
TOO_LONG = _("At most %(most)d characters fit here.")


def write(session: Session, row: Feedback, uploads: Sequence[attachments.Upload]) -> Feedback:
    """Send what somebody has written to where it is answered; the administrators there are told.

    Raises Forbidden, NotEligible where nothing stands above, and Faulty under `evidence`.
    """
    actor = actor_of(session)
    with transaction(session):
        row.account_id, row.person_id = actor.account_id, actor.person_id
        row.organization_id = _place(session, actor)
        above = row.organization_id if actor.person_id else _above(session, actor)
        session.add(row)
        session.flush()
        require(session, reach(actor, "create", Feedback), row)
        audit.record_on(session, "create", row, after={"title": row.title, "topic": row.topic})
        attachments.keep_all(session, row, uploads)
        _tell_those_who_answer(session, row, above)
    return row


def waiting(session: Session) -> Sequence[Feedback]:
    """What waits for the acting organisation's answer, the oldest first."""
    asked = select(Feedback).where(_waits_here(actor_of(session))).order_by(Feedback.id).limit(MOST)
    return session.scalars(asked).all()


def waits_here(session: Session, feedback_id: int) -> bool:
    """Whether the acting organisation is the one to answer this."""
    here = select(Feedback.id).where(Feedback.id == feedback_id, _waits_here(actor_of(session)))
    return session.scalar(here) is not None


def has_parts(session: Session, feedback_id: int) -> bool:
    """Whether anything was merged into this."""
    asked = select(Feedback.id).where(Feedback.merged_id == feedback_id).limit(1)
    return session.scalar(asked) is not None


def parts(session: Session, row: Feedback) -> Sequence[Feedback]:
    """What was merged into this directly."""
    asked = select(Feedback).where(Feedback.merged_id == row.id).order_by(Feedback.id).limit(MOST)
    return session.scalars(asked).all()


def answer(session: Session, feedback_id: int, text: str) -> Feedback:
    """Answer what waits here, and everything that was merged into it; all who wrote are told.

    Raises Stale where it waits here no longer, Forbidden, and Faulty under `answer`.
    """
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise Faulty({"answer": [NO_ANSWER if not said else Invalid(TOO_LONG, most=LONGEST)]})
    with transaction(session):
        (row,) = _taken(session, [feedback_id])
        require(session, reach(actor_of(session), "answer", Feedback), row)
        answered = _with_all_parts(session, row)
        for each in answered:
            each.state, each.answer, each.answered_at = "answered", said, clock.now()
            each.answerer_id = actor_of(session).organization_id
        session.flush()
        audit.record_all(session, [audit.event_on(session, "answer", each) for each in answered])
        _tell_those_who_wrote(session, answered)
    return row


def pass_on(session: Session, ids: Sequence[int], merged: Feedback) -> Feedback:
    """Merge what waits here into one, and send that to the organisation above.

    Raises Faulty under `chosen` where nothing is, Stale where something of it waits here no longer,
    Forbidden, and NotEligible where nothing stands above.
    """
    if not ids:
        raise Faulty({"chosen": [NONE_CHOSEN]})
    actor = actor_of(session)
    with transaction(session):
        taken = _taken(session, ids)
        for row in taken:
            require(session, reach(actor, "answer", Feedback), row)
        write(session, merged, [])
        for row in taken:
            row.state, row.merged_id = "merged", merged.id
        session.flush()
        after = {"merged_id": merged.id}
        audit.record_all(session, [audit.event_on(session, "pass_on", row, None, after) for row in taken])
    return merged


def _place(session: Session, actor: Actor) -> int:
    if actor.person_id is None:
        if actor.organization_id is None:
            raise Forbidden("feedback of nobody")
        return actor.organization_id
    return session.scalars(select(Person.organization_id).where(Person.id == actor.person_id)).one()


def _above(session: Session, actor: Actor) -> int:
    line = doors.lineage(session, actor.organization_id or 0)
    if len(line) < 2:  # noqa: PLR2004 -- itself and the one above
        raise NotEligible(NOTHING_ABOVE)
    return int(line[1].id)


def _waits_here(actor: Actor) -> ColumnElement[bool]:
    directly_below = select(Organization.id).where(Organization.parent_id == actor.organization_id)
    return and_(
        Feedback.state == "open",
        or_(
            and_(Feedback.person_id.is_not(None), Feedback.organization_id == actor.organization_id),
            and_(Feedback.person_id.is_(None), Feedback.organization_id.in_(directly_below)),
        ),
    )


def _taken(session: Session, ids: Sequence[int]) -> Sequence[Feedback]:
    """What waits here with these ids, locked: of two who act on one the second comes too late."""
    wanted = sorted(set(ids))
    found = session.scalars(
        select(Feedback)
        .where(Feedback.id.in_(wanted), _waits_here(actor_of(session)))
        .order_by(Feedback.id)
        .with_for_update(of=Feedback)
        .execution_options(populate_existing=True)
    ).all()
    if len(found) < len(wanted):
        raise Stale
    return found


def _with_all_parts(session: Session, row: Feedback) -> list[Feedback]:
    found, level = [row], [row.id]
    while level:
        below = session.scalars(
            select(Feedback).where(Feedback.merged_id.in_(level)).order_by(Feedback.id).with_for_update()
        ).all()
        found += below
        level = [each.id for each in below]
    return found


def _tell_those_who_answer(session: Session, row: Feedback, above: int) -> None:
    name = doors.names(session, [row.organization_id])[row.organization_id].name
    params = {"title": row.title, "organization": name}
    told = [
        messages.Told("feedback_received", params, account_id=each.account_id)
        for each in doors.administrators(session, above)
    ]
    messages.tell(session, told)


def _tell_those_who_wrote(session: Session, answered: Sequence[Feedback]) -> None:
    place: Any = actor_of(session).organization_id
    name = doors.names(session, [place])[place].name
    told = [
        messages.Told(
            "feedback_answered", {"title": each.title, "organization": name}, account_id=each.account_id
        )
        for each in answered
    ]
    messages.tell(session, told)
