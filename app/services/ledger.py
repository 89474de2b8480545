"""The ledger of hours: written by the last approval, once for each record."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, exists, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.declare.province import province
from app.declare.words import _
from app.models.attachment import Attachment
from app.models.hour_entry import HourEntry
from app.models.hour_record import HourRecord
from app.models.person import Person
from app.models.review import Review
from app.security import doors
from app.security.actor import Actor, actor_of
from app.security.scope import acting
from app.security.widths import widest
from app.services import totals
from app.services.selection import among

NO_EVIDENCE = _("The proof that this learning form asks for is missing.")


def objections(session: Session, reviews: Sequence[Row[Any]]) -> Mapping[int, Any]:
    """Hours whose learning form asks for a proof that nobody has handed in, by the review's id."""
    asking = [form.key for form in province().forms if form.evidence == "required"]
    proof = exists().where(
        Attachment.subject == HourRecord.__tablename__, Attachment.subject_id == HourRecord.id
    )
    bare = select(HourRecord.id).where(
        HourRecord.id == among([review.subject_id for review in reviews]), HourRecord.form.in_(asking), ~proof
    )
    missing = set(session.scalars(bare))
    return {review.id: NO_EVIDENCE for review in reviews if review.subject_id in missing}


def credit_hours(session: Session, reviews: Sequence[Row[Any]]) -> None:
    """Let the approved records count: one entry each, and the sums of the years they belong to.

    A record that counts already in this round is left alone, so that doing this twice changes nothing.
    """
    approved = select(
        HourRecord.person_id,
        HourRecord.year,
        HourRecord.subject,
        HourRecord.form,
        HourRecord.hours,
        literal(1),
        HourRecord.source,
        HourRecord.id,
        Review.round,
    ).where(Review.id == among([review.id for review in reviews]), HourRecord.id == Review.subject_id)
    entries = insert(HourEntry.__table__).from_select(ENTRY, approved)
    new = entries.on_conflict_do_nothing(index_elements=ONCE)
    persons = {review.person_id for review in reviews if review.person_id is not None}
    seen = set(session.scalars(select(Person.id).where(Person.id == among(sorted(persons)))))
    with nullcontext() if persons <= seen else acting(session, everywhere(session)):
        totals.enter(session, new)


def everywhere(session: Session) -> Actor:
    """The acting one at the top of the tree: whose hours an old organisation finishes stands elsewhere.

    Who acts for no organisation stays as he is.
    """
    actor = actor_of(session)
    if actor.organization_id is None:
        return actor
    top = doors.lineage(session, actor.organization_id)[-1]
    held = widest({"person.read", "hour_record.read", "review.read", "attachment.read"})
    return replace(actor, organization_id=top.id, depth=top.depth, permissions=held)


ENTRY = ("person_id", "year", "subject", "form", "hours", "sign", "source", "record_id", "round")
ONCE = ("year", "record_id", "round", "sign")
