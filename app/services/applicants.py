"""Whose matter a review is: who may take it back, correct it, or ask for a decision."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.review import Review
from app.reviews import KINDS
from app.security.actor import Actor
from app.security.scope import model_of, reach
from app.services import chains


def asked_by(actor: Actor, review: Review) -> bool:
    """Whether it is the actor's: as its person, its creator or its unit.

    An applicant without a login has shown the receipt code before (services/receipts.py).
    """
    kind = KINDS[review.kind]
    return (
        (actor.person_id is not None and review.person_id == actor.person_id)
        or (actor.account_id is not None and review.creator_id == actor.account_id)
        or (chains.about_itself(kind) and review.subject_id == actor.organization_id)
        or (kind.of_unit and review.organization_id == actor.organization_id)
        or actor.kind == "applicant"
    )


def declared_by(session: Session, actor: Actor, review: Review) -> bool:
    """Whether the acting organisation declared it for its person, and the actor may declare for others."""
    model = model_of(KINDS[review.kind].subject)
    if "declare" not in model.access or actor.organization_id is None:
        return False
    asked = select(model.id).where(
        model.id == review.subject_id,
        model.declarer_id == actor.organization_id,
        reach(actor, "declare", model),
    )
    return session.scalar(asked) is not None
