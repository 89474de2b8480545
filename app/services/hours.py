"""Declaring hours: drafts, what is sent into review, and what is corrected after a rejection."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.learning_form import TITLE, LearningForm
from app.declare.limits import Kept
from app.declare.period import period
from app.declare.province import province
from app.declare.words import _
from app.models.hour_record import HourRecord
from app.models.person import Person
from app.models.review import Review
from app.security import audit
from app.security.actor import actor_of
from app.security.scope import reach, require
from app.services import attachments, declarations, differences, records, reviews, used
from app.services.attachments import Upload
from app.services.declarations import Declaration, Worth
from app.services.errors import Faulty, NotEligible, NotFound, Refused
from app.services.values import declared

SAID_AGAIN = ("draft", "withdrawn")
"""The states in which a record is no likely duplicate of another."""


class Repeated(Refused):
    """It looks like what was declared before. `twins` are those records, `same` is one with equal answers."""

    sentence = _("You have declared something very like this already.")

    def __init__(self, twins: Sequence[HourRecord], same: HourRecord | None) -> None:
        super().__init__()
        self.twins = tuple(twins)
        self.same = same


def declare(
    session: Session,
    person_id: int,
    said: Declaration,
    evidence: Sequence[Upload] = (),
    *,
    draft_id: int | None = None,
    sure: bool = True,
) -> HourRecord:
    """Send a declaration into review, with its proof, in one transaction; a draft may have held it before.

    Who is not `sure` that it is another activity is told of likely duplicates instead (Repeated): whoever
    presses twice, or again after a lost answer, declares once. Raises Faulty with what is wrong by field
    (`evidence` for the proof), NotFound, Forbidden.
    """
    with transaction(session):
        person = records.locked(session, Person, person_id, key_share=True)
        record = _of(session, draft_id, "draft") if draft_id is not None else _begun(session, person)
        record.declared_at = clock.now()
        _fill(session, record, said, evidence)
        if not sure:
            _require_new(session, record, said)
        reviews.submit(
            session,
            "hours",
            record,
            title=_called(person, record),
            person_id=person.id,
            measure=record.hours,
        )
    return record


def draft(
    session: Session,
    person_id: int,
    said: Declaration,
    evidence: Sequence[Upload] = (),
    *,
    draft_id: int | None = None,
) -> HourRecord:
    """Keep what was filled in so far; only year, subject and learning form must be right (Faulty)."""
    with transaction(session):
        form = declarations.chosen_form(session, said)
        person = records.locked(session, Person, person_id, key_share=True)
        record = _of(session, draft_id, "draft") if draft_id is not None else _begun(session, person)
        values = declarations.drafted(said, form)
        _put(record, said, values, Decimal(0))
        _write(session, record)
        attachments.keep_all(session, record, evidence)
    return record


def discard(session: Session, record_id: int) -> None:
    """Throw a draft away with its files. Raises NotFound, NotEligible for anything but a draft."""
    with transaction(session):
        record = _of(session, record_id, "draft")
        attachments.remove_all(session, record)
        session.delete(record)
        audit.record(
            session, "delete", HourRecord.__tablename__, record_id, organization_id=record.organization_id
        )


def correct(
    session: Session, record_id: int, version: int, said: Declaration, evidence: Sequence[Upload] = ()
) -> HourRecord:
    """Correct what was rejected and send it once more; its reviewers see what changed.

    `version` is that of the review whose objection was read. Earlier files stay. Raises Faulty, NotFound,
    Forbidden, NotEligible for what was not rejected, Stale.
    """
    with transaction(session):
        review = reviews.held(session, HourRecord.__tablename__, record_id)
        record = _of(session, record_id, "returned")
        person = records.locked(session, Person, record.person_id, key_share=True)
        if review is None:
            raise NotFound
        before = differences.facts(session, record)
        _fill(session, record, said, evidence)
        reviews.resubmit(
            session, review.id, version, before, title=_called(person, record), measure=record.hours
        )
    return record


def worth(session: Session, person_id: int, said: Declaration, *, besides: int | None = None) -> Worth:
    """What a declaration would count, for whoever is filling it in; `besides` is the record itself.

    Answers that are missing or wrong matter only where the hours depend on them. Raises Faulty with what is
    wrong by field, under "" when it would count nothing or cannot be counted yet.
    """
    form = declarations.chosen_form(session, said)
    values = declarations.understood(said, form)
    return declarations.worth(said, form, values, _kept(session, person_id, said, besides))


def last(session: Session, person_id: int) -> HourRecord | None:
    """What a person sent last, to begin the next one from."""
    return session.scalar(
        select(HourRecord)
        .where(
            HourRecord.person_id == person_id, HourRecord.source == "declaration", HourRecord.state != "draft"
        )
        .order_by(HourRecord.id.desc())
        .limit(1)
    )


def likely_duplicates(
    session: Session, person_id: int, said: Declaration, *, besides: int | None = None
) -> list[HourRecord]:
    """Other records of the same year that may speak of the same thing: for a warning, never a refusal.

    They have the same title, or days in common.
    """
    title = declarations.folded(str(said.values.get(TITLE, "")))
    days = _days(said.form, said.values)
    others = session.scalars(
        select(HourRecord)
        .where(*_other(person_id, said.year, besides), HourRecord.state.not_in(SAID_AGAIN))
        .order_by(HourRecord.id)
    )
    return [
        other
        for other in others
        if (title and declarations.folded(other.title) == title)
        or _overlap(days, _days(other.form, other.values))
    ]


def _days(form: str, values: Mapping[str, Any]) -> tuple[date, date] | None:
    asked = province().form(form)
    return period(asked, values) if asked is not None else None


def _overlap(one: tuple[date, date] | None, other: tuple[date, date] | None) -> bool:
    return one is not None and other is not None and one[0] <= other[1] and other[0] <= one[1]


def review_of(session: Session, record: HourRecord) -> Review | None:
    """The review of a record, decided or not; None for a draft."""
    return session.scalar(
        select(Review)
        .where(Review.subject == HourRecord.__tablename__, Review.subject_id == record.id)
        .order_by(Review.id.desc())
        .limit(1)
    )


def _fill(session: Session, record: HourRecord, said: Declaration, evidence: Sequence[Upload]) -> None:
    form = declarations.chosen_form(session, said)
    values = declarations.checked(said, form)
    found = declarations.worth(said, form, values, _kept(session, record.person_id, said, record.id))
    _put(record, said, values, found.hours)
    record.achievement, record.limited = found.achievement, found.facts
    _write(session, record)
    _keep_evidence(session, record, form, evidence)


def _keep_evidence(
    session: Session, record: HourRecord, form: LearningForm, evidence: Sequence[Upload]
) -> None:
    if evidence and form.evidence == "none":
        raise Faulty({"evidence": [_("This learning form asks for no proof.")]})
    attachments.keep_all(session, record, evidence)
    if form.evidence == "required" and not attachments.of(session, record):
        raise Faulty({"evidence": [_("Please add the proof: a photograph or a PDF.")]})


def _require_new(session: Session, record: HourRecord, said: Declaration) -> None:
    """Raise Repeated if another record may speak of the same. The person is held: none comes meanwhile."""
    twins = likely_duplicates(session, record.person_id, said, besides=record.id)
    if twins:
        same = next((twin for twin in twins if _facts(twin) == _facts(record)), None)
        raise Repeated(twins, same)


def _facts(record: HourRecord) -> tuple[Any, ...]:
    return record.year, record.subject, record.form, record.values


def _begun(session: Session, person: Person) -> HourRecord:
    return HourRecord(
        person_id=person.id,
        organization_id=person.organization_id,
        state="draft",
        source="declaration",
        creator_id=actor_of(session).account_id,
    )


def _of(session: Session, record_id: int, state: str) -> HourRecord:
    """One's own record in this state, locked. Raises NotFound, NotEligible, Forbidden."""
    record = records.locked(session, HourRecord, record_id)
    if record.state != state:
        raise NotEligible
    require(session, reach(actor_of(session), "update", HourRecord), record)
    return record


