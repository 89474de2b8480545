"""Statements that pages ask again and again: made once for an actor, with his filter in them.

SQLAlchemy finds the SQL of a statement under a key that it makes from all its parts, once for each object. Of
a list, making the statement and its key took longer than asking it.
"""

from collections.abc import Callable, Hashable
from typing import Any

from sqlalchemy.orm import Session

from app.security.actor import Actor, actor_of
from app.security.scope import filtered

MOST = 4000
"""So many statements are kept (some KB each); then all are forgotten and made anew."""

_KEPT: dict[tuple[Actor, Hashable], Any] = {}


def kept(session: Session, key: Hashable, make: Callable[[], Any]) -> Any:
    """The statement that was made under this key for whoever acts, or is made now.

    The key holds whatever changes the statement but the actor; what else it compares with are parameters
    without a value (`bindparam(name, required=True)`), or one asker's value would be another's.
    """
    place = (actor_of(session), key)
    found = _KEPT.get(place)
    if found is None:
        if len(_KEPT) >= MOST:
            _KEPT.clear()
        found = _KEPT[place] = filtered(place[0], make())
    return found
