"""How hours follow from what somebody fills in: the closed list of formulas."""

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from app.declare.part import Hours, Key, Part


class Counted(Part):
    """A formula that multiplies a number somebody types in: without a cap nothing bounds it."""

    field: Key
    """The number field that is multiplied."""


class Actual(Counted):
    """The hours stand in a number field."""

    by: Literal["actual"]
    """The hours stand in the field."""


class Dated(Counted):
    """A formula that multiplies days: more than lie between two dates of the form cannot be."""

    first: Key | None = None
    """The date field of the first day; with `last`, the number is at most what lies between."""
    last: Key | None = None
    """The date field of the last day; the same as `first` for what takes one day."""


class PerDay(Dated):
    """So many hours for each day in a number field."""

    by: Literal["day"]
    """So many hours for each day."""
    hours: Hours
    """Hours for one day."""


class PerHalfDay(Dated):
    """So many hours for each half day in a number field."""

    by: Literal["half_day"]
    """So many hours for each half day."""
    hours: Hours
    """Hours for one half day."""


class PerMinutes(Counted):
    """One hour for so many minutes, never fewer than 45 (RUL-02)."""

    by: Literal["minutes"]
    """One hour for so many minutes, rounded down to half hours."""
    minutes: Annotated[StrictInt, Field(ge=45, le=1440)]
    """Minutes for one hour, at least 45."""


class Fixed(Part):
    """The same hours for each item."""

    by: Literal["fixed"]
    """The same hours for each item."""
    hours: Hours
    """Hours for one item."""


class ByLevel(Part):
    """Hours by the answer to a choice field."""

    by: Literal["level"]
    """Hours by the answer to a choice field."""
    field: Key
    """The choice field."""
    hours: dict[Key, Hours]
    """Hours for each of its choices."""


class ByLevelAndRank(Part):
    """Hours by a choice field and one's place among the authors or members."""

    by: Literal["level_and_rank"]
    """Hours by a choice field and one's rank. Give either table, or start, step and floor."""
    field: Key
    """The choice field."""
    rank: Key
    """The integer field that holds the rank, from 1."""
    table: dict[Key, tuple[Hours, ...]] | None = None
    """Hours of the first, second, … for each choice; who ranks beyond gets none."""
    start: dict[Key, Hours] | None = None
    """Hours of the first for each choice."""
    step: Hours | None = None
    """How many hours less each further rank gets."""
    floor: Hours | None = None
    """The fewest hours that anybody ranked gets."""


Formula = Annotated[
    Actual | PerDay | PerHalfDay | PerMinutes | Fixed | ByLevel | ByLevelAndRank, Field(discriminator="by")
]
