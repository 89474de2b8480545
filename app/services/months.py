"""Calendar months in China's time."""

from datetime import date, datetime, time, timedelta

from app.database import SHANGHAI

LONGEST = timedelta(days=31)


def bounds(month: date) -> tuple[datetime, datetime]:
    """The first moment of a month, and the first one after it; `month` is any day of it."""
    first = month.replace(day=1)
    return datetime.combine(first, time(), SHANGHAI), datetime.combine(following(first), time(), SHANGHAI)


def following(month: date) -> date:
    """The first day of the next month."""
    return (month.replace(day=1) + LONGEST).replace(day=1)


def preceding(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)
