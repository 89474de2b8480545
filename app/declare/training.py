"""How organisations train people in classes that they plan: who plans, what a half day is, what it counts."""

from datetime import time
from typing import Annotated

from pydantic import Field, Strict, StrictBool, StrictInt

from app.declare.chain import UnitKind
from app.declare.part import Hours, Key, Part


class HalfDay(Part):
    """The hours of a morning or an afternoon, in China's time."""

    begins: Annotated[time, Strict()]
    """From this time on one signs in."""
    ends: Annotated[time, Strict()]
    """Until this time one signs in."""


class Training(Part):
    """Plans and classes; the chains that file a plan and credit a class stand in reviews."""

    planned_by: Annotated[tuple[UnitKind, ...], Field(min_length=1)]
    """The kinds of organisations that declare plans."""
    forms: Annotated[tuple[Key, ...], Field(min_length=1)]
    """The learning forms that a class may count as."""
    half_day_hours: Annotated[Hours, Field(gt=0)]
    """The most hours that a half day of a class counts."""
    least: Annotated[StrictInt, Field(ge=0, le=100)]
    """Per cent of the half days below which somebody is credited nothing; from there on his share."""
    morning: HalfDay
    """When one signs in for a morning."""
    afternoon: HalfDay
    """When one signs in for an afternoon."""
    printed_codes: StrictBool
    """Whether a code may be printed that is valid for its whole half day. The one on a screen changes."""
