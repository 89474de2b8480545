"""How hours follow from what somebody fills in: the closed list of formulas."""

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from app.declare.part import Hours, Key, Part


class Counted(Part):
    """A formula that multiplies a number somebody types in: without a cap nothing bounds it."""

    field: Key


class Actual(Counted):
    """The hours stand in a number field."""

    by: Literal["actual"]


class PerDay(Counted):
    """So many hours for each day in a number field."""

    by: Literal["day"]
    hours: Hours


class PerHalfDay(Counted):
    """So many hours for each half day in a number field."""

    by: Literal["half_day"]
    hours: Hours


class PerMinutes(Counted):
    """One hour for so many minutes, never fewer than 45 (RUL-02)."""

    by: Literal["minutes"]
    minutes: Annotated[StrictInt, Field(ge=45, le=1440)]


class Fixed(Part):
    """The same hours for each item."""

    by: Literal["fixed"]
    hours: Hours


class ByLevel(Part):
    """Hours by the answer to a choice field."""

    by: Literal["level"]
    field: Key
    hours: dict[Key, Hours]


class ByLevelAndRank(Part):
    """Hours by a choice field and one's place among the authors or members.

    Either `table` lists the hours of the first, second, … of each level, and who stands beyond gets none;
    or the first gets `start`, each further one `step` less, and nobody less than `floor`.
    """

    by: Literal["level_and_rank"]
    field: Key
    rank: Key
    table: dict[Key, tuple[Hours, ...]] | None = None
    start: dict[Key, Hours] | None = None
    step: Hours | None = None
    floor: Hours | None = None


Formula = Annotated[
    Actual | PerDay | PerHalfDay | PerMinutes | Fixed | ByLevel | ByLevelAndRank, Field(discriminator="by")
]
