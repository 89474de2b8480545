"""Hours that count without a declaration: those of a class or of a course, credited once for each origin.

An origin is a row of a table that declares `credits` (app/declare/credits.py), in the state that it names:
whoever sees it in this state may let its hours count, for whomever they are. PostgreSQL asks the same of each
record (security/credited.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.database import as_json, transaction
from app.declare.computed import in_halves, plain
from app.declare.credits import Credits
from app.declare.limits import Counting, Kept, achievement, limited
from app.declare.province import province
from app.declare.words import _
from app.models.hour_entry import HourEntry
from app.models.hour_record import HourRecord
from app.models.person import Person
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import acting
from app.services import totals, used
from app.services.errors import NotEligible, NotFound, ReasonMissing
from app.services.ledger import ENTRY, ONCE, everywhere
from app.services.reversing import CERTIFIED
from app.services.selection import among

UNPROVEN = _("Its hours do not count: it has not been approved, or not been passed.")

RECORDED = text("""
INSERT INTO hour_record (organization_id, person_id, year, subject, form, title, hours, "values", limited,
    source, origin_id, achievement, state, creator_id)
SELECT p.organization_id, e.person_id, e.year, e.subject, e.form, e.title, e.hours, e.said, e.limited,
    :source, e.origin_id, e.achievement, 'approved', :account
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS e (person_id bigint, year smallint, subject text, form text,
    title text, hours numeric, said jsonb, limited jsonb, origin_id bigint, achievement text)
JOIN person p ON p.id = e.person_id
ORDER BY e.person_id, e.origin_id, e.subject
ON CONFLICT (source, origin_id, person_id, year, subject, form)
    WHERE origin_id IS NOT NULL AND state = 'approved' DO NOTHING
