"""Deadlines: what is asked of the acting organisation, and by when; setting one is the generated screen's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.database import clock
from app.security import doors

KEPT = timedelta(days=366)
"""So long after its day a deadline is still told."""


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline as the acting organisation meets it; `left` days are left, fewer than none are over."""

    deadline: Row[Any]
    left: int

    @property
    def open(self) -> bool:
        """Whether the acting organisation has still to do it."""
        return bool(self.deadline.asked and not self.deadline.done)


def due(session: Session) -> Sequence[Due]:
    """What is asked of the acting organisation or of those below it; what it has still to do comes first."""
    today = clock.today()
    found = doors.deadlines_for(session, earliest=today - KEPT)
    told = [Due(row, (row.due_on - today).days) for row in found]
    return sorted(told, key=lambda each: (not each.open, each.left if each.open else -each.left))


def reminders(session: Session) -> Sequence[Due]:
    """What the acting organisation has still to do, what is overdue first."""
    return [each for each in due(session) if each.open]
