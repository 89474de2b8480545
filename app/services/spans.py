"""Several years in a row, as a review of titles asks them: which of them are complete for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import SHANGHAI
from app.declare.period import period
from app.declare.province import province
from app.declare.year_rule import Span
from app.models.hour_record import HourRecord
from app.models.person import Person
from app.models.person_year import PersonYear
from app.models.transfer import Transfer
from app.services import totals
from app.services.errors import NotFound
from app.services.totals import ByForm
from app.services.years import Key

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class SpanYear:
    """One of the years: the hours that count to the row of years, and whether it is complete by them."""

    year: int
    hours: Decimal
    required: Decimal
    complete: bool


@dataclass(frozen=True, slots=True)
class SpanView:
    """The years, latest first. `since` is the day from which on hours count, None where all do."""

    years: tuple[SpanYear, ...]
    since: date | None

    @property
    def fulfilled(self) -> bool:
        """Whether each of the years is complete."""
        return all(each.complete for each in self.years)


def span_of(session: Session, person_id: int, year: int) -> SpanView | None:
    """One person's row of years that ends with this one; None where the province asks none.

    Raises NotFound for a person out of reach.
    """
    span = province().span
    if span is None:
        return None
    person = session.scalar(select(Person).where(Person.id == person_id))
    if person is None:
        raise NotFound
    asked = range(year, year - span.years, -1)
    since = _since(session, person, span)
    hours = _hours(session, person_id, asked)
    forms = totals.forms_of(session, [Key(person_id, each) for each in asked])
    found = []
    for each in asked:
        subjects, by_form = dict(hours.get(each, {})), forms.get((person_id, each), {})
        if since is not None and each < since.year:
            subjects, by_form = {}, {}
        if since is not None and each == since.year:
            _without_earlier(session, person_id, since, subjects, by_form)
        judged = totals.judged(each, subjects, by_form)
        found.append(
            SpanYear(
                each,
                sum(subjects.values(), ZERO),
                judged.required if judged is not None else ZERO,
                judged is not None and judged.qualified,
            )
        )
    return SpanView(tuple(found), since)


def _since(session: Session, person: Person, span: Span) -> date | None:
    """The later of the days that the province names."""
    found = [person.title_since if "title" in span.since else None]
    if "arrival" in span.since:
        moved = session.scalar(select(func.max(Transfer.moved_at)).where(Transfer.person_id == person.id))
        found.append(moved.astimezone(SHANGHAI).date() if moved is not None else None)
    return max((day for day in found if day is not None), default=None)


def _hours(session: Session, person_id: int, years: range) -> Mapping[int, Mapping[str, Decimal]]:
    kept = session.execute(
        select(PersonYear.year, PersonYear.subjects).where(
            PersonYear.person_id == person_id, PersonYear.year.in_(years)
        )
    )
    return {year: {key: Decimal(str(each)) for key, each in subjects.items()} for year, subjects in kept}


def _without_earlier(
    session: Session, person_id: int, since: date, subjects: dict[str, Decimal], by_form: ByForm
) -> None:
    """Take out what was learned before that day: by its last day, else by the day it was declared."""
    counted = session.scalars(
        select(HourRecord).where(
            HourRecord.person_id == person_id,
            HourRecord.year == since.year,
            HourRecord.state == "approved",
        )
    )
    for record in counted:
        form = province().form(record.form)
        days = period(form, record.values) if form is not None else None
        last = days[1] if days is not None else record.declared_at.astimezone(SHANGHAI).date()
        if last < since:
            subjects[record.subject] = subjects.get(record.subject, ZERO) - record.hours
            key = record.subject, record.form
            by_form[key] = by_form.get(key, ZERO) - record.hours
