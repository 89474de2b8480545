"""On which days somebody learned, as the answers of a learning form say it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from app.declare.formula import Dated
from app.declare.learning_form import LearningForm

LONGEST = 366
"""Days of learning that one declaration can speak of."""


def period(form: LearningForm, values: Mapping[str, Any]) -> tuple[date, date] | None:
    """The first and the last day, both included; None where the form asks none, or an answer is missing."""
    formula, named = form.hours, form.period
    if isinstance(formula, Dated) and formula.first is not None and formula.last is not None:
        return _between(_day(values.get(formula.first)), _day(values.get(formula.last)))
    if named is None:
        return None
    first = _day(values.get(named.first))
    if named.days is not None:
        return _between(first, _counted(first, values.get(named.days)))
    return _between(first, _day(values.get(named.last or "")))


def dates(form: LearningForm, values: Mapping[str, Any]) -> list[date]:
    """All days that the answers name."""
    found = (_day(values.get(field.key)) for field in form.fields if field.type == "date")
    return [day for day in found if day is not None]


def date_fields(form: LearningForm) -> tuple[str, ...]:
    """The fields whose answers `period` reads."""
    formula, named = form.hours, form.period
    keys = [formula.first, formula.last] if isinstance(formula, Dated) else []
    keys += [named.first, named.last, named.days] if named is not None else []
    return tuple(key for key in keys if key is not None)


def _between(first: date | None, last: date | None) -> tuple[date, date] | None:
    return (first, last) if first is not None and last is not None and first <= last else None


def _counted(first: date | None, days: Any) -> date | None:
    try:
        many = int(days)
    except (TypeError, ValueError):
        return None
    return first + timedelta(days=many - 1) if first is not None and 1 <= many <= LONGEST else None


def _day(answer: Any) -> date | None:
    try:
        return date.fromisoformat(str(answer or ""))
    except ValueError:
        return None
