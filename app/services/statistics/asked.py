"""What somebody asks of a statistic: where, of which year, how the lines are cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.database import clock
from app.declare.province import province
from app.models.organization import Organization
from app.security import widths
from app.security.actor import actor_of
from app.security.scope import Forbidden
from app.services.lines import line

CHOICES = 200
"""Organisations directly below that are offered to go down to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The conditions of one table.

    `line` leads from the acting organisation down to `place`; `alone` leaves out what stands below it. `by`
    is how the lines are cut, where a statistic can be cut in several ways; with `series` it is of that title
    series alone, empty for those without one. `before` puts the year before beside it.
    """

    line: Sequence[Row[Any]]
    alone: bool
    year: int
    by: str = ""
    series: str | None = None
    before: bool = False

    @property
    def place(self) -> Row[Any]:
        """The organisation that is asked about."""
        return self.line[-1]


def asked(session: Session, at: int | None, year: int | None, *, alone: bool = False, **rest: Any) -> Asked:
    """What is asked, within what the actor may know of professionals.

    Raises NotFound for an organisation out of reach, and Forbidden to one who reaches one department alone.
    """
    far = widths.reach(actor_of(session), "person")
    if far == widths.DEPARTMENT:
        raise Forbidden("statistics beyond a department")
    found = line(session, at if far == widths.BELOW else None)
    known = years()
    year = year if year in known else known[0]
    return Asked(line=found, alone=alone or far != widths.BELOW, year=year, **rest)


def years() -> list[int]:
    """The years that can be asked for, the present or latest first."""
    today = clock.today().year
    return sorted((each for each in province().rules if each <= today), reverse=True) or [today]


def below(session: Session, place: int, most: int = CHOICES) -> Sequence[Any]:
    """The organisations directly below one, that take part or wait to, by name."""
    live = Organization.state.in_(("active", "pending"))
    query = select(Organization.id, Organization.name).where(Organization.parent_id == place, live)
    return session.execute(query.order_by(Organization.id).limit(most)).all()