def _put(record: HourRecord, said: Declaration, values: dict[str, Any], hours: Decimal) -> None:
    record.year, record.subject, record.form = said.year, said.subject, said.form
    record.title = str(values.get(TITLE) or "")[: HourRecord.title.type.length]
    record.values = values
    record.number = declarations.number_of(said, values)
    record.hours = hours


def _write(session: Session, record: HourRecord) -> None:
    """Write a record where its owner may; who it is about was asked before."""
    verb = "create" if record.id is None else "update"
    session.add(record)
    session.flush()  # require() reads the row, so it must be written first
    require(session, reach(actor_of(session), verb, HourRecord), record)
    audit.record(
        session,
        verb,
        HourRecord.__tablename__,
        record.id,
        organization_id=record.organization_id,
        after=audit.facts(record, declared(HourRecord)),
    )


def _kept(session: Session, person_id: int, said: Declaration, besides: int | None) -> list[Kept]:
    """What counts or waits already of the limits that may hold."""
    return used.of(session, [person_id], {said.year}, besides=besides)[person_id]


def _other(person_id: int, year: int, besides: int | None) -> list[ColumnElement[bool]]:
    found = [HourRecord.person_id == person_id, HourRecord.year == year]
    return found if besides is None else [*found, HourRecord.id != besides]


def _called(person: Person, record: HourRecord) -> str:
    return f"{person.name} · {record.title}"
