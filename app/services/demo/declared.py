"""What people of the shown units have declared beyond what counts: waiting, rejected, begun, withdrawn."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random

from app.database import SHANGHAI
from app.declare.rules import within_year
from app.reviews import KINDS
from app.services.demo.crowd import COUNTED_AFTER, account_of
from app.services.demo.invented import chance_of
from app.services.demo.learning import Activity
from app.services.demo.population import Member, Population, Record, at_work
from app.services.demo.reviewing import Matter
from app.services.demo.units import Unit

HOURS = KINDS["hours"]
PACE = timedelta(days=2, hours=3)
"""From one verdict to the next on what is recent."""

OVERDUE = 0.045
"""The share of what waits for longer than a step may take."""


@dataclass(frozen=True, slots=True)
class Share:
    """Of a unit's people, so many have one recent declaration with this outcome after so many approvals."""

    share: float
    outcome: str
    passed: int = 0


DEMO = (
    Share(0.594, "open"),
    Share(0.1, "open", 1),
    Share(0.06, "open", 2),
    Share(0.04, "rejected"),
    Share(0.03, "draft"),
    Share(0.01, "withdrawn"),
)
"""In the unit whose account is printed: 285 of 480 wait for it."""

OTHERS = (
    Share(0.25, "open"),
    Share(0.05, "open", 1),
    Share(0.04, "open", 2),
    Share(0.04, "rejected"),
    Share(0.03, "draft"),
)

STATES = {**HOURS.states, "draft": "draft"}


@dataclass(frozen=True, slots=True)
class Declared:
    """A record and, unless it is a draft, what is to be reviewed."""

    record: Record
    matter: Matter | None


def counted(member: Member, unit: Unit, steps: int) -> Iterator[Matter]:
    """The reviews, long finished, of what counts; the chain has so many steps."""
    for record in member.records:
        yield _matter(record, member, unit, "approved", COUNTED_AFTER / steps, 0)


def recent(
    population: Population, unit: Unit, members: Sequence[Member], now: datetime, steps: int, first_id: int
) -> Iterator[Declared]:
    """What people of a unit have declared in the last weeks; records get ids from first_id on."""
    chance = chance_of("declared", unit.id)
    ids = count(first_id)
    spent = _Spent(members)
    for share in DEMO if unit.first_person == 1 else OTHERS:
        if share.passed >= steps:
            continue
        for member in chance.sample(members, round(len(members) * share.share)):
            late = chance.random() < OVERDUE
            decided = share.passed + (share.outcome == "rejected")
            age = (chance.randint(8, 12) if late else chance.randint(0, 6)) + 3 * decided
            day = now.astimezone(SHANGHAI).date() - timedelta(days=age)
            activity = _learned(population, unit, day, chance)
            draft = share.outcome == "draft"
            hours = Decimal(0) if draft or activity is None else spent.take(member, activity)
            if activity is None or not (hours or draft):
                continue
            at = min(at_work(day, chance), now - timedelta(minutes=chance.randint(5, 300)))
            record = Record(next(ids), member.id, activity, hours, at, STATES[share.outcome])
            matter = None if draft else _matter(record, member, unit, share.outcome, PACE, share.passed)
            yield Declared(record, matter)


class _Spent:
    """What each person has used of the yearly caps."""

    def __init__(self, members: Iterable[Member]) -> None:
        self._hours: defaultdict[tuple[int, str, int], Decimal] = defaultdict(Decimal)
        for member in members:
            for record in member.records:
                self._hours[member.id, record.activity.form.key, record.year] += record.hours

    def take(self, member: Member, activity: Activity) -> Decimal:
        """What still counts of an activity; 0 when its cap is used up."""
        key = member.id, activity.form.key, activity.last_day.year
        hours = within_year(activity.form, activity.hours, self._hours[key])
        self._hours[key] += hours
        return hours


def _matter(record: Record, member: Member, unit: Unit, outcome: str, pace: timedelta, passed: int) -> Matter:
    return Matter(
        kind=HOURS,
        subject_id=record.id,
        unit=unit,
        title=f"{member.facts.name} · {record.activity.title}",
        submitted_at=record.declared_at,
        outcome=outcome,
        pace=pace,
        passed=passed,
        person_id=member.id,
        creator_id=account_of(member.id),
        measure=record.hours,
    )


def _learned(population: Population, unit: Unit, until: date, chance: Random) -> Activity | None:
    offered = population.recent(unit.industry)
    finished = [each for listed in offered.values() for each in listed if each.last_day < until]
    return chance.choice(finished) if finished else None
