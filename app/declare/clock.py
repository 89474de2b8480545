"""How much time a step has, and which days count: the clock of reviews."""

from datetime import time
from typing import Annotated

from pydantic import Field, Strict

from app.declare.part import Day, Part

Days = Annotated[int, Field(ge=1, le=250)]
"""Working days; 250 are about a year."""


class Clock(Part):
    """How long a decision may take."""

    days: Days
    """Working days that a step has which names no number of its own."""
    above_after: Days
    """Working days for which a step is overdue until the organisation above is told."""
    morning: Annotated[time, Strict()]
    """From this time of a working day on, those who decide are told what waits and what is overdue."""


class Calendar(Part):
    """Where the province's working days differ from those of the State Council's holidays."""

    days_off: tuple[Day, ...] = ()
    """Days on which nobody works here, or nowhere: what has been announced and is not known yet."""
    working_days: tuple[Day, ...] = ()
    """Days on which work is done all the same, for example in exchange for a long holiday (调休)."""
