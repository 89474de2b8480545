"""How far one person's year is: what counts, what waits, what is missing and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.declare.computed import plain
from app.declare.invalid import Invalid
from app.declare.part import Text
from app.declare.province import province
from app.declare.rules import Completion, PartHours
from app.declare.words import _
from app.models.hour_record import HourRecord
from app.models.person import Person
from app.models.person_year import PersonYear
from app.services import totals
from app.services.errors import NotFound

ZERO = Decimal(0)
TOTAL_MISSING = _("%(missing)s more hours are needed for the total of %(required)s.")
SUBJECT_MISSING = _("%(missing)s more hours are needed in %(subject)s, where %(minimum)s is the minimum.")
PART_MISSING = _("%(missing)s more hours are needed in %(part)s, where %(required)s are asked.")
NO_RULE = _("There is no rule for the year %(year)s.")


class Key(NamedTuple):
    """The year of one person."""

    person_id: int
    year: int


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """One subject of a year: hours that count, that wait for a decision, that are asked for, that lack."""

    key: str
    label: Text
    hours: Decimal
    pending: Decimal
    minimum: Decimal
    missing: Decimal


@dataclass(frozen=True, slots=True)
class YearView:
    """A year as its person sees it. `why_not` holds a sentence for each condition that is not met.

    `closes` is the last day on which hours of the year can be declared, None for a year without a rule;
    `late_until` the last day on which they are taken late, where they are.
    """

    year: int
    total: Decimal
    pending: Decimal
    required: Decimal
    missing: Decimal
    complete: bool
    closes: date | None
    subjects: tuple[SubjectLine, ...]
    why_not: tuple[Invalid, ...]
    parts: tuple[PartHours, ...] = ()
    late_until: date | None = None


def year_of(session: Session, person_id: int, year: int) -> YearView:
    """One person's year by the rule of that year. Raises NotFound for a person out of reach."""
    if session.scalar(select(Person.id).where(Person.id == person_id)) is None:
        raise NotFound
    kept = session.scalar(
        select(PersonYear.subjects).where(PersonYear.person_id == person_id, PersonYear.year == year)
    )
    hours = {key: Decimal(str(number)) for key, number in (kept or {}).items()}
    pending = _pending(session, person_id, year)
    found = totals.judged(
        year, hours, totals.forms_of(session, [Key(person_id, year)]).get((person_id, year))
    )
    if found is None:
        return _without_rule(year, hours, pending)
    return YearView(
        year=year,
        total=found.total,
        pending=sum(pending.values(), ZERO),
        required=found.required,
        missing=found.missing,
        complete=found.qualified,
        closes=province().rules[year].closes,
        subjects=lines(found, pending),
        why_not=_why_not(found),
        parts=found.parts,
        late_until=province().rules[year].late_until,
    )


def lines(found: Completion, pending: Mapping[str, Decimal]) -> tuple[SubjectLine, ...]:
    """The subjects of a year, with what waits in each."""
    labels = province().choices("subjects")
    return tuple(
        SubjectLine(
            key=line.key,
            label=labels.get(line.key, Text(zh=line.key, en=line.key)),
            hours=line.hours,
            pending=pending.get(line.key, ZERO),
            minimum=line.minimum,
            missing=line.missing,
        )
        for line in found.subjects
    )


def _why_not(found: Completion) -> tuple[Invalid, ...]:
    labels = province().choices("subjects")
    lacking = [
        Invalid(
            SUBJECT_MISSING,
            missing=plain(line.missing),
            subject=labels.get(line.key, line.key),
            minimum=plain(line.minimum),
        )
        for line in found.lacking
    ]
    lacking += [
        Invalid(PART_MISSING, missing=plain(part.missing), part=part.label, required=plain(part.required))
        for part in found.parts
        if part.missing
    ]
    if found.missing_total:
        lacking.insert(
            0, Invalid(TOTAL_MISSING, missing=plain(found.missing_total), required=plain(found.required))
        )
    return tuple(lacking)


def _without_rule(year: int, hours: Mapping[str, Decimal], pending: Mapping[str, Decimal]) -> YearView:
    labels: Mapping[str, Any] = province().choices("subjects")
    lines = tuple(
        SubjectLine(key, label, hours.get(key, ZERO), pending.get(key, ZERO), ZERO, ZERO)
        for key, label in labels.items()
    )
    return YearView(
        year=year,
        total=sum(hours.values(), ZERO),
        pending=sum(pending.values(), ZERO),
        required=ZERO,
        missing=ZERO,
        complete=False,
        closes=None,
        subjects=lines,
        why_not=(Invalid(NO_RULE, year=year),),
    )


def _pending(session: Session, person_id: int, year: int) -> dict[str, Decimal]:
    waiting = (
        select(HourRecord.subject, func.sum(HourRecord.hours))
        .where(HourRecord.person_id == person_id, HourRecord.year == year, HourRecord.state == "submitted")
        .group_by(HourRecord.subject)
    )
    return {subject: Decimal(hours) for subject, hours in session.execute(waiting)}
