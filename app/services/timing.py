"""How long a review has waited and how long its open step still has, in working days."""

from dataclasses import dataclass
from datetime import date, datetime

from app.database import SHANGHAI, clock
from app.services import working_days


@dataclass(frozen=True, slots=True)
class Timing:
    """`age` since it was submitted; `left` until the open step is overdue, fewer than none when it is."""

    age: int
    left: int

    @property
    def overdue(self) -> int:
        """Working days for which the step has been overdue, at least one; none if it is not."""
        return max(-self.left, 0)


def timing(submitted_at: datetime, due_on: date | None) -> Timing:
    """How a review that waits stands today. Without a day the step is due today."""
    today = clock.today()
    submitted = submitted_at.astimezone(SHANGHAI).date()
    return Timing(age=max(working_days.between(submitted, today), 0), left=left(due_on or today))


def left(due_on: date) -> int:
    """Working days until a day; one that is over is overdue by one at least, at a weekend too."""
    today = clock.today()
    if due_on >= today:
        return working_days.between(today, due_on)
    return -max(working_days.between(due_on, today), 1)
