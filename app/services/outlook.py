"""Where the year's rule is at risk: how far everybody is, by organisation and department, and what to expect.

The numbers are counted anew by a job; a page reads one level of them, whatever stands below (SUP-01).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.province import province
from app.models.department import Department
from app.models.organization import Organization
from app.models.outlook import Outlook
from app.security import folding_doors
from app.security.actor import actor_of
from app.security.scope import set_actor
from app.security.widths import BELOW, DEPARTMENT, reach
from app.services.lines import line
from app.services.overdue import CLOCK

PAGE = 50
FURTHEST = 200
"""Pages of one level."""

GREEN, AMBER = 90, 60
"""From so many per cent on that are to be expected complete, a place is green, or amber; below it is red."""

MONTHS_LATE = 3
"""So many months of a year the year before is counted too: late declarations are still decided then."""

NOBODY_IN = 0
"""The department of those who are in none."""

OPEN = Outlook.people - Outlook.complete - Outlook.closing
ORDERS: Mapping[str, Any] = MappingProxyType(
    {
        "risk": ((OPEN / Outlook.people).desc(), OPEN.desc()),
        "people": (Outlook.people.desc(),),
        "idle": (Outlook.idle.desc(),),
        "open": ((Outlook.people - Outlook.complete).desc(),),
    }
)
"""What a level can be ordered by, the worst first."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What is to be expected of a place at the end of the year: per cent complete, and its light."""

    percent: int
    light: str


@dataclass(frozen=True, slots=True)
class Level:
    """What stands directly below `line[-1]`, which `line` leads to from the acting organisation.

    `own` are the numbers of that organisation alone, `whole` with all below it, `departments` those of its
    departments, each with its name. `made_at` is None where nothing was ever counted.
    """

    year: int
    line: Sequence[Row[Any]]
    own: Outlook | None
    whole: Outlook | None
    departments: Sequence[tuple[Outlook, str]]
    rows: Sequence[Row[Any]]
    later: bool
    made_at: datetime | None


def fold(session: Session) -> int:
    """Count this year anew, and in its first months the one before; returns how many rows are kept."""
    set_actor(session, CLOCK)
    with transaction(session):
        return count_anew(session)


def count_anew(session: Session) -> int:
    """The same in the caller's transaction, whoever acts."""
    rules = province().rules
    return sum(
        folding_doors.outlook(session, year, rules[year].total, rules[year].minimum, clock.now())
        for year in years()
    )


def years() -> list[int]:
    """The years that are counted, the latest first."""
    today = clock.today()
    found = [today.year, *([today.year - 1] if today.month <= MONTHS_LATE else [])]
    return [year for year in found if year in province().rules]


def expected(row: Any, year: int, today: date) -> Expected:
    """The forecast of a place from its numbers, in whole per cent of its people.

    Complete now, and complete once what waits is approved; of the others as large a part as their missing
    hours would arrive by the end of the year, if they go on as they did since its beginning. Hours that
    wait count as if they were approved.
    """
    if not row.people:
        return Expected(100, "green")
    first, last = date(year, 1, 1), date(year, 12, 31)
    gone = max(1, (min(today, last) - first).days + 1)
    left = max(0, (last - max(today, first)).days)
    coming = Decimal(row.gained) / gone * left
    part = min(Decimal(1), coming / row.lacking) if row.lacking else Decimal(0)
    rest = row.people - row.complete - row.closing
    percent = int((row.complete + row.closing + rest * part) * 100 / row.people)
    return Expected(percent, "green" if percent >= GREEN else "amber" if percent >= AMBER else "red")


def level(session: Session, year: int, at: int | None = None, by: str = "risk", page: int = 0) -> Level:
    """One page of one level in five statements. Raises NotFound for what is not within reach."""
    above = line(session, at)
    here, actor = above[-1].id, actor_of(session)
    far = reach(actor, "person")
    rows = session.execute(_below(here, year, by).limit(PAGE + 1).offset(page * PAGE)).all()
    own = _own(session, here, year)
    alone = next((each for each in own if each.department_id is None and not each.whole), None)
    whole = next((each for each in own if each.whole), None)
    rooms = [each for each in own if each.department_id is not None]
    if far == DEPARTMENT:
        rooms = [each for each in rooms if each.department_id == actor.department_id]
    times = [each.made_at for each in own] + [row.made_at for row in rows]
    return Level(
        year=year,
        line=above,
        own=alone if far != DEPARTMENT else None,
        whole=whole if far == BELOW else None,
        departments=_named(session, rooms) if len(rooms) > 1 or far == DEPARTMENT else (),
        rows=rows[:PAGE] if far == BELOW else (),
        later=len(rows) > PAGE and far == BELOW,
        made_at=max(times, default=None),
    )


def of_whole(session: Session, organization: int, year: int) -> Outlook | None:
    """The numbers of an organisation with all below it, as the job last counted them."""
    asked = select(Outlook).where(
        Outlook.organization_id == organization,
        Outlook.year == year,
        Outlook.whole,
        Outlook.department_id.is_(None),
    )
    return session.scalar(asked)


def _own(session: Session, here: int, year: int) -> Sequence[Outlook]:
    return session.scalars(
        select(Outlook)
        .where(Outlook.organization_id == here, Outlook.year == year)
        .order_by(Outlook.department_id)
    ).all()


def _named(session: Session, rooms: Sequence[Outlook]) -> Sequence[tuple[Outlook, str]]:
    """Departments in the order of their risk, with their names; those in none have no name and stand last."""
    ids = [each.department_id for each in rooms]
    asked = select(Department.id, Department.name).where(Department.id.in_(ids))
    names = {row.id: row.name for row in session.execute(asked)}

    def risk(each: Outlook) -> tuple[bool, Decimal]:
        done = Decimal(each.complete + each.closing) / each.people
        return each.department_id == NOBODY_IN, done

    return [(each, names.get(each.department_id or 0, "")) for each in sorted(rooms, key=risk)]


def _below(upper: int, year: int, by: str) -> Any:
    return (
        select(
            Organization.id,
            Organization.name,
            Outlook.people,
            Outlook.complete,
            Outlook.closing,
            Outlook.idle,
            Outlook.lacking,
            Outlook.gained,
            Outlook.made_at,
        )
        .join(Outlook, Outlook.organization_id == Organization.id)
        .where(
            Organization.parent_id == upper,
            Outlook.year == year,
            Outlook.whole,
            Outlook.department_id.is_(None),
            Outlook.people > 0,
        )
        .order_by(*ORDERS[by], Organization.id)
    )
