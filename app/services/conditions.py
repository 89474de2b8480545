"""Search words as conditions on rows: each kind of column has one way to be searched, and an index for it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    LargeBinary,
    String,
    any_,
    bindparam,
    cast,
    func,
    select,
)
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


def searchable(model: Any) -> dict[str, Column]:
    """The columns that may be searched, by key."""
    return {key: column for key, column in declared(model).items() if column.field.search}


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many of the newest rows below an id are enough; where other conditions are asked too, all.

    Each is a number or a parameter.
    """

    before: Any = None
    most: Any = HITS


ALL = Wanted()


@dataclass(frozen=True, slots=True)
class Word:
    """One search word as it is asked: of which column, in which of WAYS, for which value."""

    key: str
    way: str
    value: Any

    @property
    def name(self) -> str:
        """What its parameter is called."""
        return f"word_{self.key}"


def read(model: Any, words: Mapping[str, str], *, acting: bool) -> tuple[Word, ...]:
    """What these search words ask; `acting` says that whoever asks stands at an organisation.

    Raises Faulty for words that cannot be read as what they search, and for keys that cannot be searched.
    """
    columns = searchable(model)
    found: list[Word] = []
    problems: dict[str, list[Any]] = {}
    for key, text in words.items():
        if not text.strip():
            continue
        if key not in columns:
            problems[key] = [Invalid(_("This cannot be searched."))]
            continue
        try:
            found.append(Word(key, *_read(model, columns[key], text, acting=acting)))
        except Invalid as wrong:
            problems[key] = [wrong]
    if problems:
        raise Faulty(problems)
    return tuple(found)


def clause(model: Any, word: Word, wanted: Wanted = ALL, *, kept: bool = False) -> ColumnElement[bool]:
    """A word as a condition. With `kept` its value is left open, to be given as the parameter `name`."""
    given = {"required": True} if kept else {"value": word.value}
    return WAYS[word.way](model, word.key, lambda kind: bindparam(word.name, type_=kind, **given), wanted)


def hits(model: Any, key: str, sought: Any, wanted: Wanted) -> ColumnElement[bool]:
    """The rows of the acting organisation that hold what is sought (security/searches.py)."""
    found = getattr(func, f"search_{model.__tablename__}_{key}")(sought, wanted.before, wanted.most)
    return model.id.in_(select(found.column_valued("hit")))


def whole(model: Any) -> bool:
    """Whether who reads any row that stands here or below reads them all: none of so many is lost then."""
    rules = model.access.get("read", ())
    return any(isinstance(rule, Granted) and not rule.own and not rule.while_in for rule in rules)


def conditions(session: Session, model: Any, words: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """The conditions of these search words, with their values. Raises Faulty, as `read` does."""
    acting = actor_of(session).organization_id is not None
    return [clause(model, word) for word in read(model, words, acting=acting)]


def _read(model: Any, column: Column, text: str, *, acting: bool) -> tuple[str, Any]:
    """The way in which a column is asked, and for what.

    Under the second wall only functions of the wall can use the indexes of names and of answers; they do not
    know whose rows are meant by whoever acts for himself, and has few.
    """
    through = acting and hasattr(model, "ancestor_1")
    if column.extra:
        answer = json.dumps({column.key: checked(column, text)}, ensure_ascii=False)
        return "answer" if through else "extra", answer
    if column.kind == "sealed":
        return _sealed(model, column, text)
    if column.field.check == "credit_code":
        return "equal", reading.written(text).upper()
    if column.kind == "text":
        return "search" if through else "part", reading.written(text)
    if column.kind == "moment":
        return "day", reading.day(reading.written(text))
    return "equal", checked(column, text)


def _sealed(model: Any, column: Column, text: str) -> tuple[str, Any]:
    """The whole value by its blind index, or its last four characters where the model indexes them."""
    attribute: Sealed = getattr(model, column.key)
    name = f"{model.__tablename__}.{column.key}"
    typed = reading.written(text).upper()
    if attribute.tail and len(typed) == TAIL:
        return "tail", tail(name, typed)
    if not attribute.index:
        raise Invalid(_("This cannot be searched."))
    return "index", [blind(name, value) for value in _readings(column, typed, attribute)]


Bound = Callable[[Any], Any]
"""Makes the parameter of a word, for a type of SQL."""


Way = Callable[[Any, str, Bound, Wanted], ColumnElement[bool]]


def _equal(model: Any, key: str, bound: Bound, _wanted: Wanted) -> ColumnElement[bool]:
    stored = getattr(model, key)
    return stored == bound(stored.type)


def _day(model: Any, key: str, bound: Bound, _wanted: Wanted) -> ColumnElement[bool]:
    return func.date(func.timezone("Asia/Shanghai", getattr(model, key))) == bound(Date)


def _index(model: Any, key: str, bound: Bound, _wanted: Wanted) -> ColumnElement[bool]:
    return getattr(model, getattr(model, key).index) == any_(bound(ARRAY(LargeBinary)))


def _tail(model: Any, key: str, bound: Bound, _wanted: Wanted) -> ColumnElement[bool]:
    return getattr(model, getattr(model, key).tail) == bound(LargeBinary)


def _part(model: Any, key: str, bound: Bound, _wanted: Wanted) -> ColumnElement[bool]:
    return func.strpos(func.lower(getattr(model, key)), func.lower(bound(String))) > 0


def _search(model: Any, key: str, bound: Bound, wanted: Wanted) -> ColumnElement[bool]:
    return hits(model, key, bound(String), Wanted(wanted.before))  # a limit could lead past the index


def _extra(model: Any, _key: str, bound: Bound, _wanted: Wanted) -> ColumnElement[bool]:
    return model.extra.contains(cast(bound(String), JSONB))


def _answer(model: Any, _key: str, bound: Bound, wanted: Wanted) -> ColumnElement[bool]:
    return hits(model, "extra", cast(bound(String), JSONB), wanted)


WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "equal": _equal,
        "day": _day,
        "index": _index,
        "tail": _tail,
        "part": _part,
        "search": _search,
        "extra": _extra,
        "answer": _answer,
    }
)
"""How columns are asked: for a value, a day, a whole number, its end, a part of a name, an answer."""


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
