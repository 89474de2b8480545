"""How far the declarations of one person are: where each waits, or why it came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.declare.part import Text
from app.models.decision import Decision
from app.models.hour_record import HourRecord
from app.models.review import Review
from app.services import histories, marking
from app.services.selection import among

MOST = 200
"""Records of one person and year that are listed; nobody declares so many."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a declaration came back: at which step, in whose words, when, and what is wrong at which field."""

    step: Text
    reason: str
    name: str
    at: datetime
    marks: tuple[marking.Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """One declaration and how it stands.

    `review` is None for a draft, `waits_for` the step that is open, `objection` why it was rejected last.
    """

    record: HourRecord
    review: Review | None = None
    waits_for: Text | None = None
    objection: Objection | None = None


def of_record(session: Session, record: HourRecord) -> Standing:
    """How one declaration stands."""
    return _standings(session, [record])[0]


def of_year(session: Session, person_id: int, year: int) -> list[Standing]:
    """The declarations of a person for one year, the latest first, in three statements; no more than MOST."""
    asked = (
        select(HourRecord)
        .where(HourRecord.person_id == person_id, HourRecord.year == year)
        .order_by(HourRecord.id.desc())
        .limit(MOST)
    )
    return _standings(session, session.scalars(asked).all())


def years(session: Session, person_id: int) -> set[int]:
    """The years for which a person has declared anything."""
    return set(session.scalars(select(HourRecord.year).where(HourRecord.person_id == person_id).distinct()))


def _standings(session: Session, records: Sequence[HourRecord]) -> list[Standing]:
    reviews = _reviews(session, [record.id for record in records])
    objections = _objections(
        session, {each.id: each for each in reviews.values() if each.state == "rejected"}
    )
    return [_standing(record, reviews.get(record.id), objections) for record in records]


def _standing(record: HourRecord, review: Review | None, objections: Mapping[int, Objection]) -> Standing:
    if review is None:
        return Standing(record)
    waits_for = _label(review, review.step) if review.state == "open" else None
    return Standing(record, review, waits_for, objections.get(review.id))


def _reviews(session: Session, records: Sequence[int]) -> dict[int, Review]:
    """The newest review of each record."""
    asked = (
        select(Review)
        .where(Review.subject == HourRecord.__tablename__, Review.subject_id == among(records))
        .order_by(Review.id)
    )
    return {review.subject_id: review for review in session.scalars(asked)} if records else {}


def _objections(session: Session, rejected: Mapping[int, Review]) -> dict[int, Objection]:
    """The verdict that rejected each of these reviews, the last one if it came back several times."""
    asked = (
        select(Decision)
        .where(Decision.review_id == among(list(rejected)), Decision.verdict == "reject")
        .order_by(Decision.id)
    )
    decisions = session.scalars(asked).all() if rejected else ()
    return {decision.review_id: _objection(rejected[decision.review_id], decision) for decision in decisions}


def _objection(review: Review, decision: Decision) -> Objection:
    return Objection(
        step=_label(review, decision.step),
        reason=histories.reason(review.kind, decision),
        name=decision.name,
        at=decision.decided_at,
        marks=marking.of(decision),
    )


def _label(review: Review, step: int) -> Text:
    """What the province called a step when the review was opened."""
    return Text(**review.chain[step]["label"])
