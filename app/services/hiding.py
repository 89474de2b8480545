"""Taking verdicts off the list of what an organisation has reviewed: hidden with a reason, never deleted."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock, insert_rows, transaction
from app.models.decision import Decision
from app.models.hidden_decision import HiddenDecision
from app.models.review import Review
from app.reviews import KINDS
from app.security import audit
from app.security.actor import Actor, actor_of
from app.security.scope import Forbidden
from app.services.chains import chain_of
from app.services.errors import NotEligible, NotFound, ReasonMissing, Stale
from app.services.selection import among
from app.services.verdicts import END

LONGEST = 500
"""Characters of a reason."""


def hide(session: Session, kind: str, decisions: Sequence[int], reason: str) -> int:
    """Take these verdicts of the acting organisation off its list; returns how many.

    Raises Forbidden without the permission of the kind, NotEligible where the province lets nobody delete
    what was reviewed, ReasonMissing, NotFound when one is not there or another organisation's, and Stale when
    one is hidden already. Then nothing is done.
    """
    actor, words = actor_of(session), reason.strip()[:LONGEST]
    if not actor.may(KINDS[kind].permission):
        raise Forbidden(f"{KINDS[kind].permission} is not granted")
    if not chain_of(kind).deletes:
        raise NotEligible
    if not words:
        raise ReasonMissing
    ids = sorted(set(decisions))
    with transaction(session):
        rows = session.execute(
            select(Decision.id, Review.subject, Review.subject_id, Review.organization_id)
            .join(Review, Review.id == Decision.review_id)
            .where(
                Decision.id == among(ids),
                Decision.organization_id == actor.organization_id,
                Decision.verdict.in_(END),
                Review.kind == kind,
            )
        ).all()
        if len(rows) < len(ids) or not rows:
            raise NotFound
        if session.scalar(select(HiddenDecision.id).where(HiddenDecision.decision_id == among(ids)).limit(1)):
            raise Stale
        common = {
            "account_id": actor.account_id,
            "name": actor.name[:64],
            "reason": words,
            "hidden_at": clock.now(),
        }
        insert_rows(session, HiddenDecision, [{"decision_id": row.id} | common for row in rows])
        events = [
            audit.event(
                session,
                "hide",
                row.subject,
                row.subject_id,
                row.organization_id,
                after={"decision": row.id},
                reason=words,
            )
            for row in rows
        ]
        audit.record_all(session, events)
    return len(rows)


def sees_hidden(actor: Actor, kind: str) -> bool:
    """Whether an actor may look at what was taken off the list: who defines the roles of the organisation."""
    return chain_of(kind).deletes and actor.may("role.update")
