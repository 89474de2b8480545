"""The statement of one page of a list: its columns, its order, its place, and what is told beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    inspect,
    literal_column,
    null,
    select,
    tuple_,
)

from app.declare.column import SEALED, Column
from app.encrypted import Sealed
from app.security.actor import Actor
from app.security.doors import organizations
from app.security.scope import listed
from app.services.called import public, target
from app.services.conditions import ALL, Wanted, Word, clause, whole
from app.services.values import declared


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Everything about the statement of a page but the values it compares with."""

    model: Any
    names: tuple[str, ...]
    named: tuple[str, ...]
    """Columns that point at organisations, whose names are wanted."""
    sort: str
    backwards: bool
    placed: bool
    words: tuple[Word, ...]
    size: int
    """Rows that are read. It stands in the statement: a plan for any number of rows is one for very many."""
    most: int
    """So many are counted at most; 0 is not at all."""

    @property
    def down(self) -> bool:
        """Whether rows are read from the highest to the lowest."""
        return _falling(self.model, self.sort) != self.backwards

    def statement(self, actor: Actor) -> Select[Any]:
        """The rows of a page; in each one how many there are in all, and what organisations are called.

        Where nothing is counted, no number is told.
        """
        model = self.model
        size = literal_column(str(self.size), Integer)
        edge = bindparam("edge", type_=BigInteger, required=True)
        order = _order(model, self.sort)
        newest = self.down and not self.sort
        within = self._within(actor, Wanted(edge if self.placed else None, size) if newest else ALL)
        if self.placed:
            within.append(_beyond(model, order, edge, down=self.down))
        asked = (
            select(*(getattr(model, name) for name in self.names), self._many(actor).label("many"))
            .where(*within)
            .order_by(*(each.desc() if self.down else each.asc() for each in order))
            .limit(size)
        )
        if not self.named:
            return asked
        page = asked.cte("page")
        asked = select(page)
        for key in self.named:
            found = organizations.called.alias(f"of_{key}")
            asked = asked.add_columns(found.c.name.label(called(key)))
            asked = asked.outerjoin(found, found.c.id == page.c[key])
        again = [page.c[each.key] for each in order]
        return asked.order_by(*(each.desc() if self.down else each.asc() for each in again))

    def _many(self, actor: Actor) -> ColumnElement[Any]:
        if not self.most:
            return null()
        most = literal_column(str(self.most), Integer)
        return counting(self.model, self._within(actor, Wanted(most=most)), most).scalar_subquery()

    def _within(self, actor: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
        """What was searched; of one condition alone so many rows are enough as are wanted."""
        if len(self.words) > 1:
            wanted = ALL
        elif not whole(self.model):
            wanted = Wanted(wanted.before)
        words = [clause(self.model, word, wanted, kept=True) for word in self.words]
        return [*words, *listed(actor, self.model)]


def called(key: str) -> str:
    """Under which name a page tells what the organisation is called that a column points at."""
    return f"{key}_called"


def counting(model: Any, within: Sequence[ColumnElement[bool]], most: Any) -> Select[Any]:
    """How many rows there are, at most so many as `most` says."""
    inner = select(model.id).where(*within).limit(most).subquery()
    return select(func.count()).select_from(inner)


def named(model: Any, keys: Iterable[str]) -> tuple[str, ...]:
    """Those of these columns that point at organisations."""
    columns = declared(model)
    shown = [columns[key] for key in keys if key in columns]
    return tuple(each.key for each in shown if each.kind == "relation" and public(target(each)))


def _order(model: Any, sort: str) -> list[Any]:
    """The columns of the order, the id always last."""
    return [getattr(model, sort.removeprefix("-")), model.id] if sort else [model.id]


def _falling(model: Any, sort: str) -> bool:
    if sort:
        return sort.startswith("-")
    screen = getattr(model, "screen", None)
    return not (screen and screen.oldest_first)


def _beyond(model: Any, order: list[Any], edge: Any, *, down: bool) -> ColumnElement[bool]:
    """The rows behind the one at the edge, in the direction of reading."""
    if len(order) == 1:
        return model.id < edge if down else model.id > edge
    place = select(order[0]).where(model.id == edge).scalar_subquery()
    here, there = tuple_(order[0], model.id), tuple_(place, edge)
    return and_(here < there if down else here > there)


def attributes(model: Any, keys: Iterable[str]) -> tuple[str, ...]:
    """What must be loaded to show these columns: the sealed ones need the uid that they are bound to."""
    mapped = inspect(model).column_attrs
    columns = declared(model)
    shown = [columns[key] for key in keys if key in columns]
    names = {"id", *map(_stored, shown), *(each.field.verbs for each in shown if each.field.verbs in mapped)}
    names |= {"uid"} if any(name.endswith(SEALED) for name in names) else set()
    names |= {"organization_id"} if "organization_id" in mapped else set()
    return tuple(sorted(names))


@cache
def row_of(model: Any) -> type:
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
