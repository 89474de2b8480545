"""One record as its page shows it, in one statement: the row, what may be done with it, what is beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, exists, false, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session, aliased

from app.declare.column import Column
from app.declare.words import language
from app.models.attachment import Attachment
from app.models.review import Review
from app.reviews import KINDS
from app.security.actor import Actor, actor_of
from app.security.kept import kept
from app.security.scope import model_of, reach
from app.services.called import named_by, public, target
from app.services.lists import id_of
from app.services.values import declared, shown

REVIEWED = frozenset(kind.subject for kind in KINDS.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A row, and which of the actions that were asked about its reader may do on it.

    `called` holds the names of what it points at, by the key of the column, `opens` those keys whose row the
    reader may see as well. `files` and `reviews` say whether there are any.
    """

    row: Any
    allowed: frozenset[str]
    called: Mapping[str, str]
    opens: frozenset[str]
    files: bool
    reviews: bool


def record(session: Session, model: Any, key: str | int, actions: tuple[str, ...]) -> Record | None:
    """The record with this id, within the reader's reach; None for anything else that an address may hold."""
    number = id_of(key)
    if number is None:
        return None
    actor = actor_of(session)
    asked = kept(session, ("record", model, actions), lambda: _statement(actor, model, actions))
    found = session.execute(asked, {"id": number}).one_or_none()
    if found is None:
        return None
    told = found._mapping  # noqa: SLF001 -- the name under which SQLAlchemy publishes it
    points = _points(model)
    return Record(
        row=found[0],
        allowed=frozenset(action for action in actions if told[f"may_{action}"]),
        called={key: _said(points[key], told[f"name_{key}"]) for key in points if told[f"name_{key}"]},
        opens=frozenset(key for key in points if told[f"opens_{key}"]),
        files=told["files"],
        reviews=told["reviews"],
    )


def _points(model: Any) -> dict[str, Column]:
    return {key: column for key, column in declared(model).items() if column.kind == "relation"}


def _statement(actor: Actor, model: Any, actions: tuple[str, ...]) -> Select[Any]:
    beside: list[Any] = [reach(actor, action, model).label(f"may_{action}") for action in actions]
    for key, column in _points(model).items():
        points_at, table = getattr(model, key), target(column)
        there = aliased(model_of(table))
        beside.append(_name(points_at, table, there).label(f"name_{key}"))
        beside.append(exists().where(there.id == points_at).label(f"opens_{key}"))
    noun = model.__tablename__
    files = exists().where(Attachment.subject == noun, Attachment.subject_id == model.id)
    reviews = exists().where(Review.subject == noun, Review.subject_id == model.id)
    beside.append(files.label("files"))
    beside.append((reviews if noun in REVIEWED else false()).label("reviews"))
    return select(model, *beside).where(model.id == bindparam("id", type_=BigInteger, required=True))


def _name(points_at: Any, table: str, there: Any) -> ColumnElement[Any]:
    """What is called so: names of organisations are public, all others are read under the reader's filter."""
    if public(table):
        found = func.door_names(array([points_at])).table_valued("name")
        return select(found.c.name).scalar_subquery()
    return select(getattr(there, named_by(model_of(table)))).where(there.id == points_at).scalar_subquery()


def _said(column: Column, name: Any) -> str:
    """A name as it is shown: masked where its own column is."""
    table = target(column)
    own = None if public(table) else declared(model_of(table)).get(named_by(model_of(table)))
    return str(name) if own is None else shown(own, name, language())
