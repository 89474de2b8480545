"""What a year, and several years in a row, ask of a professional."""

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from app.declare.part import Day, Hours, Key, Part, Text


class SubjectPart(Part):
    """A part of a subject that must be learned in certain ways, as 30 professional hours in training."""

    label: Text
    """What people read."""
    subject: Key
    """The subject it is a part of."""
    forms: Annotated[tuple[Key, ...], Field(min_length=1)]
    """The learning forms that count to it."""
    hours: Hours
    """Hours that must be in it."""


class YearRule(Part):
    """What completes one calendar year: the total, every minimum and every part of a subject (RUL-01)."""

    total: Hours
    """Hours that complete the year."""
    minimum: dict[Key, Hours]
    """Hours that must be in a subject; subjects left out have no minimum."""
    parts: tuple[SubjectPart, ...] = ()
    """Parts of subjects that must be learned in certain forms."""
    subject_caps: dict[Key, Hours] = {}
    """The most hours of a subject that count in the year; subjects left out have no cap."""
    total_cap: Hours | None = None
    """The most hours of all subjects together that count in the year."""
    closes: Day
    """The last day on which hours of the year may be declared."""
    late_until: Day | None = None
    """The last day on which they may be declared late: reviewers are told that the year had closed."""


class Span(Part):
    """Years that must be complete one after the other, as title reviews ask it."""

    years: Annotated[StrictInt, Field(ge=2, le=10)]
    """How many years, the present one included."""
    since: tuple[Literal["title", "arrival"], ...] = ()
    """From when on hours count to it. title: since the present title. arrival: since the last transfer."""
