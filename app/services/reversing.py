"""Hours whose approval is revoked: a reversing entry in the ledger, and a year that has them no more."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from app.declare.province import province
from app.declare.words import _
from app.models.hour_entry import HourEntry
from app.models.hour_record import HourRecord
from app.models.person import Person
from app.models.review import Review
from app.security import doors
from app.services import totals
from app.services.errors import NotEligible
from app.services.ledger import ENTRY, ONCE
from app.services.selection import among

COUNTING = ("submitted", "approved")
"""The states in which a record uses up its form's yearly cap."""

CERTIFIED = _("A certificate of this year has been issued over these hours.")
GONE = _("The professional belongs to another organization by now.")
USED_UP = _("What this learning form counts in a year is used up by other hours by now.")


def bound(session: Session, ended: Sequence[Row[Any]]) -> Mapping[int, Any]:
    """Why a verdict about hours stands by now: a certificate, a transfer, or a cap that others have used."""
    approved = [review for review in ended if review.state == "approved"]
    found = _beyond_caps(session, [review for review in ended if review.state == "rejected"])
    certified = doors.certified(session, [review.subject_id for review in approved])
    persons = [review.person_id for review in approved]
    here = set(session.scalars(select(Person.id).where(Person.id == among(persons)))) if persons else set()
    found |= {review.id: GONE for review in approved if review.person_id not in here}
    return found | {review.id: CERTIFIED for review in approved if review.subject_id in certified}


def reverse(session: Session, approved: Sequence[Row[Any]]) -> None:
    """Let these hours count no more: one reversing entry each, and the sums of their years.

    The years are held from then on: who issues a certificate of one waits, or was faster. Raises NotEligible
    for the latter.
    """
    counted = (
        select(
            HourEntry.person_id,
            HourEntry.year,
            HourEntry.subject,
            HourEntry.form,
            HourEntry.hours,
            literal(-1),
            HourEntry.source,
            HourEntry.record_id,
            HourEntry.round,
        )
        .join(Review, Review.subject_id == HourEntry.record_id)
        .join(HourRecord, (HourRecord.id == HourEntry.record_id) & (HourRecord.year == HourEntry.year))
        .where(
            Review.id == among([review.id for review in approved]),
            HourEntry.round == Review.round,
            HourEntry.sign == 1,
        )
    )
    entries = insert(HourEntry.__table__).from_select(ENTRY, counted)
    totals.enter(session, entries.on_conflict_do_nothing(index_elements=ONCE))
    if doors.certified(session, [review.subject_id for review in approved]):
        raise NotEligible(CERTIFIED)


def _beyond_caps(session: Session, rejected: Sequence[Row[Any]]) -> dict[int, Any]:
    """Rejected hours that would stand beyond the yearly cap of their form if they waited again."""
    caps = {form.key: form.yearly_cap for form in province().forms if form.yearly_cap is not None}
    if not rejected or not caps:
        return {}
    again, other = HourRecord, aliased(HourRecord)
    same = (other.person_id == again.person_id, other.year == again.year, other.form == again.form)
    ids = among([review.subject_id for review in rejected])
    used = select(func.coalesce(func.sum(other.hours), 0)).where(
        *same, other.state.in_(COUNTING) | (other.id == ids)
    )
    asked = select(again.id, again.form, used.correlate(again).scalar_subquery().label("hours")).where(
        again.id == ids, again.form.in_(caps)
    )
    beyond = {row.id for row in session.execute(asked) if row.hours > caps[row.form]}
    return {review.id: USED_UP for review in rejected if review.subject_id in beyond}
