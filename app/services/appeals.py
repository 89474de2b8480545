"""One appeal against a rejection, where the province allows it: the organisation above decides, finally."""

from copy import deepcopy
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.database import clock, insert_rows, transaction
from app.declare.province import province
from app.declare.words import _
from app.models.decision import Decision
from app.models.review import Review
from app.reviews import KINDS
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import Forbidden
from app.services import chains, effects, messages, reviews, verdicts
from app.services.applicants import asked_by
from app.services.errors import NotEligible, ReasonMissing
from app.services.selection import COLUMNS

LONGEST = 500
"""Characters of a reason."""

AT = "appeal"
"""What the step of an appeal is called in a chain, where others have their relation."""

NO_APPEAL = _("An appeal against this is not possible.")
APPEALED = _("There was an appeal already; its decision is final.")
TOP = _("Nobody stands above the organization that rejected it.")


def appeal(session: Session, review_id: int, version: int, reason: str) -> Review:
    """Ask the organisation above the one that rejected: a new round with one step, whose decision is final.

    Whoever rejected it is told. Raises ReasonMissing, NotFound, Forbidden for somebody else's, Decided or
    Stale when it has changed, NotEligible with the sentence that `objection` gives.
    """
    words, actor = reason.strip()[:LONGEST], actor_of(session)
    if not words:
        raise ReasonMissing
    with transaction(session):
        session.flush()
        review = reviews.mine(session, review_id, actor)
        if (barred := objection(session, review)) is not None:
            raise NotEligible(barred)
        kind, rejected = KINDS[review.kind], _rejection(session, review)
        barred_accounts = (review.creator_id, review.editor_id, *actor.accounts)
        above = doors.lineage(session, rejected.organization_id)[1].id
        opening = chains.Opening(
            chain=[*deepcopy(review.chain[: rejected.step + 1]), _step(review.kind, above)],
            step=rejected.step + 1,
            organization_id=review.organization_id,
            accounts=frozenset(each for each in barred_accounts if each is not None),
            person_id=review.person_id,
        )
        (opened,) = chains.opened(session, kind, [opening])
        changed = {
            "state": "open",
            "round": Review.round + 1,
            "chain": opened.chain,
            "step": opened.step,
            "waiting_id": opened.waiting_id,
            "due_on": opened.due_on,
            "decided_at": None,
        }
        reviews.change(session, review, version, "rejected", changed)
        verdicts.write_states(session, kind, [review.subject_id], was="rejected", becomes="open")
        _record(session, review, rejected, words)
    return review


def objection(session: Session, review: Review) -> Any | None:
    """Why the actor cannot appeal against the rejection of this review; None if he can."""
    if review.state != "rejected" or chains.chain_of(review.kind).appeal is None:
        return NO_APPEAL
    if not asked_by(actor_of(session), review):
        raise Forbidden(f"review {review.id} is somebody else's")
    if session.scalar(select(exists().where(Decision.review_id == review.id, Decision.verdict == AT))):
        return APPEALED
    if len(doors.lineage(session, _rejection(session, review).organization_id)) == 1:
        return TOP
    rows = session.execute(select(*COLUMNS).where(Review.id == review.id)).all()
    return effects.bound(session, KINDS[review.kind], rows).get(review.id)


def possible(session: Session, review: Review | None) -> bool:
    """Whether the actor can appeal now: for the button."""
    mine = review is not None and review.state == "rejected" and asked_by(actor_of(session), review)
    return bool(mine and review is not None and objection(session, review) is None)


def _rejection(session: Session, review: Review) -> Decision:
    return session.scalars(
        select(Decision)
        .where(Decision.review_id == review.id, Decision.verdict == "reject")
        .order_by(Decision.id.desc())
        .limit(1)
    ).one()


def _step(kind: str, above: int) -> dict[str, Any]:
    """The step of the appeal as a review keeps it: at the organisation above, in the province's words."""
    words = chains.chain_of(kind).appeal
    assert words is not None  # noqa: S101 -- objection has asked
    step = {key: getattr(words, key).model_dump() for key in ("label", "approve", "reject")}
    return {"at": AT, "meant": above, "days": words.days or province().clock.days, **step}


def _record(session: Session, review: Review, rejected: Decision, words: str) -> None:
    """Write the appeal into the course of the review, at the step that it is against, and tell."""
    actor = actor_of(session)
    row = {
        "review_id": review.id,
        "round": rejected.round + 1,
        "step": rejected.step,
        "organization_id": review.organization_id,
        "account_id": actor.account_id,
        "appointment_id": actor.appointment_id,
        "name": actor.name[:64],
        "on_behalf": actor.on_behalf,
        "verdict": AT,
        "reason_key": "",
        "reason": words,
        "decided_at": clock.now(),
    }
    insert_rows(session, Decision, [row])
    audit.record(
        session, AT, review.subject, review.subject_id, organization_id=review.organization_id, reason=words
    )
    place = doors.names(session, [review.waiting_id])[review.waiting_id or 0].name
    told = {"title": review.title, "organization": place}
    messages.tell(session, [messages.Told("review_appealed", told, account_id=rejected.account_id)])
