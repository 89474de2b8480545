"""What stands below the acting organisation (SUB-01 to 03): level by level, with what is below each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.models.appointment import Appointment
from app.models.organization import Organization
from app.security import doors
from app.security.actor import actor_of
from app.services import lists
from app.services.errors import NotFound

PAGE = 50
"""Organisations of one level on one page."""

ADMINISTRATORS = 100
"""So many administrators of one organisation are shown."""


@dataclass(frozen=True, slots=True)
class Node:
    """One organisation of a level. Both numbers are at most doors.counting.MOST + 1."""

    id: int
    name: str
    kind: str
    state: str
    units: int
    persons: int


@dataclass(frozen=True, slots=True)
class Level:
    """What stands directly below `line[-1]`; `line` leads there from the acting organisation.

    `later` is the id to go on behind, None on the last page; `earlier` says that this is not the first.
    """

    line: Sequence[Row[Any]]
    nodes: Sequence[Node]
    earlier: bool
    later: int | None


def level(session: Session, at: int | None = None, after: int | None = None) -> Level:
    """One page of one level: below the acting organisation, or below one of its subordinates.

    Raises NotFound for what is not within reach.
    """
    own = actor_of(session).organization_id
    upper = at if at is not None else own
    if upper is None or session.scalar(select(Organization.id).where(Organization.id == upper)) is None:
        raise NotFound
    asked = (
        select(Organization.id, Organization.name, Organization.kind, Organization.state)
        .where(Organization.parent_id == upper, Organization.id > (after or 0))
        .order_by(Organization.id)
        .limit(PAGE + 1)
    )
    found = session.execute(asked).all()
    shown = found[:PAGE]
    counts = doors.below(session, upper, [row.id for row in shown])
    nodes = [
        Node(row.id, row.name, row.kind, row.state, counts[row.id].units, counts[row.id].persons)
        for row in shown
        if row.id in counts
    ]
    above = doors.lineage(session, upper)
    line = above[: 1 + next(place for place, row in enumerate(above) if row.id == own)]
    return Level(line[::-1], nodes, after is not None, shown[-1].id if len(found) > PAGE else None)


def subordinate(session: Session, key: str | int) -> Organization:
    """One organisation below the acting one. Raises NotFound, also for the acting one itself."""
    found = lists.one(session, Organization, key)
    if found is None or found.id == actor_of(session).organization_id:
        raise NotFound
    return found


def administrators(session: Session, organization: Organization) -> Sequence[Appointment]:
    """The posts of a subordinate that have not ended, the super-administrator's first."""
    return session.scalars(
        select(Appointment)
        .where(Appointment.organization_id == organization.id, Appointment.ends_on.is_(None))
        .order_by(Appointment.super.desc(), Appointment.id)
        .limit(ADMINISTRATORS)
    ).all()
