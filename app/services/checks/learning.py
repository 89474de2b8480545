"""Checks of declared hours against the year, the days and what else the same person declared."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from app.database import SHANGHAI
from app.declare.computed import plain
from app.declare.learning_form import LearningForm
from app.declare.period import dates, period
from app.declare.province import province
from app.declare.words import _
from app.services.checks.doubt import Asked, Finding

OVER = _("With it %(form)s makes %(hours)s hours in %(year)d; at most %(cap)s count.")
OUTSIDE = _("%(day)s lies outside %(year)d, for which it is declared.")
LATE = _("It was declared on %(day)s, after the year had closed on %(closes)s.")
LONG = _("On %(day)s it makes %(hours)s hours, with what else was declared for that day.")
OVERLAP = _("Its dates overlap with another declaration of the same person (%(first)s to %(last)s).")

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Learned:
    """One declaration: its form, hours, and the days where it says some."""

    form: LearningForm
    hours: Decimal
    days: Days | None

    @property
    def daily(self) -> Decimal:
        """Hours on each of its days, spread evenly."""
        if self.days is None:
            return Decimal(0)
        return self.hours / ((self.days[1] - self.days[0]).days + 1)


Declared = tuple[int, Any, Learned, list[Learned]]
"""The id of a review, its record, what that says, and what the same person declared besides for the year."""


def over_cap(asked: Asked) -> Mapping[int, Finding]:
    """Declarations of a form that makes more in the year than counts."""

    def look(record: Any, own: Learned, others: list[Learned]) -> Finding | None:
        cap = own.form.yearly_cap
        hours = own.hours + sum(other.hours for other in others if other.form.key == own.form.key)
        if cap is None or hours <= cap:
            return None
        words = {"form": own.form.label, "hours": plain(hours), "year": record.year, "cap": plain(cap)}
        return Finding(OVER, words)

    return _each(asked, look)


def outside_year(asked: Asked) -> Mapping[int, Finding]:
    """Declarations with a date of another year."""

    def look(record: Any, own: Learned, _others: list[Learned]) -> Finding | None:
        days = () if own.form.over_years else dates(own.form, record.values)
        strange = [day for day in days if day.year != record.year]
        return Finding(OUTSIDE, {"day": strange[0].isoformat(), "year": record.year}) if strange else None

    return _each(asked, look)


def late(asked: Asked) -> Mapping[int, Finding]:
    """Declarations that were made after their year had closed: in the late window, or by a reopening."""

    def look(record: Any, _own: Learned, _others: list[Learned]) -> Finding | None:
        rule = province().rules.get(record.year)
        day = record.declared_at.astimezone(SHANGHAI).date()
        if rule is None or day <= rule.closes:
            return None
        return Finding(LATE, {"day": day.isoformat(), "closes": rule.closes.isoformat()})

    return _each(asked, look)


def long_day(asked: Asked) -> Mapping[int, Finding]:
    """Declarations with a day that holds more hours than a day can, alone or with others."""
    most = province().checks.day_hours

    def look(_record: Any, own: Learned, others: list[Learned]) -> Finding | None:
        if own.days is None:
            return None
        for day in _starts(own.days, others):
            hours = own.daily + sum(other.daily for other in others if _holds(other.days, day))
            if hours > most:
                told = hours.quantize(Decimal("0.1"))
                return Finding(LONG, {"day": day.isoformat(), "hours": plain(told)})
        return None

    return _each(asked, look)


def overlapping(asked: Asked) -> Mapping[int, Finding]:
    """Declarations whose days another one of the same person has too."""

    def look(_record: Any, own: Learned, others: list[Learned]) -> Finding | None:
        for other in others:
            if own.days and other.days and own.days[0] <= other.days[1] and other.days[0] <= own.days[1]:
                first, last = (day.isoformat() for day in other.days)
                return Finding(OVERLAP, {"first": first, "last": last})
        return None

    return _each(asked, look)


def _each(
    asked: Asked, look: Callable[[Any, Learned, list[Learned]], Finding | None]
) -> Mapping[int, Finding]:
    found = {}
    for review, record, own, others in _declared(asked):
        if (finding := look(record, own, others)) is not None:
            found[review] = finding
    return found


def _declared(asked: Asked) -> Sequence[Declared]:
    """Each review with its record, what that says, and what the person declared besides; worked out once."""
    kept = asked.worked_out
    if "declared" not in kept:
        forms = {form.key: form for form in province().forms}
        years: dict[tuple[int, int], list[tuple[int, Learned]]] = {}
        for row in asked.learned:
            if (one := _learned(forms.get(row.form), row.hours, row.days or {})) is not None:
                years.setdefault((row.person_id, row.year), []).append((row.record_id, one))
        kept["declared"] = [
            (review.id, record, own, [other for key, other in years.get(whose, ()) if key != record.id])
            for review in asked.reviews
            if (record := asked.subjects.get(review.subject_id)) is not None
            and (whose := (record.person_id, record.year))
            and (own := _learned(forms.get(record.form), record.hours, record.values)) is not None
        ]
    return cast("Sequence[Declared]", kept["declared"])


def _learned(form: LearningForm | None, hours: Decimal, values: Mapping[str, Any]) -> Learned | None:
    return None if form is None else Learned(form, Decimal(hours), period(form, values))


def _starts(own: Days, others: list[Learned]) -> Iterator[date]:
    """Days of a period on which the sum can be highest: its first, and where another one begins in it."""
    yield own[0]
    for other in others:
        if other.days is not None and own[0] < other.days[0] <= own[1]:
            yield other.days[0]


def _holds(days: Days | None, day: date) -> bool:
    return days is not None and days[0] <= day <= days[1]
