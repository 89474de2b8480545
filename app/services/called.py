"""What things are called that rows point at: the names of organisations, people and divisions, by id."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.declare.column import Column
from app.declare.words import language
from app.security import doors
from app.security.scope import model_of, scoped
from app.services.values import declared, shown

Names = Mapping[tuple[str, int], str]
NOTHING: Names = MappingProxyType({})


def names(session: Session, wanted: Mapping[str, Iterable[int | None]]) -> dict[tuple[str, int], str]:
    """Names by table and id, one statement for each table.

    Names of organisations are public facts and come through their door; of everything else one learns the
    names of those rows that one may see.
    """
    found: dict[tuple[str, int], str] = {}
    for table, some in wanted.items():
        ids = sorted({each for each in some if each is not None})
        if not ids:
            continue
        if public(table):
            found |= {(table, key): row.name for key, row in doors.names(session, ids).items()}
            continue
        model = model_of(table)
        called, column = getattr(model, named_by(model)), declared(model).get(named_by(model))
        found |= {
            (table, key): shown(column, name, language()) if column is not None else str(name)
            for key, name in session.execute(select(model.id, called).where(model.id.in_(ids)))
        }
        found |= _remembered(session, table, [key for key in ids if (table, key) not in found])
    return found


def _remembered(session: Session, table: str, gone: Sequence[int]) -> dict[tuple[str, int], str]:
    """The names of rows that have gone elsewhere, as rows within reach remember them (`remembers`)."""
    found: dict[tuple[str, int], str] = {}
    for model in scoped() if gone else ():
        remembered, key, name = getattr(model, "remembers", ("", "", ""))
        if remembered == table:
            asked = select(getattr(model, key), getattr(model, name)).where(
                getattr(model, key).in_(gone), getattr(model, name).is_not(None)
            )
            found |= {(table, row): str(said) for row, said in session.execute(asked)}
    return found


def public(table: str) -> bool:
    """Whether everybody may learn the names of these rows, beyond what he may open."""
    return table == "organization"


def named_by(model: Any) -> str:
    """The attribute that names a row of a model."""
    screen = getattr(model, "screen", None)
    return screen.name if screen else "name"


def of_rows(
    session: Session, rows: Iterable[Any], columns: Iterable[Column], known: Names = NOTHING
) -> Names:
    """The names of everything that these columns of these rows point at; `known` are asked no more."""
    seen = list(rows)
    wanted: dict[str, set[int | None]] = {}
    for column in columns:
        if column.kind == "relation":
            table = target(column)
            ids = {getattr(row, column.key) for row in seen}
            wanted.setdefault(table, set()).update(each for each in ids if (table, each) not in known)
    return {**known, **names(session, wanted)}


def target(column: Column) -> str:
    """The table that a relation points at: its foreign key says so, or its own name where it has none."""
    return column.target or column.key.removesuffix("_id")
