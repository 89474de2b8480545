"""What the approval of a class does: everybody's share of its hours counts, by the half days attended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from sqlalchemy import Row, any_, exists, func, select
from sqlalchemy.orm import Session

from app.declare.province import province
from app.declare.words import NATIVE, _
from app.models.attachment import Attachment
from app.models.class_member import Attendance, ClassMember
from app.models.training_class import TrainingClass
from app.models.training_plan import TrainingPlan
from app.security import doors
from app.security.actor import actor_of
from app.services import crediting
from app.services.class_rules import class_rules
from app.services.crediting import Earned
from app.services.ledger import NO_EVIDENCE
from app.services.selection import among
from app.services.wording import said

REVOKED = _("The approval of the class was revoked.")
OWN = _("Nobody decides about hours of his own: you took part in this class.")
TAUGHT = _("Classes of this plan have been made.")


@dataclass(frozen=True, slots=True)
class Share:
    """What one member attended of a class, and the hours that follow: those of the plan, in proportion."""

    class_id: int
    person_id: int
    attended: int
    half_days: int
    hours: Decimal


def share(hours: Decimal, attended: int, half_days: int) -> Decimal:
    """The hours of somebody who attended so many half days, in halves; nothing below the province's least."""
    if attended * 100 < class_rules().least * half_days:
        return Decimal(0)
    return (hours * attended * 2 / half_days).to_integral_value(ROUND_FLOOR) / 2


def shares(session: Session, classes: Sequence[int]) -> list[Share]:
    """Everybody's share of these classes, one statement for all of them."""
    attended = func.count(Attendance.id)
    many = func.cardinality(TrainingClass.half_days)
    asked = (
        select(ClassMember.class_id, ClassMember.person_id, attended, many, TrainingClass.hours)
        .join(TrainingClass, TrainingClass.id == ClassMember.class_id)
        .outerjoin(
            Attendance,
            (Attendance.member_id == ClassMember.id)
            & Attendance.present
            & (Attendance.half_day == any_(TrainingClass.half_days)),
        )
        .where(ClassMember.class_id == among(classes), ClassMember.left_at.is_(None))
        .group_by(ClassMember.id, TrainingClass.id)
        .order_by(ClassMember.id)
    )
    return [
        Share(class_id, person, there, of, share(hours, there, of))
        for class_id, person, there, of, hours in session.execute(asked)
    ]


def objections(session: Session, asked: Sequence[Row[Any]]) -> Mapping[int, Any]:
    """Why some of these cannot be approved: no proof, or the one who decides took part himself."""
    ids = among([review.subject_id for review in asked])
    proof = exists().where(
        Attachment.subject == TrainingClass.__tablename__, Attachment.subject_id == TrainingClass.id
    )
    bare = set(session.scalars(select(TrainingClass.id).where(TrainingClass.id == ids, ~proof)))
    persons = actor_of(session).persons
    took_part = select(ClassMember.class_id).where(
        ClassMember.class_id == ids, ClassMember.person_id.in_(persons), ClassMember.left_at.is_(None)
    )
    own = set(session.scalars(took_part)) if persons else set()
    found = {review.id: NO_EVIDENCE for review in asked if review.subject_id in bare}
    return found | {review.id: OWN for review in asked if review.subject_id in own}


def credit(session: Session, approved: Sequence[Row[Any]]) -> None:
    """Let the hours of these classes count for everybody who was there."""
    ids = [review.subject_id for review in approved]
    classes = {
        each.id: each for each in session.scalars(select(TrainingClass).where(TrainingClass.id == among(ids)))
    }
    names = doors.names(session, {each.organization_id for each in classes.values()})
    told = {key: _answers(each, str(names[each.organization_id].name)) for key, each in classes.items()}
    earned = [_earned(classes[each.class_id], each, told[each.class_id]) for each in shares(session, ids)]
    crediting.credit(session, TrainingClass, [each for each in earned if each.hours])


def undo(session: Session, approved: Sequence[Row[Any]]) -> None:
    """Take the hours of these classes back from everybody. Raises NotEligible over a certificate."""
    ids = [review.subject_id for review in approved]
    crediting.take_back(session, TrainingClass, ids, said(REVOKED, NATIVE))


def bound(session: Session, ended: Sequence[Row[Any]]) -> Mapping[int, Any]:
    """Why a verdict stands: a certificate has been issued over some of the hours."""
    approved = [review for review in ended if review.state == "approved"]
    if not approved:
        return {}
    certified = crediting.certified(session, TrainingClass, [review.subject_id for review in approved])
    return {review.id: crediting.CERTIFIED for review in approved if review.subject_id in certified}


def taught(session: Session, ended: Sequence[Row[Any]]) -> Mapping[int, Any]:
    """Why the filing of a plan stands: classes of it have been made."""
    plans_ = [review.subject_id for review in ended if review.state == "approved"]
    made = exists().where(TrainingClass.plan_id == TrainingPlan.id, TrainingClass.state != "cancelled")
    found = set(session.scalars(select(TrainingPlan.id).where(TrainingPlan.id == among(plans_), made)))
    return {review.id: TAUGHT for review in ended if review.subject_id in found}


def _earned(found: TrainingClass, each: Share, told: Mapping[str, Any]) -> Earned:
    attended = {"attended": each.attended, "taught": each.half_days, "whole": f"{found.hours.normalize():f}"}
    return Earned(
        found.id,
        each.person_id,
        found.year,
        found.subject,
        found.form,
        each.hours,
        found.title,
        {**told, **attended},
    )


def _answers(found: TrainingClass, organizer: str) -> dict[str, Any]:
    """What the class says of the questions of its learning form, where the form asks them."""
    form = province().form(found.form)
    known: Iterable[tuple[str, Any]] = (
        ("title", found.title),
        ("organizer", organizer),
        ("place", found.place),
        ("speaker", found.teachers),
        ("begins", found.first_day.isoformat()),
        ("held", found.first_day.isoformat()),
        ("ends", found.last_day.isoformat()),
    )
    return {key: answer for key, answer in known if form is not None and form.field(key) is not None}
