"""What a list asks of the database: which rows, in which order, one page of them, and how many there are.

Screens, the REST interface and exports ask here, so that they can never disagree. Scope is not asked here: it
is the Session's and PostgreSQL's. Nothing counts a whole table and nothing uses OFFSET (performance.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, inspect, select, tuple_
from sqlalchemy.orm import Session

from app.declare.column import SEALED, Column
from app.encrypted import Sealed
from app.security.actor import actor_of
from app.security.scope import listed, reach
from app.services.conditions import conditions
from app.services.values import declared

PAGE, MOST = 25, 100
"""Rows of one page, and the most that one may ask for."""
COUNTED = 1_000
"""Beyond this the count of a list is only "more than": what is counted is read, under the wall (0008)."""
CAP = 10_000
"""Beyond this a list has one order, and the count of a queue is only "more than"."""
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
    """One page of rows.

    `count` is all of them, or where `capped` says so less than all; `lost` says that the place asked for is
    no more, `unsorted` that there are too many for the order asked for.
    """

    rows: Sequence[Any]
    count: int
    earlier: bool
    later: bool
    capped: bool = False
    sort: str = ""
    lost: bool = False
    unsorted: bool = False


def sortable(model: Any) -> tuple[str, ...]:
    """The keys by which a list may be sorted."""
    return tuple(key for key, column in declared(model).items() if column.field.sort and not column.extra)


def sought(session: Session, model: Any, words: Mapping[str, str]) -> Select[Any]:
    """All rows of a filter, unordered: for exports and for acts on "all of this filter". Raises Faulty."""
    return select(model).where(*conditions(session, model, words), *listed(actor_of(session), model))


def count(session: Session, model: Any, words: Mapping[str, str], most: int) -> int:
    """How many rows a filter holds, at most most + 1. Raises Faulty."""
    return session.scalar(_counting(session, model, words, most)) or 0


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
    rows, more, many = _rows(session, model, asked, sort, keys, most)
    placed = asked.after is not None or asked.before is not None
    if not rows and placed:
        start = Asked(words=asked.words, size=asked.size)
        rows, more, many = _rows(session, model, start, sort, keys, most)
        return Found(rows=rows, earlier=False, later=more, lost=bool(rows), **_number(many, most), **order)
    backwards = asked.last or asked.before is not None
    return Found(
        rows=rows,
        **_number(many, most),
        earlier=more if backwards else asked.after is not None,
        later=asked.before is not None if backwards else more,
        **order,
    )


def _number(many: int, most: int) -> dict[str, Any]:
    return {"count": min(many, most), "capped": many > most}


def _counting(session: Session, model: Any, words: Mapping[str, str], most: int) -> Select[Any]:
    within = (*conditions(session, model, words, most=most + 1), *listed(actor_of(session), model))
    inner = select(model.id).where(*within).limit(most + 1).subquery()
    return select(func.count()).select_from(inner)


def _rows(
    session: Session, model: Any, asked: Asked, sort: str, keys: Iterable[str], most: int
) -> tuple[list[Any], bool, int]:
    """The rows of one page, whether there are more in the direction in which they were read, and how many.

    They are no entities: only what a list shows is read and built. A page without rows counts none.
    """
    backwards = asked.last or asked.before is not None
    order, falling = _order(model, sort)
    down = falling != backwards
    edge = asked.before if asked.before is not None else asked.after
    newest = order == [model.id] and down
    within = conditions(
        session,
        model,
        asked.words,
        before=edge if newest else None,
        most=asked.size + 1 if newest else None,
    )
    names = attributes(model, keys)
    statement = (
        select(
            *(getattr(model, name) for name in names),
            _counting(session, model, asked.words, most).scalar_subquery(),
        )
        .where(
            *within,
            *listed(actor_of(session), model),
            *([] if edge is None else [_beyond(model, order, edge, down=down)]),
        )
        .order_by(*(each.desc() if down else each.asc() for each in order))
        .limit(asked.size + 1)
    )
    read = session.execute(statement).all()
    made = shape(model)
    rows = [made(zip(names, each[:-1], strict=True)) for each in read[: asked.size]]
    return (rows[::-1] if backwards else rows), len(read) > asked.size, read[0][-1] if read else 0


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


def attributes(model: Any, keys: Iterable[str]) -> list[str]:
    """What must be loaded to show these columns: the sealed ones need the uid that they are bound to."""
    mapped = inspect(model).column_attrs
    columns = declared(model)
    shown = [columns[key] for key in keys if key in columns]
    names = {"id", *map(_stored, shown), *(each.field.verbs for each in shown if each.field.verbs in mapped)}
    names |= {"uid"} if any(name.endswith(SEALED) for name in names) else set()
    names |= {"organization_id"} if "organization_id" in mapped else set()
    return sorted(names)


@cache
def shape(model: Any) -> type:
    """What a row of a list is: the columns that were read, and what opens the sealed ones among them."""
    sealed = {name: each for name, each in vars(model).items() if isinstance(each, Sealed)}
    return type(model.__name__, (_Read,), {**sealed, "__tablename__": model.__tablename__})


class _Read:
    """The values of one row by the name of their column."""

    def __init__(self, values: Iterable[tuple[str, Any]]) -> None:
        self.__dict__.update(values)


def _stored(column: Column) -> str:
    if column.extra:
        return "extra"
    return column.key + SEALED if column.kind == "sealed" else column.key


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
    digits = str(text if text is not None else "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(BIGGEST)):
        return None
    number = int(digits)
    return number if 0 < number <= BIGGEST else None
