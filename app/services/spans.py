"""Several years in a row, as a review of titles asks them: which of them are complete for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import SHANGHAI
from app.declare.period import period
from app.declare.province import province
from app.models.hour_record import HourRecord
from app.models.person import Person
from app.models.person_year import PersonYear
from app.models.transfer import Transfer
from app.services import totals
from app.services.errors import NotFound
from app.services.selection import among
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


@dataclass(slots=True)
class Counted:
    """What counts of a person's year to a row of years: by subject, and by form where its rule has parts."""

    subjects: dict[str, Decimal]
    by_form: ByForm


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
    since = since_of(session, [person], span.since)
    counted = counted_of(session, since, asked)
    found = []
    for each in asked:
        held = counted[Key(person_id, each)]
        judged = totals.judged(each, held.subjects, held.by_form)
        found.append(
            SpanYear(
                each,
                sum(held.subjects.values(), ZERO),
                judged.required if judged is not None else ZERO,
                judged is not None and judged.qualified,
            )
        )
    return SpanView(tuple(found), since[person_id])


def since_of(session: Session, people: Sequence[Person], named: Sequence[str]) -> dict[int, date | None]:
    """By person the later of the days that the province names (Span.since), None where it names none."""
    moved: dict[int, date] = {}
    if "arrival" in named:
        arrived = session.execute(
            select(Transfer.person_id, func.max(Transfer.moved_at))
            .where(Transfer.person_id == among([each.id for each in people]))
            .group_by(Transfer.person_id)
        )
        moved = {key: at.astimezone(SHANGHAI).date() for key, at in arrived if at is not None}
    found: dict[int, date | None] = {}
    for each in people:
        days = [each.title_since if "title" in named else None, moved.get(each.id)]
        found[each.id] = max((day for day in days if day is not None), default=None)
    return found


def counted_of(
    session: Session, since: Mapping[int, date | None], years: Sequence[int]
) -> dict[Key, Counted]:
    """What counts of these people's years from their days on."""
    keys = [Key(person, year) for person in since for year in years]
    kept = {
        Key(row.person_id, row.year): row.subjects
        for row in session.execute(
            select(PersonYear.person_id, PersonYear.year, PersonYear.subjects).where(
                PersonYear.person_id == among(list(since)), PersonYear.year.in_(years)
            )
        )
    }
    forms = totals.forms_of(session, keys)
    found = {}
    for key in keys:
        day = since[key.person_id]
        early = day is not None and key.year < day.year
        held = {} if early else kept.get(key, {})
        subjects = {subject: Decimal(str(each)) for subject, each in held.items()}
        found[key] = Counted(subjects, {} if early else dict(forms.get(key, {})))
    _without_earlier(session, {key: day for key, day in since.items() if day is not None}, found)
    return found


def last_day(record: HourRecord) -> date:
    """The last day of what was learned; where nothing says it, the day on which it was declared."""
    form = province().form(record.form)
    days = period(form, record.values) if form is not None else None
    return days[1] if days is not None else record.declared_at.astimezone(SHANGHAI).date()


def _without_earlier(session: Session, since: Mapping[int, date], found: Mapping[Key, Counted]) -> None:
    """Take out what was learned in the year of somebody's day before it."""
    turning = {person: day for person, day in since.items() if Key(person, day.year) in found}
    if not turning:
        return
    counted = session.scalars(
        select(HourRecord).where(
            HourRecord.person_id == among(list(turning)),
            HourRecord.year.in_(sorted({day.year for day in turning.values()})),
            HourRecord.state == "approved",
        )
    )
    for record in counted:
        day = turning[record.person_id]
        if record.year != day.year or last_day(record) >= day:
            continue
        held, key = found[Key(record.person_id, record.year)], (record.subject, record.form)
        held.subjects[record.subject] = held.subjects.get(record.subject, ZERO) - record.hours
        held.by_form[key] = held.by_form.get(key, ZERO) - record.hours
