"""Steps that take too long: those who decide are told once, and after more working days those above them."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.database import SHANGHAI, clock, transaction
from app.declare.province import province
from app.reviews import KINDS
from app.security import clock_doors, doors
from app.security.actor import Actor
from app.security.scope import set_actor
from app.services import messages, working_days
from app.services.chains import chain_of

CLOCK = Actor(name="clock", kind="job")
MOST = 5000
"""Reviews that are marked and told together."""

Counts = Mapping[tuple[int, str], Mapping[int, int]]
"""How many things are overdue: by who is told and the kind, for each organisation where they wait."""


def morning() -> datetime:
    """The moment at which the province's working day begins for messages, today."""
    return datetime.combine(clock.today(), province().clock.morning, SHANGHAI)


def notify(session: Session) -> int:
    """Tell of what has become overdue, on working days from the morning on; returns of how many things.

    What is told and the mark that it was told commit together, a few thousand reviews at a time: whoever is
    killed tells nothing twice and loses nothing.
    """
    if not working_days.is_one(clock.today()) or clock.now() < morning():
        return 0
    return _each(session, _tell) + _each(session, _tell_above)


def _each(session: Session, tell: Callable[[Session], int]) -> int:
    total = 0
    set_actor(session, CLOCK)
    while True:
        with transaction(session):
            told = tell(session)
        total += told
        if not told:
            return total


def _tell(session: Session) -> int:
    today = clock.today()
    rows = clock_doors.late(session, today, today, MOST)
    counts = {(row.organization_id, row.kind): {row.organization_id: row.many} for row in rows}
    names = doors.names(session, {row.organization_id for row in rows})
    _send(session, counts, "reviews_late", lambda _waits: {}, names)
    return sum(row.many for row in rows)


def _tell_above(session: Session) -> int:
    """What has been overdue for too long, to those above; where nothing stands above, it is marked alone."""
    today, days = clock.today(), province().clock.above_after
    rows = clock_doors.late_above(session, working_days.before(today, days), today, MOST)
    names = doors.names(session, {row.organization_id for row in rows})
    counts: dict[tuple[int, str], dict[int, int]] = defaultdict(dict)
    for row in rows:
        if (above := names[row.organization_id].parent_id) is not None:
            counts[above, row.kind][row.organization_id] = row.many

    def words(waits: Mapping[int, int]) -> dict[str, Any]:
        most = max(waits, key=lambda place: waits[place])
        return {"days": days, "units": len(waits), "example": names[most].name}

    above_names = doors.names(session, {above for above, _kind in counts})
    _send(session, counts, "reviews_late_below", words, above_names)
    return sum(row.many for row in rows)


def _send(
    session: Session,
    counts: Counts,
    message: str,
    words: Callable[[Mapping[int, int]], Mapping[str, Any]],
    names: Mapping[int, Row[Any]],
) -> None:
    """One message for each organisation and kind, to everybody there who may decide that kind."""
    told = []
    for kind in sorted({kind for _place, kind in counts}):
        here = {place: waits for (place, each), waits in counts.items() if each == kind}
        queue = chain_of(kind).label.model_dump()
        for place, accounts in _deciders(session, here, kind).items():
            common = {"organization": names[place].name, "queue": queue, "count": sum(here[place].values())}
            params = {**common, **words(here[place])}
            told += [messages.Told(message, params, account_id=account) for account in accounts]
    messages.tell(session, told)


def _deciders(session: Session, places: Mapping[int, Any], kind: str) -> Mapping[int, Sequence[int]]:
    found = doors.deciders(session, places, KINDS[kind].permission)
    return {place: sorted({row.account_id for row in rows}) for place, rows in found.items()}
