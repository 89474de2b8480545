"""Statements that pages ask again and again: made once for an actor, with his filter in them.

SQLAlchemy finds the SQL of a statement under a key that it makes from all its parts, once for each object. Of
a list, making the statement and its key took longer than asking it.
"""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, Row, literal_column
from sqlalchemy.orm import Session
from sqlalchemy.sql.visitors import replacement_traverse

from app.security.actor import Actor, actor_of
from app.security.scope import filtered

PLAIN = re.compile("[a-z_]*")
"""Texts that are read as nothing else when they are written between quotes."""

MOST = 4000
"""So many statements are kept (some KB each); then all are forgotten and made anew."""


@dataclass(slots=True)
class _Kept:
    statement: Any
    sql: str | None = None
    given: dict[str, Any] = field(default_factory=dict)


_KEPT: dict[tuple[Actor, Hashable], _Kept] = {}


def kept(session: Session, key: Hashable, make: Callable[[], Any]) -> Any:
    """The statement that was made under this key for whoever acts, or is made now.

    The key holds whatever changes the statement but the actor; what else it compares with are parameters
    without a value (`bindparam(name, required=True)`), or one asker's value would be another's.
    """
    return _kept(session, key, make).statement


def ask(
    session: Session, key: Hashable, make: Callable[[], Any], told: Mapping[str, Any]
) -> Sequence[Row[Any]]:
    """What such a statement answers, when it selects columns and no entities: its SQL is kept as well.

    The values in `told` go to the driver as they are: texts, numbers, days, octets and lists of them. With no
    text among them the statement is prepared: one plan is as good for one number as for another.
    """
    found = _kept(session, key, make)
    if found.sql is None:
        found.sql, found.given = _compiled(session, found.statement)
    if not found.sql:
        return session.execute(found.statement, dict(told)).all()
    if session.new or session.dirty or session.deleted:
        session.flush()
    prepared = not any(isinstance(value, str) for value in told.values())
    return (
        session.connection()
        .exec_driver_sql(found.sql, {**found.given, **told}, execution_options={"prepared": prepared})
        .all()
    )


def _kept(session: Session, key: Hashable, make: Callable[[], Any]) -> _Kept:
    place = (actor_of(session), key)
    found = _KEPT.get(place)
    if found is None:
        if len(_KEPT) >= MOST:
            _KEPT.clear()
        found = _KEPT[place] = _Kept(filtered(place[0], make()))
    return found


def _compiled(session: Session, statement: Any) -> tuple[str, dict[str, Any]]:
    """The SQL of a statement and the values of its filter; no SQL where values are written into it."""
    compiled = replacement_traverse(statement, {}, _written).compile(dialect=session.get_bind().dialect)
    given = {
        name: parameter.effective_value
        for parameter, name in compiled.bind_names.items()
        if not parameter.required
    }
    return ("" if compiled.post_compile_params else str(compiled)), given


def _written(element: Any, **_words: Any) -> Any:
    """A word of the code's own stands in the statement: an index of what is open fits no parameter."""
    if not isinstance(element, BindParameter) or element.required or not isinstance(element.value, str):
        return None
    return literal_column(f"'{element.value}'", element.type) if PLAIN.fullmatch(element.value) else None
