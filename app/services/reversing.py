"""Hours whose approval is revoked: a reversing entry in the ledger, and a year that has them no more."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.database import in_transaction
from app.declare.limits import Kept, limited
from app.declare.province import province
from app.declare.words import _
from app.models.hour_entry import HourEntry
from app.models.hour_record import HourRecord
from app.models.person import Person
from app.models.review import Review
from app.security import doors
from app.security.scope import acting
from app.services import totals, used
from app.services.errors import NotEligible
from app.services.ledger import ENTRY, ONCE, everywhere
from app.services.selection import among

CERTIFIED = _("A certificate of this year has been issued over these hours.")
GONE = _("The professional belongs to another organization by now.")
USED_UP = _("What may count in a year is used up by other hours by now.")


def bound(session: Session, ended: Sequence[Row[Any]]) -> Mapping[int, Any]:
    """Why a verdict about hours stands by now: a certificate, a transfer, or a cap that others have used."""
    approved = [review for review in ended if review.state == "approved"]
    found = _beyond_limits(session, [review for review in ended if review.state == "rejected"])
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


def _beyond_limits(session: Session, rejected: Sequence[Row[Any]]) -> dict[int, Any]:
    """Rejected hours that would stand beyond a limit if they waited again, wherever the others stand."""
    if not rejected:
        return {}
    ids = among([review.subject_id for review in rejected])
    with acting(session, everywhere(session)):
        if in_transaction(session):
            _hold(session, rejected)
        records = session.scalars(
            select(HourRecord).where(HourRecord.id == ids).order_by(HourRecord.id)
        ).all()
        kept = used.of(session, [each.person_id for each in records], {each.year for each in records})
    beyond = set()
    for each in records:
        again = Kept(each.year, each.subject, each.form, each.hours, each.achievement)
        if limited(province(), again, kept[each.person_id]).limit is not None:
            beyond.add(each.id)
        kept[each.person_id].append(again)
    return {review.id: USED_UP for review in rejected if review.subject_id in beyond}


def _hold(session: Session, rejected: Sequence[Row[Any]]) -> None:
    """Nobody declares for these persons meanwhile; reviews are locked before persons, as everywhere."""
    reviews = select(Review.id).where(Review.id == among([each.id for each in rejected])).order_by(Review.id)
    session.execute(reviews.with_for_update(of=Review))
    persons = sorted({each.person_id for each in rejected if each.person_id is not None})
    held = select(Person.id).where(Person.id == among(persons)).order_by(Person.id)
    session.execute(held.with_for_update(of=Person, key_share=True))
