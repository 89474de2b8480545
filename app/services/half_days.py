"""Half days on which a class is taught: which there are, when one signs in, which one is now.

A half day is written as its day and `a` for the morning, `p` for the afternoon: "2026-11-20a".
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from app.database import SHANGHAI, clock
from app.declare.training import HalfDay
from app.declare.words import _
from app.services import working_days
from app.services.class_rules import class_rules
from app.services.told import Told

PARTS = {"ap": _("Whole days"), "a": _("Mornings only"), "p": _("Afternoons only")}
"""What is taught of each day, by the letters of its half days."""

LONGEST = 92
"""Days from the first to the last of one class."""

NAMES = {"a": Told(_("%(day)s morning")), "p": Told(_("%(day)s afternoon"))}


def between(first: date, last: date, parts: str, *, days_off: bool) -> list[str]:
    """The half days from one day to another, in order; with `days_off` on weekends and holidays as well."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [
        f"{day.isoformat()}{part}" for day in days if days_off or working_days.is_one(day) for part in parts
    ]


def day_of(half_day: str) -> date:
    """The day of a half day."""
    return date.fromisoformat(half_day[:-1])


def window(half_day: str) -> tuple[datetime, datetime]:
    """From when until when one signs in for a half day."""
    training = class_rules()
    part: HalfDay = training.morning if half_day.endswith("a") else training.afternoon
    day = day_of(half_day)
    return (
        datetime.combine(day, part.begins, SHANGHAI),
        datetime.combine(day, part.ends, SHANGHAI),
    )


def begun(half_day: str) -> bool:
    """Whether one signs in for it already, or did."""
    return window(half_day)[0] <= clock.now()


def ended(half_days: Iterable[str]) -> bool:
    """Whether the last of these is over."""
    return window(max(half_days))[1] < clock.now()


def present(half_days: Iterable[str]) -> str | None:
    """The one of these for which one signs in now."""
    now = clock.now()
    return next((each for each in half_days if window(each)[0] <= now <= window(each)[1]), None)


def called(half_day: str, locale: str) -> str:
    """A half day as people read it."""
    day = day_of(half_day)
    return NAMES[half_day[-1]].filled(day=f"{day.month:02}-{day.day:02}").in_(locale)
