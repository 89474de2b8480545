"""Who of a unit's people takes which course on the platform, and how far (LRN-01)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.models.enrolment import STATES
from app.models.organization import Organization
from app.models.person import Person
from app.security import doors
from app.services.errors import NotFound
from app.services.selection import among

PAGE = 50


@dataclass(frozen=True, slots=True)
class Learner:
    """One person in one course; `taken` says which, how many of its lessons are finished, and since when."""

    name: str
    taken: Row[Any]


@dataclass(frozen=True, slots=True)
class Learners:
    """One page, the latest first; `later` is the id to go on behind, None on the last page."""

    unit: Organization
    lines: Sequence[Learner]
    later: int | None


def page(session: Session, unit_id: int, state: str = "", before: int | None = None) -> Learners:
    """Those of the unit itself whom the actor may see; `state` is a key of STATES or '' for all.

    Raises NotFound for a unit out of reach.
    """
    unit = session.scalar(select(Organization).where(Organization.id == unit_id))
    if unit is None:
        raise NotFound
    wanted = state if state in STATES else ""
    found = doors.enrolled(session, unit.id, state=wanted, before=before, most=PAGE + 1)
    shown = found[:PAGE]
    asked = select(Person.id, Person.name).where(Person.id == among([each.person_id for each in shown]))
    names = {row.id: row.name for row in session.execute(asked)} if shown else {}
    lines = [Learner(names[each.person_id], each) for each in shown if each.person_id in names]
    return Learners(unit, lines, shown[-1].id if len(found) > PAGE else None)
