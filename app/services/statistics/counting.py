"""The kept counts: counted by a job, checked against the records, and made anew."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.models.organization_year import TouchedPlace
from app.security import audit, counts
from app.security.scope import set_actor
from app.services.overdue import CLOCK

AT_ONCE = 500
"""Organisations that are counted in one transaction."""


def count(session: Session) -> int:
    """Count what was touched, until nothing is left; returns how many organisations. Done by a job."""
    set_actor(session, CLOCK)
    return _all(session)


def as_of(session: Session) -> datetime:
    """The moment up to which the counts hold everything: now, or when the oldest that waits was changed."""
    waits = session.scalar(select(func.min(TouchedPlace.touched_at)))
    return min(waits, clock.now()) if waits is not None else clock.now()


def verify(session: Session) -> Sequence[tuple[int, int]]:
    """The organisations and years whose counts the records do not bear out, once nothing waits any more.

    The session is one of the role that owns the tables: no actor sees everybody.
    """
    _all(session)
    found = counts.wrong(session)
    session.rollback()
    return found


def rebuild(session: Session) -> int:
    """Count everything anew, in one transaction of the owner; returns how many organisations there are."""
    with transaction(session):
        for table in ("organization_year", "counted_place", "touched_place"):
            session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 # nosec B608 -- names of ours
        session.execute(text("INSERT INTO touched_place (organization_id) SELECT id FROM organization"))
        counted = _all(session)
        audit.record(session, "rebuild", "organization_year", None, after={"organizations": counted})
    return counted


def _all(session: Session) -> int:
    total = 0
    while True:
        with transaction(session):
            counted = counts.count(session, AT_ONCE)
        total += counted
        if not counted:
            return total
