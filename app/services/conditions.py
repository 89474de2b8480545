"""Search words as conditions on rows: each kind of column has one way to be searched, and an index for it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.declare.column import Column
from app.declare.identity import DOCUMENT_TYPES
from app.declare.invalid import Invalid
from app.declare.words import _
from app.encrypted import Sealed, blind, tail
from app.security.actor import actor_of
from app.services import reading
from app.services.errors import Faulty
from app.services.values import checked, declared

HITS = 100_000
"""The most rows that words in a name may lead to before other conditions are asked."""
TAIL = 4
"""So many last characters of a number find it as well."""


def searchable(model: Any) -> dict[str, Column]:
    """The columns that may be searched, by key."""
    return {key: column for key, column in declared(model).items() if column.field.search}


def conditions(
    session: Session, model: Any, words: Mapping[str, str], *, before: int | None = None
) -> list[ColumnElement[bool]]:
    """The conditions of these search words. `before` is an id that all wanted rows are below.

    Raises Faulty for words that cannot be read as what they search, and for keys that cannot be searched.
    """
    columns = searchable(model)
    found: list[ColumnElement[bool]] = []
    problems: dict[str, list[Any]] = {}
    given = {key: text for key, text in words.items() if text.strip()}
    for key, text in given.items():
        if key not in columns:
            problems[key] = [Invalid(_("This cannot be searched."))]
            continue
        try:
            found.append(_condition(session, model, columns[key], text, before if len(given) == 1 else None))
        except Invalid as wrong:
            problems[key] = [wrong]
    if problems:
        raise Faulty(problems)
    return found


def _condition(
    session: Session, model: Any, column: Column, text: str, before: int | None
) -> ColumnElement[bool]:
    if column.extra:
        return model.extra.contains({column.key: checked(column, text)})
    if column.kind == "sealed":
        return _sealed(model, column, text)
    stored = getattr(model, column.key)
    if column.field.check == "credit_code":
        return stored == reading.written(text).upper()
    if column.kind == "text":
        return _text(session, model, column, reading.written(text), before)
    if column.kind == "moment":
        day = reading.day(reading.written(text))
        return func.date(func.timezone("Asia/Shanghai", stored)) == day
    return stored == checked(column, text)


def _text(
    session: Session, model: Any, column: Column, words: str, before: int | None
) -> ColumnElement[bool]:
    """Any part of a name. Under the second wall only a function of the wall can use the index for it."""
    stored = getattr(model, column.key)
    actor = actor_of(session)
    if actor.organization_id is None or not hasattr(model, "ancestor_1"):
        return func.strpos(func.lower(stored), func.lower(words)) > 0
    hits = getattr(func, f"search_{model.__tablename__}_{column.key}")(words, before, HITS)
    return model.id.in_(select(hits.column_valued("hit")))


def _sealed(model: Any, column: Column, text: str) -> ColumnElement[bool]:
    """The whole value by its blind index, or its last four characters where the model indexes them."""
    attribute: Sealed = getattr(model, column.key)
    name = f"{model.__tablename__}.{column.key}"
    typed = reading.written(text).upper()
    if attribute.tail and len(typed) == TAIL:
        return getattr(model, attribute.tail) == tail(name, typed)
    if not attribute.index:
        raise Invalid(_("This cannot be searched."))
    return getattr(model, attribute.index).in_(
        [blind(name, value) for value in _readings(column, typed, attribute)]
    )


def _readings(column: Column, typed: str, attribute: Sealed) -> list[str]:
    """What a number may be stored as: each type of document writes it in its own way."""
    found, wrong = [], None
    for kind in DOCUMENT_TYPES if column.field.check == "id_number" else ("",):
        try:
            value = checked(column, typed, {"document_type": kind})
        except Invalid as error:
            wrong = wrong or error
        else:
            found.append(str(value))
    if not found and attribute.tail:
        raise Invalid(_("Give the whole number or its last four characters.")) from wrong
    if not found and wrong is not None:
        raise wrong
    return sorted(set(found))
