"""What a list asks of the database: which rows, in which order, one page of them, and how many there are.

Screens, the REST interface and exports ask here, so that they can never disagree. Scope is not asked here: it
is the Session's and PostgreSQL's. Nothing counts a whole table and nothing uses OFFSET (performance.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, inspect, select, tuple_
from sqlalchemy.orm import Session, load_only

from app.declare.column import SEALED, Column
from app.services.conditions import conditions
from app.services.values import declared

PAGE, MOST = 25, 100
"""Rows of one page, and the most that one may ask for."""
CAP = 10_000
"""Beyond this a count is only "more than"; and beyond it a list has one order."""
BIGGEST = 2**63 - 1


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
    """One page of rows. `count` is at most CAP + 1; `lost` says that the place asked for is no more."""

    rows: Sequence[Any]
    count: int
    earlier: bool
    later: bool
    sort: str = ""
    lost: bool = False


def sortable(model: Any) -> tuple[str, ...]:
    """The keys by which a list may be sorted."""
    return tuple(key for key, column in declared(model).items() if column.field.sort and not column.extra)


def sought(session: Session, model: Any, words: Mapping[str, str]) -> Select[Any]:
    """All rows of a filter, unordered: for exports and for acts on "all of this filter". Raises Faulty."""
    return select(model).where(*conditions(session, model, words))


def count(session: Session, model: Any, words: Mapping[str, str]) -> int:
    """How many rows a filter holds, at most CAP + 1. Raises Faulty."""
    inner = select(model.id).where(*conditions(session, model, words)).limit(CAP + 1).subquery()
    return session.scalar(select(func.count()).select_from(inner)) or 0


def page(session: Session, model: Any, asked: Asked, keys: Iterable[str]) -> Found:
    """One page of a list with the columns that it shows. Raises Faulty for words that cannot be searched."""
    many = count(session, model, asked.words)
    sort = asked.sort if many <= CAP and asked.sort.removeprefix("-") in sortable(model) else ""
    rows, more = _rows(session, model, asked, sort, keys)
    placed = asked.after is not None or asked.before is not None
    if not rows and many and placed:
        start = Asked(words=asked.words, size=asked.size)
        rows, more = _rows(session, model, start, sort, keys)
        return Found(rows=rows, count=many, earlier=False, later=more, sort=sort, lost=True)
    backwards = asked.last or asked.before is not None
    return Found(
        rows=rows,
        count=many,
        earlier=more if backwards else asked.after is not None,
        later=asked.before is not None if backwards else more,
        sort=sort,
    )


def _rows(
    session: Session, model: Any, asked: Asked, sort: str, keys: Iterable[str]
) -> tuple[list[Any], bool]:
    """The rows of one page, and whether there are more in the direction in which they were read."""
    backwards = asked.last or asked.before is not None
    order, falling = _order(model, sort)
    down = falling != backwards
    edge = asked.before if asked.before is not None else asked.after
    within = conditions(session, model, asked.words, before=edge if order == [model.id] and down else None)
    statement = (
        select(model)
        .options(load_only(*attributes(model, keys)))
        .where(*within, *([] if edge is None else [_beyond(model, order, edge, down=down)]))
        .order_by(*(each.desc() if down else each.asc() for each in order))
        .limit(asked.size + 1)
    )
    found = list(session.scalars(statement))
    more = len(found) > asked.size
    rows = found[: asked.size]
    return (rows[::-1] if backwards else rows), more


def _order(model: Any, sort: str) -> tuple[list[Any], bool]:
    """The columns of the order, the id always last, and whether it falls."""
    if sort:
        return [getattr(model, sort.removeprefix("-")), model.id], sort.startswith("-")
    screen = getattr(model, "screen", None)
    return [model.id], not (screen and screen.oldest_first)


def _beyond(model: Any, order: list[Any], edge: int, *, down: bool) -> ColumnElement[bool]:
    """The rows behind the one at the edge, in the direction of reading."""
    if len(order) == 1:
        return model.id < edge if down else model.id > edge
    place = select(order[0]).where(model.id == edge).scalar_subquery()
    here, there = tuple_(order[0], model.id), tuple_(place, edge)
    return and_(here < there if down else here > there)


def attributes(model: Any, keys: Iterable[str]) -> list[Any]:
    """What must be loaded to show these columns: the sealed ones need the uid that they are bound to."""
    mapped = inspect(model).column_attrs
    columns = declared(model)
    names = {"id", *(_stored(columns[key]) for key in keys if key in columns)}
    names |= {"uid"} if any(name.endswith(SEALED) for name in names) else set()
    names |= {"organization_id"} if "organization_id" in mapped else set()
    return [getattr(model, name) for name in sorted(names)]


def _stored(column: Column) -> str:
    if column.extra:
        return "extra"
    return column.key + SEALED if column.kind == "sealed" else column.key


def one(session: Session, model: Any, key: str | int) -> Any | None:
    """The row with this id, within the reader's reach; None for anything else that stands in an address."""
    number = id_of(key)
    return None if number is None else session.scalar(select(model).where(model.id == number))


def id_of(text: str | int | None) -> int | None:
    """An id out of an address; None for what can be none."""
    digits = str(text if text is not None else "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(BIGGEST)):
        return None
    number = int(digits)
    return number if 0 < number <= BIGGEST else None
