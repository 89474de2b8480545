"""Lists that hold more than is counted: once found, they are not counted again for a minute.

What is counted is read row by row under the wall, and "1,000+" would be found anew for each of its pages.
"""

from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from app.database import clock

REMEMBERED = timedelta(minutes=1)
MOST = 4000
"""So many lists are remembered; then all are forgotten and counted anew."""

_FOUND: WeakKeyDictionary[Any, dict[Hashable, datetime]] = WeakKeyDictionary()
"""Until when a list of a database counts as large, by what was asked by whom."""


def known(session: Session, key: Hashable) -> bool:
    """Whether this list was found to be large less than a minute ago."""
    until = _FOUND.get(session.get_bind(), {}).get(key)
    return until is not None and clock.now() < until


def remember(session: Session, key: Hashable) -> None:
    """This list is large."""
    found = _FOUND.setdefault(session.get_bind(), {})
    if len(found) >= MOST:
        found.clear()
    found[key] = clock.now() + REMEMBERED
