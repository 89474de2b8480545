"""When a year is complete (RUL-01 to RUL-03), and what may still be counted or declared for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from app.declare.learning_form import LearningForm
from app.declare.part import Text
from app.declare.profile import Profile
from app.declare.year_rule import YearRule

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
class PartHours:
    """Hours counted in a part of a subject, and how many it asks."""

    label: Text
    subject: str
    hours: Decimal
    required: Decimal

    @property
    def missing(self) -> Decimal:
        """Hours that this part lacks."""
        return max(ZERO, self.required - self.hours)


@dataclass(frozen=True, slots=True)
class Completion:
    """How far one person's year is, in hours of at least 45 minutes."""

    total: Decimal
    required: Decimal
    subjects: tuple[SubjectHours, ...]
    parts: tuple[PartHours, ...] = ()

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
        by_subject = (max(subject.missing, self._lacking_parts(subject.key)) for subject in self.subjects)
        return max(self.missing_total, sum(by_subject, ZERO))

    @property
    def qualified(self) -> bool:
        """Whether all conditions hold: the total, every minimum, and every part of a subject."""
        return not self.missing

    def _lacking_parts(self, subject: str) -> Decimal:
        """The most that any part of a subject lacks: hours of one form may count to several parts."""
        return max((part.missing for part in self.parts if part.subject == subject), default=ZERO)


def completion(
    rule: YearRule,
    subjects: Iterable[str],
    hours: Mapping[str, Decimal],
    by_form: Mapping[tuple[str, str], Decimal] = MappingProxyType({}),
) -> Completion:
    """The state of a year by its rule, from the hours counted so far by subject, and by subject and form.

    Subjects keep the order given. Hours in a subject that is no longer among them count to the total, and
    are shown last.
    """
    listed = list(subjects)
    keys = [*listed, *(key for key in hours if key not in listed)]
    return Completion(
        total=sum(hours.values(), ZERO),
        required=rule.total,
        subjects=tuple(SubjectHours(key, hours.get(key, ZERO), rule.minimum.get(key, ZERO)) for key in keys),
        parts=tuple(
            PartHours(
                part.label,
                part.subject,
                sum((by_form.get((part.subject, form), ZERO) for form in part.forms), ZERO),
                part.hours,
            )
            for part in rule.parts
        ),
    )


def within_year(form: LearningForm, hours: Decimal, counted: Decimal) -> Decimal:
    """How many of `hours` the yearly cap of a learning form leaves, when `counted` of it count already."""
    if form.yearly_cap is None:
        return hours
    return max(ZERO, min(hours, form.yearly_cap - counted))


def open_years(profile: Profile, today: date) -> tuple[int, ...]:
    """The years for which hours may be declared today, latest first: begun, and not closed.

    Late declarations are taken as long as the rule says.
    """
    return tuple(
        year
        for year, rule in sorted(profile.rules.items(), reverse=True)
        if date(year, 1, 1) <= today <= (rule.late_until or rule.closes)
    )
