"""What cannot be, though each answer by itself can: days in the wrong order, hours that no day has."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from app.declare.formula import Actual, Counted
from app.declare.invalid import Invalid
from app.declare.learning_form import LearningForm
from app.declare.period import period
from app.declare.words import _

A_DAY = 24
"""More hours than this no day has (unit: at least 45 minutes)."""

UNDATED = 500
"""More hours than this no activity has that says no days."""

ORDER = _("The last day lies before the first.")
NOTHING = _("“%(label)s” must be more than 0.")
HALVES = _("Hours are counted in halves: for example 7 or 7.5.")
TOO_MANY = _("So many hours cannot be: at most %(most)s.")


def implausible(form: LearningForm, values: Mapping[str, Any]) -> tuple[str, Invalid] | None:
    """What is wrong with sound answers, and at which field; None where nothing is or one is missing."""
    if (named := form.period) is not None and named.last is not None:
        first, last = (_day(values.get(key)) for key in (named.first, named.last))
        if first is not None and last is not None and last < first:
            return named.last, Invalid(ORDER)
    formula = form.hours
    if not isinstance(formula, Counted):
        return None
    asked, amount = form.field(formula.field), _number(values.get(formula.field))
    if asked is None or amount is None:
        return None
    if amount <= 0:
        return formula.field, Invalid(NOTHING, label=asked.label)
    if isinstance(formula, Actual) and amount * 2 != (amount * 2).to_integral_value():
        return formula.field, Invalid(HALVES)
    if isinstance(formula, Actual) and amount > (most := _most(form, values)):
        return formula.field, Invalid(TOO_MANY, most=most)
    return None


def _most(form: LearningForm, values: Mapping[str, Any]) -> int:
    days = period(form, values)
    return UNDATED if days is None else A_DAY * ((days[1] - days[0]).days + 1)


def _number(answer: Any) -> Decimal | None:
    try:
        number = Decimal(str(answer if answer is not None else "").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _day(answer: Any) -> date | None:
    try:
        return date.fromisoformat(str(answer or ""))
    except ValueError:
        return None
