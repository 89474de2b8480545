"""职称申报学时预检: whether hours bear a review of titles, and what is missing (CER-04).

The years are those of the province's window; where it names none, as many as somebody asks for. What waits
for a decision is named where it would close a gap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.declare.province import province
from app.declare.rules import Completion, PartHours
from app.models.hour_record import HourRecord
from app.models.organization import Organization
from app.models.person import Person
from app.services import spans, totals, years
from app.services.errors import NotFound
from app.services.selection import among
from app.services.spans import Counted
from app.services.years import Key, SubjectLine

ZERO = Decimal(0)
MOST_YEARS = 10
USUAL_YEARS = 5
"""Years that are offered where the province names none."""

PAGE = 50
AT_A_TIME = 200
LOOKED_AT = 2000
"""So many professionals are judged for one page at most; one goes on from there."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which years are asked: so many that end with the year of the review, counted since these days."""

    years: int
    since: tuple[str, ...] = ()
    named: bool = False
    """Whether the province names it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a decision; `closes` says that it would help to close the gap of its year."""

    id: int
    title: str
    subject: str
    hours: Decimal
    closes: bool


@dataclass(frozen=True, slots=True)
class ReadyYear:
    """One year: what counts, what is asked, what lacks. `would` says that what waits would complete it.

    `ruled` is False where the province has no rule for the year: it bears nothing then.
    """

    year: int
    total: Decimal
    required: Decimal
    missing: Decimal
    complete: bool
    would: bool
    ruled: bool
    subjects: tuple[SubjectLine, ...]
    parts: tuple[PartHours, ...]
    waiting: tuple[Waiting, ...]

    @property
    def missing_total(self) -> Decimal:
        """Hours that the sum of all subjects lacks."""
        return max(ZERO, self.required - self.total)


@dataclass(frozen=True, slots=True)
class Readiness:
    """One professional's years, latest first. Only what was learned since `since`, if it is set, counts."""

    person: Person
    years: tuple[ReadyYear, ...]
    since: date | None

    @property
    def ready(self) -> bool:
        """Whether each year is complete."""
        return all(each.complete for each in self.years)

    @property
    def would(self) -> bool:
        """Whether each year would be, if what waits were approved."""
        return all(each.complete or each.would for each in self.years)

    @property
    def missing(self) -> Decimal:
        """Hours that all years together lack."""
        return sum((each.missing for each in self.years), ZERO)


@dataclass(frozen=True, slots=True)
class Found:
    """Some professionals of a unit. One goes on behind `later`, None at the end."""

    unit: Organization
    people: Sequence[Readiness]
    later: int | None


def window(asked: int | None = None) -> Window:
    """The province's window; where it names none, as many years as are asked."""
    span = province().span
    if span is not None:
        return Window(span.years, tuple(span.since), named=True)
    return Window(min(max(asked or USUAL_YEARS, 1), MOST_YEARS))


def of_person(session: Session, person_id: int, year: int, asked: Window) -> Readiness:
    """One professional for a review in this year. Raises NotFound for one out of reach."""
    person = session.scalar(select(Person).where(Person.id == person_id))
    if person is None:
        raise NotFound
    return of_people(session, [person], year, asked)[0]


def of_unit(
    session: Session, unit_id: int, year: int, asked: Window, *, ready: bool | None, after: int | None
) -> Found:
    """Professionals of the unit itself in the order of registration, all or those that are ready, or not.

    Raises NotFound for a unit out of reach.
    """
    unit = session.scalar(select(Organization).where(Organization.id == unit_id))
    if unit is None:
        raise NotFound
    found: list[Readiness] = []
    last = after or 0
    for _round in range(LOOKED_AT // AT_A_TIME):
        people = _people(session, unit, last)
        for each in of_people(session, people, year, asked):
            if len(found) == PAGE:
                return Found(unit, found, last)
            last = each.person.id
            if ready is None or each.ready == ready:
                found.append(each)
        if len(people) < AT_A_TIME:
            return Found(unit, found, None)
    return Found(unit, found, last)


def of_people(session: Session, people: Sequence[Person], year: int, asked: Window) -> list[Readiness]:
    """Several professionals, in their order, in a constant number of statements."""
    listed = range(year, year - asked.years, -1)
    since = spans.since_of(session, people, asked.since)
    counted = spans.counted_of(session, since, listed)
    waiting = _waiting(session, since, listed)
    return [
        Readiness(
            each,
            tuple(
                _year(one, counted[Key(each.id, one)], waiting.get(Key(each.id, one), ())) for one in listed
            ),
            since[each.id],
        )
        for each in people
    ]


def _people(session: Session, unit: Organization, after: int) -> Sequence[Person]:
    return session.scalars(
        select(Person)
        .where(
            getattr(Person, f"ancestor_{unit.depth}") == unit.id,
            Person.organization_id == unit.id,
            Person.state == "active",
            Person.id > after,
        )
        .order_by(Person.id)
        .limit(AT_A_TIME)
    ).all()


def _waiting(
    session: Session, since: Mapping[int, date | None], listed: range
) -> Mapping[Key, Sequence[HourRecord]]:
    """What waits for a decision and could count, in the order in which it was declared."""
    records = session.scalars(
        select(HourRecord)
        .where(
            HourRecord.person_id == among(list(since)),
            HourRecord.year.in_(listed),
            HourRecord.state == "submitted",
        )
        .order_by(HourRecord.declared_at, HourRecord.id)
    )
    found: dict[Key, list[HourRecord]] = {}
    for record in records:
        day = since[record.person_id]
        if day is None or spans.last_day(record) >= day:
            found.setdefault(Key(record.person_id, record.year), []).append(record)
    return found


def _year(year: int, counted: Counted, waiting: Sequence[HourRecord]) -> ReadyYear:
    judged = totals.judged(year, counted.subjects, counted.by_form)
    pending: dict[str, Decimal] = {}
    for record in waiting:
        pending[record.subject] = pending.get(record.subject, ZERO) + record.hours
    if judged is None:
        judged = Completion(sum(counted.subjects.values(), ZERO), ZERO, ())
        closing, would, ruled = frozenset[int](), False, False
    else:
        closing, would, ruled = *_closing(year, counted, judged, waiting), True
    return ReadyYear(
        year=year,
        total=judged.total,
        required=judged.required,
        missing=judged.missing,
        complete=ruled and judged.qualified,
        would=would,
        ruled=ruled,
        subjects=years.lines(judged, pending),
        parts=judged.parts,
        waiting=tuple(
            Waiting(each.id, each.title, each.subject, each.hours, each.id in closing) for each in waiting
        ),
    )


def _closing(
    year: int, counted: Counted, judged: Completion, waiting: Sequence[HourRecord]
) -> tuple[frozenset[int], bool]:
    """Which of what waits would make the gap smaller, the first declared first; and whether they close it."""
    subjects, by_form = dict(counted.subjects), dict(counted.by_form)
    missing, closing = judged.missing, set[int]()
    for record in waiting:
        if not missing:
            break
        key = record.subject, record.form
        more = subjects | {record.subject: subjects.get(record.subject, ZERO) + record.hours}
        formed = by_form | {key: by_form.get(key, ZERO) + record.hours}
        then = totals.judged(year, more, formed)
        if then is not None and then.missing < missing:
            subjects, by_form, missing = more, formed, then.missing
            closing.add(record.id)
    return frozenset(closing), bool(closing) and not missing
