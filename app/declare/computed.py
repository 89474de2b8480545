"""The hours of one declaration, computed from what was filled in, with the words that explain them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any

from app.declare.formula import Actual, ByLevel, ByLevelAndRank, Dated, Fixed, PerDay, PerHalfDay, PerMinutes
from app.declare.invalid import Invalid
from app.declare.learning_form import FormField, LearningForm
from app.declare.part import Choice
from app.declare.period import period
from app.declare.words import _

ZERO = Decimal(0)
HALF_DAYS = _("By the dates there were %(most)d half days at most.")
DAYS = _("By the dates there were %(most)d days at most.")
SHARE = _("%(days)d of its %(all)d days lie in this year, and their share of the hours counts for it.")
LARGEST = Decimal(1_000_000)
"""No amount that somebody types in is larger: a year has 525,600 minutes."""


@dataclass(frozen=True, slots=True)
class Computed:
    """Hours, and why. `cap` is the bound of one item where it took some of them away.

    `share` are the days that lie in the year, and all days, where some lie in another.
    """

    hours: Decimal
    message: Any
    params: Mapping[str, Any]
    cap: Decimal | None = None
    share: tuple[int, int] | None = None

    @property
    def explanation(self) -> tuple[str, ...]:
        """One to three sentences in the language of whoever is being served."""
        found = [str(self.message) % self.params]
        if self.cap is not None:
            found.append(str(_("One item counts at most %(cap)s hours.")) % {"cap": plain(self.cap)})
        if self.share is not None:
            found.append(str(SHARE) % {"days": self.share[0], "all": self.share[1]})
        return tuple(found)


def computed(form: LearningForm, values: Mapping[str, Any], year: int | None = None) -> Computed:
    """The hours that a learning form gives for the values of its fields, in half hours, rounded down.

    One hour is at least 45 minutes (RUL-02), so a started hour is never rounded up. The cap of one item is
    applied, that of the year is not: it depends on what else was counted. Who ranks beyond a table gets 0.

    What reaches over the end of a year counts in `year` the hours of its days there, where the form lets it.

    Raises Invalid when an answer that the formula needs is missing or is no such answer, and for more days
    than lie between the dates.
    """
    if (beyond := beyond_days(form, values)) is not None:
        raise beyond[1]
    hours, message, params = _by_formula(form, values)
    hours, cap = in_halves(hours), None
    if form.item_cap is not None and hours > form.item_cap:
        hours = cap = form.item_cap
    share = _share(form, values, year)
    if share is not None:
        hours = hours * share[0] / share[1]
    return Computed(in_halves(hours), message, params, cap, share)


def _share(form: LearningForm, values: Mapping[str, Any], year: int | None) -> tuple[int, int] | None:
    """The days in the year and all days, where a form is split over years and some lie in another."""
    days = period(form, values) if form.over_years and year is not None else None
    if days is None or year is None or days[0].year == days[1].year == year:
        return None
    first, last = max(days[0], date(year, 1, 1)), min(days[1], date(year, 12, 31))
    return max(0, (last - first).days + 1), (days[1] - days[0]).days + 1


def beyond_days(form: LearningForm, values: Mapping[str, Any]) -> tuple[str, Invalid] | None:
    """What is wrong with a number of days, and at which field: it does not fit between the dates given.

    None for forms that say no dates, and as long as an answer is missing.
    """
    formula = form.hours
    if not isinstance(formula, Dated) or formula.first is None or formula.last is None:
        return None
    try:
        first, last = (
            date.fromisoformat(str(values.get(key) or "")) for key in (formula.first, formula.last)
        )
        amount = _amount(form, values, formula.field)
    except ValueError:  # said where each answer is read
        return None
    days = (last - first).days + 1
    if days < 1:
        return formula.last, Invalid(_("The last day lies before the first."))
    if isinstance(formula, PerHalfDay) and amount > 2 * days:
        return formula.field, Invalid(HALF_DAYS, most=2 * days)
    if isinstance(formula, PerDay) and amount > days:
        return formula.field, Invalid(DAYS, most=days)
    return None


def plain(number: Decimal) -> str:
    """`12` or `12.5`, never `12.0` or `1.2E+1`."""
    return f"{number.normalize():f}"


def _by_formula(form: LearningForm, values: Mapping[str, Any]) -> tuple[Decimal, Any, dict[str, Any]]:
    params: dict[str, Any] = {}
    match form.hours:
        case Actual(field=field):
            hours = _amount(form, values, field)
            message = _("%(hours)s hours as stated")
        case PerDay(field=field, hours=each):
            days = _amount(form, values, field)
            hours, params = days * each, {"days": plain(days), "each": plain(each)}
            message = _("%(days)s days at %(each)s hours")
        case PerHalfDay(field=field, hours=each):
            days = _amount(form, values, field)
            hours, params = days * each, {"days": plain(days), "each": plain(each)}
            message = _("%(days)s half days at %(each)s hours")
        case PerMinutes(field=field, minutes=length):
            minutes = _amount(form, values, field)
            hours, params = minutes / length, {"minutes": plain(minutes), "each": length}
            message = _("%(minutes)s minutes at %(each)d minutes an hour, rounded down to half hours")
        case Fixed(hours=hours):
            message = _("%(hours)s hours for each item")
        case ByLevel(field=field, hours=by_level):
            level = _level(form, values, field)
            hours, params = by_level[level.key], {"level": level.label}
            message = _("%(hours)s hours for “%(level)s”")
        case ByLevelAndRank(field=field, rank=rank_field) as formula:
            level, rank = _level(form, values, field), _rank(form, values, rank_field)
            hours, params = _ranked(formula, level.key, rank), {"level": level.label, "rank": rank}
            message = _("%(hours)s hours for “%(level)s”, rank %(rank)d")
    return hours, message, {"hours": plain(hours)} | params


def _ranked(formula: ByLevelAndRank, level: str, rank: int) -> Decimal:
    if formula.table is not None:
        row = formula.table[level]
        return row[rank - 1] if rank <= len(row) else ZERO
    if formula.start is None or formula.step is None or formula.floor is None:
        raise ValueError("the check of the profile lets no such formula pass")
    first = formula.start[level]
    return max(first - formula.step * (rank - 1), min(first, formula.floor))


def _amount(form: LearningForm, values: Mapping[str, Any], key: str) -> Decimal:
    asked = _asked(form, key)
    try:
        amount = Decimal(str(values.get(key, "")).strip())
    except InvalidOperation:
        raise Invalid(_("Please give a number for “%(label)s”."), label=asked.label) from None
    if not amount.is_finite() or not ZERO <= amount <= LARGEST:
        raise Invalid(_("“%(label)s” cannot be %(value)s."), label=asked.label, value=str(values[key])[:20])
    if asked.type == "integer" and amount != amount.to_integral_value():
        raise Invalid(_("“%(label)s” must be a whole number."), label=asked.label)
    return amount


def _rank(form: LearningForm, values: Mapping[str, Any], key: str) -> int:
    rank = int(_amount(form, values, key))
    if rank < 1:
        raise Invalid(_("“%(label)s” begins at 1."), label=_asked(form, key).label)
    return rank


def _level(form: LearningForm, values: Mapping[str, Any], key: str) -> Choice:
    asked = _asked(form, key)
    choice = asked.choice(values.get(key))
    if choice is None:
        raise Invalid(_("Please choose “%(label)s”."), label=asked.label)
    return choice


def _asked(form: LearningForm, key: str) -> FormField:
    field = form.field(key)
    if field is None:
        raise ValueError("the check of the profile lets no such formula pass")
    return field


def in_halves(hours: Decimal) -> Decimal:
    """Whole and half hours, rounded down."""
    return (hours * 2).to_integral_value(ROUND_FLOOR) / 2
