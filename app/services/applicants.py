"""Whose matter a review is: who may take it back, correct it, or ask for a decision."""

from app.models.review import Review
from app.reviews import KINDS
from app.security.actor import Actor
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
