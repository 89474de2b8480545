"""Working days of China: weekends, public holidays, the days worked in exchange, and the province's own.

The holidays are those of the library `holidays` (docs/decisions/0014): the years that the State Council has
announced with their exchanged days, a later year with the days that the law itself names.
"""

from datetime import date, timedelta
from functools import cache, lru_cache

from holidays import country_holidays

from app.declare.clock import Calendar
from app.declare.province import province

ONE = timedelta(days=1)
SATURDAY = 5


def is_one(day: date) -> bool:
    """Whether people work on a day."""
    return _works(day, province().calendar)


def after(day: date, days: int) -> date:
    """The working day that many working days after a day, which does not count itself."""
    return _away(day, days, ONE, province().calendar)


def before(day: date, days: int) -> date:
    """The working day that many working days before a day, which does not count itself."""
    return _away(day, days, -ONE, province().calendar)


def between(first: date, last: date) -> int:
    """The working days after the first day up to the last one; fewer than none when that is earlier."""
    if last < first:
        return -between(last, first)
    calendar = province().calendar
    return _until(last, calendar) - _until(first, calendar) + _years(first.year, last.year, calendar)


def _years(first: int, last: int, calendar: Calendar) -> int:
    """The working days of whole years, the last one not among them."""
    return sum(_counts(year, calendar)[-1] for year in range(first, last))


def _until(day: date, calendar: Calendar) -> int:
    """The working days of its year up to a day."""
    return _counts(day.year, calendar)[day.timetuple().tm_yday]


@cache
def _counts(year: int, calendar: Calendar) -> tuple[int, ...]:
    """How many working days a year had when so many of its days were over."""
    counts, day = [0], date(year, 1, 1)
    while day.year == year:
        counts.append(counts[-1] + _works(day, calendar))
        if day == date.max:
            break
        day += ONE
    return tuple(counts)


@lru_cache(maxsize=4096)
def _away(day: date, days: int, step: timedelta, calendar: Calendar) -> date:
    while days > 0:
        day += step
        days -= _works(day, calendar)
    return day


def _works(day: date, calendar: Calendar) -> bool:
    if day in calendar.days_off:
        return False
    if day in calendar.working_days:
        return True
    off, on = _announced(day.year)
    return day in on or (day.weekday() < SATURDAY and day not in off)


@cache
def _announced(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The public holidays of a year, and the days at weekends that are worked in exchange."""
    found = country_holidays("CN", years=year)
    return frozenset(found), frozenset(found.weekend_workdays)
