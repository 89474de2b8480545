"""What a list asks of the database: which rows, in which order, one page of them, and how many there are.

Screens, the REST interface and exports ask here, so that they can never disagree. Scope is not asked here: it
is the Session's and PostgreSQL's. Nothing counts a whole table and nothing uses OFFSET (performance.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.declare.column import Column
from app.security.actor import actor_of
from app.security.kept import ask
from app.security.scope import listed, reach
from app.services.called import Names
from app.services.conditions import Word, conditions, read
from app.services.large import known, remember
from app.services.reading import natural
from app.services.shapes import Shape, attributes, called, counting, named, row_of
from app.services.values import declared

PAGE, MOST = 25, 100
"""Rows of one page, and the most that one may ask for."""
COUNTED = 1_000
"""Beyond this the count of a list is only "more than": what is counted is read, under the wall (0008)."""
CAP = 10_000
"""Beyond this a list has one order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One page that somebody wants to see.

    `words` are search words by key of column. `after` and `before` are ids of rows at the edge of a page;
    `last` is the page at the end. `sort` is a column's key, with a minus before it for the descending order;
    none is the screen's own order, by id.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    after: int | None = None
    before: int | None = None
    last: bool = False
    size: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of rows.

    `count` is all of them, or where `capped` says so less than all; `lost` says that the place asked for is
    no more, `unsorted` that there are too many for the order asked for. `called` names the organisations that
    they point at.
    """

    rows: Sequence[Any]
    count: int
    earlier: bool
    later: bool
    capped: bool = False
    sort: str = ""
    lost: bool = False
    unsorted: bool = False
    called: Names = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    rows: list[Any]
    more: bool
    many: int
    called: Mapping[tuple[str, int], str]


def sortable(model: Any) -> tuple[str, ...]:
    """The keys by which a list may be sorted."""
    return tuple(key for key, column in declared(model).items() if column.field.sort and not column.extra)


def sought(session: Session, model: Any, words: Mapping[str, str]) -> Select[Any]:
    """All rows of a filter, unordered: for exports and for acts on "all of this filter". Raises Faulty."""
    return select(model).where(*conditions(session, model, words), *listed(actor_of(session), model))


def count(session: Session, model: Any, words: Mapping[str, str], most: int) -> int:
    """How many rows a filter holds, at most most + 1. Raises Faulty."""
    within = (*conditions(session, model, words), *listed(actor_of(session), model))
    return session.scalar(counting(model, within, most + 1)) or 0


def unasked(session: Session, model: Any, words: Mapping[str, str]) -> Column | None:
    """The column that must be searched before this list shows anything, as long as nobody did.

    Who acts for himself has no need to say whose rows he means.
    """
    key = model.screen.asks if hasattr(model, "screen") and not actor_of(session).person_id else ""
    return declared(model)[key] if key and not words.get(key) else None


def page(session: Session, model: Any, asked: Asked, keys: Iterable[str]) -> Found:
    """One page of a list with the columns that it shows. Raises Faulty for words that cannot be searched."""
    if unasked(session, model, asked.words) is not None:
        return Found(rows=(), count=0, earlier=False, later=False)
    wished = asked.sort if asked.sort.removeprefix("-") in sortable(model) else ""
    most = CAP if wished else COUNTED
    sort = wished if wished and count(session, model, asked.words, most) <= CAP else ""
    order: dict[str, Any] = {"sort": sort, "unsorted": bool(wished and not sort)}
    keys = tuple(keys)
    found = _rows(session, model, asked, sort, keys, most)
    placed = asked.after is not None or asked.before is not None
    if not found.rows and placed:
        found = _rows(session, model, Asked(words=asked.words, size=asked.size), sort, keys, most)
        return Found(earlier=False, later=found.more, lost=bool(found.rows), **_told(found, most), **order)
    backwards = asked.last or asked.before is not None
    return Found(
        earlier=found.more if backwards else asked.after is not None,
        later=asked.before is not None if backwards else found.more,
        **_told(found, most),
        **order,
    )


def _told(page: _Page, most: int) -> dict[str, Any]:
    many = page.many
    return {"rows": page.rows, "called": page.called, "count": min(many, most), "capped": many > most}


def _rows(session: Session, model: Any, asked: Asked, sort: str, keys: Iterable[str], most: int) -> _Page:
    """One page of rows, whether there are more in the direction in which they were read, and how many.

    They are no entities: only what a list shows is read and built. A page without rows counts none.
    """
    actor = actor_of(session)
    words = read(model, asked.words, acting=actor.organization_id is not None)
    list_of = (actor, model, tuple((word.name, word.way, str(word.value)) for word in words), most)
    large = known(session, list_of)
    edge = asked.before if asked.before is not None else asked.after
    shape = Shape(
        model=model,
        names=attributes(model, (*keys, sort.removeprefix("-"))),
        named=named(model, keys),
        sort=sort,
        backwards=asked.last or asked.before is not None,
        placed=edge is not None,
        words=tuple(Word(word.key, word.way, None) for word in words),
        size=asked.size + 1,
        most=0 if large else most + 1,
    )
    told: dict[str, Any] = {word.name: word.value for word in words}
    if edge is not None:
        told["edge"] = edge
    found = ask(session, shape, lambda: shape.statement(actor), told)
    many = most + 1 if large else found[0].many if found else 0
    if many > most:
        remember(session, list_of)
    made = row_of(model)
    rows = [made(zip(shape.names, each, strict=False)) for each in found[: asked.size]]
    names = {
        ("organization", getattr(each, key)): getattr(each, called(key))
        for key in shape.named
        for each in found
        if getattr(each, called(key)) is not None
    }
    return _Page(
        rows=rows[::-1] if shape.backwards else rows,
        more=len(found) > asked.size,
        many=many if found else 0,
        called=names,
    )


def one(session: Session, model: Any, key: str | int) -> Any | None:
    """The row with this id, within the reader's reach; None for anything else that stands in an address."""
    row, _allowed = one_for(session, model, key, ())
    return row


def one_for(
    session: Session, model: Any, key: str | int, actions: Iterable[str]
) -> tuple[Any | None, frozenset[str]]:
    """The same row, and which of these actions the actor may do on it, in one statement."""
    number = id_of(key)
    if number is None:
        return None, frozenset()
    asked = {action: reach(actor_of(session), action, model).label(f"may_{action}") for action in actions}
    found = session.execute(select(model, *asked.values()).where(model.id == number)).one_or_none()
    if found is None:
        return None, frozenset()
    return found[0], frozenset(action for action, yes in zip(asked, found[1:], strict=True) if yes)


def id_of(text: str | int | None) -> int | None:
    """An id out of an address; None for what can be none."""
    return natural(text) or None
