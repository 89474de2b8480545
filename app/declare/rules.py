"""When a year is complete (RUL-01 to RUL-03), and what may still be counted or declared for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.declare.learning_form import LearningForm
from app.declare.profile import Profile, YearRule

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class SubjectHours:
    """Hours counted in one subject, and how many its minimum asks; 0 where there is none."""

    key: str
    hours: Decimal
    minimum: Decimal

    @property
    def missing(self) -> Decimal:
        """Hours that this subject lacks."""
        return max(ZERO, self.minimum - self.hours)


@dataclass(frozen=True, slots=True)
class Completion:
    """How far one person's year is, in hours of at least 45 minutes."""

    total: Decimal
    required: Decimal
    subjects: tuple[SubjectHours, ...]

    @property
    def missing_total(self) -> Decimal:
        """Hours that the sum of all subjects lacks."""
        return max(ZERO, self.required - self.total)

    @property
    def lacking(self) -> tuple[SubjectHours, ...]:
        """The subjects below their minimum."""
        return tuple(subject for subject in self.subjects if subject.missing)

    @property
    def missing(self) -> Decimal:
        """The fewest further hours that complete the year, if they are taken in the right subjects."""
        return max(self.missing_total, sum((subject.missing for subject in self.lacking), ZERO))

    @property
    def qualified(self) -> bool:
        """Whether both conditions hold: the total, and the minimum of every subject."""
        return not self.missing


def completion(rule: YearRule, subjects: Iterable[str], hours: Mapping[str, Decimal]) -> Completion:
    """The state of a year by its rule, from the hours counted so far by subject.

    Subjects keep the order given. Hours in a subject that is no longer among them count to the total, and
    are shown last.
    """
    listed = list(subjects)
    keys = [*listed, *(key for key in hours if key not in listed)]
    return Completion(
        total=sum(hours.values(), ZERO),
        required=rule.total,
        subjects=tuple(SubjectHours(key, hours.get(key, ZERO), rule.minimum.get(key, ZERO)) for key in keys),
    )


def within_year(form: LearningForm, hours: Decimal, counted: Decimal) -> Decimal:
    """How many of `hours` the yearly cap of a learning form leaves, when `counted` of it count already."""
    if form.yearly_cap is None:
        return hours
    return max(ZERO, min(hours, form.yearly_cap - counted))


def open_years(profile: Profile, today: date) -> tuple[int, ...]:
    """The years for which hours may be declared today, latest first: begun, and not closed."""
    return tuple(
        year
        for year, rule in sorted(profile.rules.items(), reverse=True)
        if date(year, 1, 1) <= today <= rule.closes
    )
