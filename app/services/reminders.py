"""Whoever waits for a decision asks for it (催办): once a day, told to those who may decide."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.database import SHANGHAI, clock, transaction
from app.declare.words import _
from app.models.review import Review
from app.reviews import KINDS
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import Forbidden
from app.services import messages
from app.services.applicants import asked_by
from app.services.chains import chain_of
from app.services.errors import Decided, NotEligible, NotFound
from app.services.timing import timing

KIND = "review_reminder"
TODAY = _("It has been asked for today already. You can ask again tomorrow.")


def may_remind(session: Session, review: Review) -> bool:
    """Whether the actor may ask for a decision now: it is the actor's, waits, and was not asked for today."""
    mine = review.state == "open" and asked_by(actor_of(session), review)
    return mine and not_today(review.reminded_at)


def not_today(reminded_at: datetime | None) -> bool:
    """Whether the last time one asked was not today."""
    return reminded_at is None or reminded_at < _midnight()


def remind(session: Session, review_id: int) -> None:
    """Ask those who may decide the open step to do so.

    Of several who ask at one moment one is heard. Raises NotFound, Forbidden for whom it does not concern,
    Decided when it waits no more, NotEligible when it was asked for today. The review's version stays, so
    that whoever is about to decide is not disturbed.
    """
    with transaction(session):
        session.flush()
        review = session.scalar(select(Review).where(Review.id == review_id))
        if review is None:
            raise NotFound
        if not asked_by(actor_of(session), review):
            raise Forbidden(f"review {review_id} is somebody else's")
        heard = session.scalar(
            update(Review)
            .where(Review.id == review_id, Review.state == "open")
            .where(or_(Review.reminded_at.is_(None), Review.reminded_at < _midnight()))
            .values(reminders=Review.reminders + 1, reminded_at=clock.now())
            .returning(Review.waiting_id)
            .execution_options(synchronize_session=False)
        )
        if heard is None:
            session.refresh(review)
            raise NotEligible(TODAY) if review.state == "open" else Decided
        session.refresh(review)
        audit.record(
            session, "remind", review.subject, review.subject_id, organization_id=review.organization_id
        )
        messages.tell(session, _told(session, review))


def _told(session: Session, review: Review) -> list[messages.Told]:
    """A message to each who may decide it; not to those whose own it is."""
    deciders = doors.deciders(session, [review.waiting_id or 0], KINDS[review.kind].permission)
    own = {review.creator_id, review.editor_id}
    words: dict[str, Any] = {
        "title": review.title,
        "queue": chain_of(review.kind).label.model_dump(),
        "days": timing(review.submitted_at, review.due_on).age,
    }
    return [
        messages.Told(KIND, words, account_id=each.account_id)
        for each in deciders.get(review.waiting_id or 0, ())
        if each.account_id not in own and (each.person_id is None or each.person_id != review.person_id)
    ]


def _midnight() -> datetime:
    """When today began in China."""
    return datetime.combine(clock.today(), time(), SHANGHAI)
