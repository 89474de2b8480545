"""Classes of filed plans: made, declared once they have ended, corrected after a rejection, or cancelled."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.words import _
from app.models.class_member import ClassMember
from app.models.review import Review
from app.models.training_class import TrainingClass
from app.models.training_plan import TrainingPlan
from app.security import audit
from app.security.actor import actor_of
from app.security.scope import reach, require
from app.services import (
    attachments,
    class_form,
    class_hours,
    differences,
    half_days,
    messages,
    records,
    reviews,
)
from app.services.attachments import FIELD, Upload
from app.services.errors import Faulty, NotEligible
from app.services.integrity import refusals

NOUN = TrainingClass.__tablename__

NOT_FILED = _("A class can be made once its training plan is filed.")
ALL_MADE = _("All %(classes)s classes of this plan have been made.")
NOT_ENDED = _("The class has not ended yet: its hours are declared after its last half day.")
NOBODY = _("Nobody attended enough of this class to be credited. Complete the attendance first.")
NO_PROOF = _("Please add the proof: a photograph or a PDF.")
TOO_LATE = _("Its hours have been declared already.")


def following(session: Session) -> TrainingClass | None:
    """The next class of the acting organisation that is not over; None for who plans none."""
    actor = actor_of(session)
    if actor.organization_id is None or not actor.may("training_class.create"):
        return None
    asked = (
        select(TrainingClass)
        .where(TrainingClass.organization_id == actor.organization_id, TrainingClass.state == "open")
        .where(TrainingClass.last_day >= clock.today())
    )
    return session.scalar(asked.order_by(TrainingClass.first_day, TrainingClass.id).limit(1))


def make(session: Session, plan_id: int, typed: Mapping[str, Any]) -> TrainingClass:
    """Make a class of a plan that is filed, and of which there are not enough yet.

    `typed` is that of class_form.checked. Raises Faulty by field, NotFound,
    Forbidden, NotEligible for a plan that is not filed.
    """
    with transaction(session), refusals(TrainingClass):
        plan = _filed(session, plan_id)
        made = TrainingClass(
            organization_id=plan.organization_id,
            plan_id=plan.id,
            year=plan.year,
            subject=plan.subject,
            form=plan.form,
            hours=plan.hours,
            created_at=clock.now(),
            **class_form.checked(session, plan, typed),
        )
        session.add(made)
        session.flush()
        require(session, reach(actor_of(session), "create", TrainingClass), made)
        audit.record_on(session, "create", made, after=audit.facts(made))
    return made


def cancel(session: Session, class_id: int) -> TrainingClass:
    """Call a class off; who is in it is told. Raises NotFound, Forbidden, NotEligible once it is declared."""
    with transaction(session):
        found = held(session, class_id)
        found.state = "cancelled"
        session.flush()
        audit.record_on(session, "cancel", found)
        people = session.scalars(
            select(ClassMember.person_id).where(
                ClassMember.class_id == class_id, ClassMember.left_at.is_(None)
            )
        ).all()
        told = {"title": found.title, "day": found.first_day.isoformat()}
        messages.tell(
            session, [messages.Told("class_cancelled", told, person_id=person) for person in people]
        )
    return found


def send(session: Session, class_id: int, evidence: Sequence[Upload], version: int = 0) -> Review:
    """Declare the hours of a class that has ended, with its proof; or once more after a rejection.

    `version` is that of the review that was rejected. Raises Faulty under `evidence`, NotFound, Forbidden,
    NotEligible before it has ended or when nobody would be credited, Stale.
    """
    with transaction(session):
        review = reviews.held(session, NOUN, class_id)
        found = held(session, class_id)
        if not half_days.ended(found.half_days):
            raise NotEligible(NOT_ENDED)
        before = differences.facts(session, found)
        attachments.keep_all(session, found, evidence)
        if not attachments.of(session, found):
            raise Faulty({FIELD: [NO_PROOF]})
        credited = [each for each in class_hours.shares(session, [found.id]) if each.hours]
        if not credited:
            raise NotEligible(NOBODY)
        hours = sum((each.hours for each in credited), Decimal(0))
        if found.state == "returned" and review is not None:
            return reviews.resubmit(session, review.id, version, before, title=found.title, measure=hours)
        return reviews.submit(session, "class_hours", found, title=found.title, measure=hours)


def held(session: Session, class_id: int) -> TrainingClass:
    """A class of the acting organisation whose hours are not declared, locked.

    Raises NotFound, Forbidden, NotEligible.
    """
    found = records.locked(session, TrainingClass, class_id, key_share=True)
    if found.state not in {"open", "returned"}:
        raise NotEligible(TOO_LATE if found.state != "cancelled" else None)
    require(session, reach(actor_of(session), "update", TrainingClass), found)
    return found


def review_of(session: Session, found: TrainingClass) -> Review | None:
    """The newest review of its hours."""
    return session.scalar(
        select(Review)
        .where(Review.subject == NOUN, Review.subject_id == found.id)
        .order_by(Review.id.desc())
        .limit(1)
    )


def of_plan(session: Session, plan_id: int) -> Sequence[TrainingClass]:
    """The classes of a plan, the latest first."""
    asked = select(TrainingClass).where(TrainingClass.plan_id == plan_id)
    return session.scalars(asked.order_by(TrainingClass.id.desc())).all()


def missing(session: Session, plan: TrainingPlan) -> int:
    """How many classes of a filed plan can still be made."""
    asked = select(func.count()).where(TrainingClass.plan_id == plan.id, TrainingClass.state != "cancelled")
    return max(0, plan.classes - (session.scalar(asked) or 0)) if plan.state == "approved" else 0


def _filed(session: Session, plan_id: int) -> TrainingPlan:
    plan = records.locked(session, TrainingPlan, plan_id)
    if plan.state != "approved":
        raise NotEligible(NOT_FILED)
    if not missing(session, plan):
        raise NotEligible(ALL_MADE, classes=plan.classes)
    return plan
