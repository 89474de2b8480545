"""For which years one may declare now: those that the rules leave open, and those that were reopened."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.database import clock
from app.declare.province import province
from app.declare.rules import open_years
from app.security import doors


def years(session: Session) -> tuple[int, ...]:
    """The years for which the acting person or organisation may declare today, latest first."""
    again = {row.year for row in doors.reopened(session, clock.today())}
    return tuple(sorted({*open_years(province(), clock.today()), *again}, reverse=True))


def reopening(session: Session, year: int) -> Row[Any] | None:
    """By which decision the acting one may declare for a year that is closed; None where he may not."""
    if year in open_years(province(), clock.today()):
        return None
    return next((row for row in doors.reopened(session, clock.today()) if row.year == year), None)
