"""The statement that turns staged rows into records, and how it is told until nobody is in its way."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from app.declare.natural_key import natural_key
from app.models.import_batch import ImportBatch
from app.services.imports import verdicts
from app.services.imports.checks import stored
from app.services.imports.sheet import columns

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

INSERT = """
WITH made AS (INSERT INTO {table} ({names}) SELECT {values}
FROM import_row r CROSS JOIN LATERAL jsonb_populate_record(CAST(NULL AS {table}), r.ready) n
WHERE r.batch_id = :batch AND r.verdict = 'good' AND r.number BETWEEN :first AND :last
ORDER BY r.number
ON CONFLICT ({unique}){condition} DO NOTHING RETURNING id)
SELECT count(*) AS rows, min(id) AS first, max(id) AS last FROM made"""

CHUNK = 5_000
"""Rows of one INSERT: so often the page can be told how far it is."""

ROUNDS = 5
"""How often rows are judged again that somebody else took while they were being written."""

IN_BATCH = "r.batch_id = :batch"
KNOWN = "r.batch_id = :batch AND r.verdict <> 'good'"
"""Rows about records that were there already: whether a new one still is, its insertion says."""

GOOD = "r.batch_id = :batch AND r.verdict = 'good'"
WAITING = GOOD + " AND NOT EXISTS (SELECT FROM {table} w WHERE w.uid = r.uid)"
HOW_MANY = "SELECT count(*), max(r.number) FROM import_row r WHERE {waiting}"


def insertion(model: Any) -> str:
    """INSERT … SELECT of the good rows whose numbers lie between two; a record that is there already stays.

    It says how many were written, and between which ids. Places: batch, organization, first, last, and each
    of `defaults(model)`.
    """
    table, key = model.__table__, natural_key(model)
    given = {"uid": "r.uid", "organization_id": ":organization", "import_batch_id": ":batch"}
    values = {name: value for name, value in given.items() if name in table.columns}
    values |= {name: f"n.{name}" for name in held(model)}
    for name in defaults(model):
        kind = table.columns[name].type.compile(DIALECT)
        values[name] = f"coalesce(n.{name}, CAST(:{name} AS {kind}))"
    return INSERT.format(
        table=table.name,
        names=", ".join(values),
        values=", ".join(values.values()),
        unique=key.stored if key else "id",
        condition=f" WHERE {key.where}" if key and key.where else "",
    )


def held(model: Any) -> list[str]:
    """The stored columns that a workbook fills."""
    names: list[str] = []
    for key, column in columns(model).items():
        if column.kind == "sealed":
            names += getattr(model, key).held(model.__tablename__, UUID(int=0), None)
        elif not column.extra:
            names.append(stored(model, key))
    return names


def defaults(model: Any) -> dict[str, Any]:
    """What the model itself writes where nothing is said."""
    found = {
        column.name: column.default.arg
        for column in model.__table__.columns
        if column.default is not None and column.default.is_scalar
    }
    return found | ({"extra": "{}"} if "extra" in model.__table__.columns else {})


def judge(session: Session, batch: ImportBatch, model: Any, where: str = IN_BATCH) -> None:
    """Judge the kept rows of a batch once more."""
    verdicts.judge(session.connection(), model, batch.organization_id, "import_row", where, batch=batch.id)


def insert(
    session: Session, batch: ImportBatch, model: Any, tell: Callable[[int, int], None]
) -> tuple[int, int] | None:
    """Insert the new records; between which ids they stand. One whose number somebody took is judged again.

    The batch is not written to here: how far it is, is told from aside, and would wait for its row.
    """
    ids: list[int] = []
    statement = text(insertion(model))
    words = {"batch": batch.id, "organization": batch.organization_id, **defaults(model)}
    waiting = GOOD  # nothing is written before the first round
    for _round in range(ROUNDS):
        how_many = text(HOW_MANY.format(waiting=waiting))
        wanted, last = session.execute(how_many, {"batch": batch.id}).one()
        done = 0
        for first in range(0, (last or -1) + 1, CHUNK):
            numbers = {"first": first, "last": first + CHUNK - 1}
            made = session.execute(statement, words | numbers).one()
            done += made.rows
            if made.rows:
                ids += (made.first, made.last)
            tell(done, batch.good + batch.changed)
        if done == wanted:
            return (min(ids), max(ids)) if ids else None
        waiting = WAITING.format(table=model.__tablename__)
        judge(session, batch, model, waiting)
    raise RuntimeError(f"{model.__tablename__}: rows are taken faster than they can be judged")
