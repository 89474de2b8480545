"""Search words as conditions on rows: each kind of column has one way to be searched, and an index for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.declare.access import Granted
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
"""The most rows that words in a name, or an answer, may lead to before other conditions are asked."""
TAIL = 4
"""So many last characters of a number find it as well."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many of the newest rows below an id are enough; where other conditions are asked too, all."""

    before: int | None = None
    most: int = HITS


def searchable(model: Any) -> dict[str, Column]:
    """The columns that may be searched, by key."""
    return {key: column for key, column in declared(model).items() if column.field.search}


def conditions(
    session: Session,
    model: Any,
    words: Mapping[str, str],
    *,
    before: int | None = None,
    most: int | None = None,
) -> list[ColumnElement[bool]]:
    """The conditions of these search words. Wanted are the newest `most` rows below an id.

    Raises Faulty for words that cannot be read as what they search, and for keys that cannot be searched.
    """
    columns = searchable(model)
    found: list[ColumnElement[bool]] = []
    problems: dict[str, list[Any]] = {}
    given = {key: text for key, text in words.items() if text.strip()}
    enough = most if most is not None and _whole(model) else HITS
    wanted = Wanted(before, enough) if len(given) == 1 else Wanted()
    for key, text in given.items():
        if key not in columns:
            problems[key] = [Invalid(_("This cannot be searched."))]
            continue
        try:
            found.append(_condition(session, model, columns[key], text, wanted))
        except Invalid as wrong:
            problems[key] = [wrong]
    if problems:
        raise Faulty(problems)
    return found


def _condition(
    session: Session, model: Any, column: Column, text: str, wanted: Wanted
) -> ColumnElement[bool]:
    if column.extra:
        return _answer(session, model, {column.key: checked(column, text)}, wanted)
    if column.kind == "sealed":
        return _sealed(model, column, text)
    stored = getattr(model, column.key)
    if column.field.check == "credit_code":
        return stored == reading.written(text).upper()
    if column.kind == "text":
        return _text(session, model, column, reading.written(text), wanted)
    if column.kind == "moment":
        day = reading.day(reading.written(text))
        return func.date(func.timezone("Asia/Shanghai", stored)) == day
    return stored == checked(column, text)


def _text(session: Session, model: Any, column: Column, words: str, wanted: Wanted) -> ColumnElement[bool]:
    """Any part of a name. Under the second wall only a function of the wall can use the index for it."""
    if _everywhere(session, model):
        return func.strpos(func.lower(getattr(model, column.key)), func.lower(words)) > 0
    return hits(model, column.key, words, Wanted(wanted.before))  # a limit could lead past the index


def _answer(session: Session, model: Any, answers: Mapping[str, Any], wanted: Wanted) -> ColumnElement[bool]:
    """What somebody answered to a question of the province's own; found as names are."""
    if _everywhere(session, model):
        return model.extra.contains(answers)
    return hits(model, "extra", cast(answers, JSONB), wanted)


def _everywhere(session: Session, model: Any) -> bool:
    """Whether no function of the wall knows whose rows are meant: who acts for himself has few."""
    return actor_of(session).organization_id is None or not hasattr(model, "ancestor_1")


def _whole(model: Any) -> bool:
    """Whether who reads any row that stands here or below reads them all: none of so many is lost then."""
    rules = model.access.get("read", ())
    return any(isinstance(rule, Granted) and not rule.own and not rule.while_in for rule in rules)


def hits(model: Any, key: str, sought: Any, wanted: Wanted) -> ColumnElement[bool]:
    """The rows of the acting organisation that hold what is sought (security/searches.py)."""
    found = getattr(func, f"search_{model.__tablename__}_{key}")(sought, wanted.before, wanted.most)
    return model.id.in_(select(found.column_valued("hit")))


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
