"""What still counts: the limits that other hours of the same year have used up, in their order of arrival.

Hours are limited when they are sent in or credited, by what counts or waits then. What is taken away later
(a rejection, a revocation) makes room for what comes after it, and changes nothing that counts already.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.declare.learning_form import LearningForm

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Kept:
    """Hours of one person that count or wait already."""

    year: int
    subject: str
    form: str
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` hours count, of which `used` are used; `of` says of what: form."""

    of: str
    most: Decimal
    used: Decimal

    @property
    def left(self) -> Decimal:
        """The hours that it leaves."""
        return max(ZERO, self.most - self.used)


@dataclass(frozen=True, slots=True)
class Counting:
    """Hours that count of those that were earned. `by` is the limit that took some away, the tightest."""

    hours: Decimal
    by: Limit | None = None


def limits(form: LearningForm | None, year: int, kept: Iterable[Kept]) -> tuple[Limit, ...]:
    """The limits that hold for hours of a form in a year, beside what is kept of the person already."""
    found = []
    if form is not None and form.yearly_cap is not None:
        used = sum((each.hours for each in kept if (each.year, each.form) == (year, form.key)), ZERO)
        found.append(Limit("form", form.yearly_cap, used))
    return tuple(found)


def counting(hours: Decimal, held: Iterable[Limit]) -> Counting:
    """How many of these hours count within all limits."""
    tightest = min(held, key=lambda limit: limit.left, default=None)
    if tightest is None or tightest.left >= hours:
        return Counting(hours)
    return Counting(tightest.left, tightest)
