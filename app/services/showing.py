"""One record as its page shows it, in one statement: the row, what may be done with it, what is beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, exists, false, inspect, select
from sqlalchemy.orm import Session, aliased

from app.declare.column import Column
from app.declare.words import language
from app.encrypted import Sealed
from app.models.attachment import Attachment
from app.models.placed import ANCESTORS, Placed
from app.models.review import Review
from app.reviews import KINDS
from app.security.actor import Actor, actor_of
from app.security.doors import organizations
from app.security.kept import ask
from app.security.scope import model_of, opened_by, reach
from app.services.called import named_by, public, target
from app.services.lists import id_of
from app.services.shapes import row_of
from app.services.values import declared, shown

REVIEWED = frozenset(kind.subject for kind in KINDS.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A row, and which of the actions that were asked about its reader may do on it.

    The row is no entity: it holds the values that were read (services/shapes.py) and cannot be written.
    `called` holds the names of what it points at, by the key of the column, `opens` those keys whose row the
    reader may see as well. `files` and `reviews` say whether there are any.
    """

    row: Any
    allowed: frozenset[str]
    called: Mapping[str, str]
    opens: frozenset[str]
    files: bool
    reviews: bool


def record(session: Session, model: Any, place: str | int, actions: tuple[str, ...]) -> Record | None:
    """The record with this id, within the reader's reach; None for anything else that an address may hold."""
    number = id_of(place)
    if number is None:
        return None
    actor = actor_of(session)
    key = ("record", model, actions)
    found = ask(session, key, lambda: _statement(actor, model, actions), {"id": number})
    if not found:
        return None
    names, points = _names(model), _points(model)
    values = iter(found[0])
    row = row_of(model)(zip(names, values, strict=False))
    allowed = frozenset(action for action in actions if next(values))
    called = {key: name for key in points if (name := next(values))}
    opens = frozenset(key for key, column in points.items() if _is_public(column) and next(values))
    files, reviews = values
    return Record(
        row=row,
        allowed=allowed,
        called={key: _said(points[key], name) for key, name in called.items()},
        opens=opens | frozenset(key for key in called if not _is_public(points[key])),
        files=files,
        reviews=reviews,
    )


@cache
def _names(model: Any) -> tuple[str, ...]:
    """Everything that is stored about a row but what only searches and walls compare."""
    sealed = [each for each in vars(model).values() if isinstance(each, Sealed)]
    compared = {*ANCESTORS, *(each.index for each in sealed), *(each.tail for each in sealed)}
    return tuple(each.key for each in inspect(model).column_attrs if each.key not in compared)


def _points(model: Any) -> dict[str, Column]:
    return {key: column for key, column in declared(model).items() if column.kind == "relation"}


def _statement(actor: Actor, model: Any, actions: tuple[str, ...]) -> Select[Any]:
    """Planning it takes longer than reading a row by its key: it asks nothing whose answer is known."""
    beside: list[Any] = [reach(actor, action, model).label(f"may_{action}") for action in actions]
    points = _points(model)
    beside += [_name(getattr(model, key), target(column)) for key, column in points.items()]
    beside += [_opens(actor, model, key, column) for key, column in points.items() if _is_public(column)]
    noun = model.__tablename__
    files = exists().where(Attachment.subject == noun, Attachment.subject_id == model.id)
    reviews = exists().where(Review.subject == noun, Review.subject_id == model.id)
    beside.append(files if model.screen.files else false())
    beside.append(reviews if noun in REVIEWED else false())
    columns = [getattr(model, name) for name in _names(model)]
    return select(*columns, *beside).where(model.id == bindparam("id", type_=BigInteger, required=True))


def _name(points_at: Any, table: str) -> ColumnElement[Any]:
    """What is called so: names of organisations are public, all others are read under the reader's filter."""
    if public(table):
        found = organizations.called.alias()
        return select(found.c.name).where(found.c.id == points_at).scalar_subquery()
    there = aliased(model_of(table))
    return select(getattr(there, named_by(model_of(table)))).where(there.id == points_at).scalar_subquery()


def _is_public(column: Column) -> bool:
    return public(target(column))


def _opens(actor: Actor, model: Any, key: str, column: Column) -> ColumnElement[Any]:
    """Whether the reader may open what has a public name; where the row itself stands there, by the row."""
    there = model_of(target(column))
    if key == "organization_id" and issubclass(model, Placed):
        return opened_by(there.access["read"], actor, f"{there.__tablename__}.read", model)
    there = aliased(there)
    return exists().where(there.id == getattr(model, key))


def _said(column: Column, name: Any) -> str:
    """A name as it is shown: masked where its own column is."""
    table = target(column)
    own = None if public(table) else declared(model_of(table)).get(named_by(model_of(table)))
    return str(name) if own is None else shown(own, name, language())