RETURNING id, organization_id, person_id, year, subject, form, hours, title, origin_id
""")


@dataclass(frozen=True, slots=True)
class Earned:
    """Hours that one person earned in one year, by one origin, before any limit.

    `form` is the key of a learning form of the province: its caps apply, those of what others declared of the
    same form too. `title` is what the record is called, `values` what it says beside.
    """

    origin_id: int
    person_id: int
    year: int
    subject: str
    form: str
    hours: Decimal
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)


def credit(session: Session, origin: Any, earned: Sequence[Earned]) -> int:
    """Let these hours count: a record each, the ledger, the years, and the trail; returns how many are new.

    `origin` is the model of the origins. What was credited for an origin before is left alone, so that doing
    this twice changes nothing. Hours are rounded down to halves; where a limit leaves fewer, these count, and
    the record says why. The statements are as many for a class of 500 as for one person.

    Raises NotFound for an origin out of reach or a person who is not there, NotEligible for one that is no
    proof, and writes nothing then.
    """
    declared = _declared(origin)
    if not earned:
        return 0
    with transaction(session):
        _require_proof(session, origin, declared, {each.origin_id for each in earned})
        with acting(session, everywhere(session)):
            persons = sorted({each.person_id for each in earned})
            _lock(session, persons)
            rows = _limited(earned, used.of(session, persons, {each.year for each in earned}))
            words = {"source": declared.source, "account": actor_of(session).account_id}
            made = session.execute(RECORDED, words | {"rows": as_json(rows)}).all()
            _enter(session, made)
        audit.record_all(session, [_event(session, "credit", each) for each in made])
    return len(made)


def take_back(session: Session, origin: Any, origins: Iterable[int], reason: str) -> int:
    """Let the hours of these origins count no more, with a reversing entry each; returns how many did.

    The records stay and say "withdrawn". Raises ReasonMissing, NotFound for an origin out of reach, and
    NotEligible where a certificate has been issued over some of them.
    """
    declared, words = _declared(origin), reason.strip()
    if not words:
        raise ReasonMissing
    with transaction(session):
        wanted = sorted(set(origins))
        if set(session.scalars(select(origin.id).where(origin.id == among(wanted)))) != set(wanted):
            raise NotFound
        with acting(session, everywhere(session)):
            gone = _withdrawn(session, declared, wanted)
            _enter(session, gone, sign=-1)
            if doors.certified(session, [each.id for each in gone]):
                raise NotEligible(CERTIFIED)
        audit.record_all(session, [_event(session, "uncredit", each, words) for each in gone])
    return len(gone)


def certified(session: Session, origin: Any, origins: Sequence[int]) -> set[int]:
    """Those of these origins whose hours cannot be taken back: a certificate has been issued over some."""
    declared = _declared(origin)
    with acting(session, everywhere(session)):
        counted = session.execute(
            select(HourRecord.id, HourRecord.origin_id).where(*_of(declared, origins))
        ).all()
        bound = doors.certified(session, [each.id for each in counted])
    return {each.origin_id for each in counted if each.id in bound and each.origin_id is not None}


def _declared(origin: Any) -> Credits:
    found = origin.credits
    if not isinstance(found, Credits):
        raise TypeError(f"{origin.__tablename__} declares no credits")
    return found


def _require_proof(session: Session, origin: Any, declared: Credits, origins: set[int]) -> None:
    """The origins stay as they are until the end of the transaction."""
    found = session.execute(
        select(origin.id, origin.state)
        .where(origin.id == among(sorted(origins)))
        .order_by(origin.id)
        .with_for_update(of=origin, read=True)
    ).all()
    if {each.id for each in found} != origins:
        raise NotFound
    if any(each.state != declared.state for each in found):
        raise NotEligible(UNPROVEN)


def _lock(session: Session, persons: Sequence[int]) -> None:
    """Hold the persons in one order: nobody declares for them meanwhile what a limit leaves."""
    held = session.scalars(
        select(Person.id)
        .where(Person.id == among(persons))
        .order_by(Person.id)
        .with_for_update(of=Person, key_share=True)
    ).all()
    if len(held) != len(persons):
        raise NotFound


def _limited(earned: Sequence[Earned], kept: dict[int, list[Kept]]) -> list[dict[str, Any]]:
    """The rows of the records; what one of them uses up is used for the next."""
    found = []
    profile = province()
    for each in earned:
        form = profile.form(each.form)
        hours = in_halves(each.hours)
        hours = hours if form is None or form.item_cap is None else min(hours, form.item_cap)
        if hours <= 0:
            continue
        asked = Kept(each.year, each.subject, each.form, hours, achievement(form, each.values))
        counts = limited(profile, asked, kept[each.person_id])
        kept[each.person_id].append(replace(asked, hours=counts.hours))
        found.append(_row(each, asked, counts))
    return found


def _row(each: Earned, asked: Kept, counts: Counting) -> dict[str, Any]:
    why = None if counts.limit is None else counts.limit.facts | {"earned": plain(asked.hours)}
    return {
        "person_id": each.person_id, "year": each.year, "subject": each.subject, "form": each.form,
        "title": each.title[: HourRecord.title.type.length], "hours": plain(counts.hours),
        "said": dict(each.values), "limited": why, "origin_id": each.origin_id,
        "achievement": asked.achievement,
    }  # fmt: skip


def _enter(session: Session, records: Sequence[Row[Any]], *, sign: int = 1) -> None:
    counted = select(
        HourRecord.person_id, HourRecord.year, HourRecord.subject, HourRecord.form, HourRecord.hours,
        literal(sign), HourRecord.source, HourRecord.id, literal(1),
    ).where(HourRecord.id == among([each.id for each in records]))  # fmt: skip
    entries = insert(HourEntry.__table__).from_select(ENTRY, counted)
    totals.enter(session, entries.on_conflict_do_nothing(index_elements=ONCE))


def _withdrawn(session: Session, declared: Credits, origins: Sequence[int]) -> Sequence[Any]:
    gone: Sequence[Any] = session.execute(
        update(HourRecord)
        .where(*_of(declared, origins))
        .values(state="withdrawn")
        .returning(
            HourRecord.id, HourRecord.organization_id, HourRecord.person_id, HourRecord.hours,
            HourRecord.title, HourRecord.origin_id,
        ),
        execution_options={"synchronize_session": False},
    ).all()  # fmt: skip
    return gone


def _of(declared: Credits, origins: Sequence[int]) -> tuple[Any, ...]:
    return (
        HourRecord.source == declared.source,
        HourRecord.origin_id == among(origins),
        HourRecord.state == "approved",
    )


def _event(session: Session, action: str, row: Row[Any], reason: str = "") -> dict[str, Any]:
    said = {"title": row.title, "hours": plain(row.hours), "origin_id": row.origin_id}
    written = audit.event(
        session, action, HourRecord.__tablename__, row.id, row.organization_id, after=said, reason=reason
    )
    return written | {"person_id": row.person_id}
