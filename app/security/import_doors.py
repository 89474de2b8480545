"""The doors through which an import is taken back: which of its records nobody built upon, and their removal.

Whatever table refers to a record has been built upon it, in anybody's reach; the declarations of the foreign
keys say which tables those are. So is a record that was changed by itself since.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.database import Model
from app.declare.natural_key import importable
from app.security.scope import scoped
from app.security.worker_doors import door

CHANGED = "audit_event"
"""What a record counts as built upon by that was changed since it was imported."""

GONE = "gone"
"""What is said of a record that does not stand where it was imported any more."""

BUILT = """SELECT a.id, '{table}' AS noun FROM added a
    WHERE EXISTS (SELECT FROM {table} t WHERE t.{column} = a.id)"""
TOUCHED = """SELECT a.id, '{noun}' AS noun FROM added a WHERE EXISTS (SELECT FROM audit_event t
    WHERE t.noun = '{table}' AND t.object_id = a.id AND t.action = 'update')"""

ADDED = """
added AS MATERIALIZED (
    SELECT p.id, p.organization_id <> b.organization_id AS gone FROM import_batch b
    JOIN {table} p ON p.id BETWEEN b.first_id AND b.last_id AND p.import_batch_id = b.id
    WHERE b.id = batch AND b.noun = '{table}'),
built AS ({built}),
kept AS (
    SELECT a.id, coalesce(CASE WHEN a.gone THEN '{gone}' END,
        (SELECT min(u.noun) FROM built u WHERE u.id = a.id), '') AS reason FROM added a)"""

COUNT = """
CREATE OR REPLACE FUNCTION door_added_{table}(batch bigint)
RETURNS TABLE (reason text, records bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
WITH {added} SELECT k.reason, count(*) FROM kept k GROUP BY k.reason $$"""

REMOVE = """
CREATE OR REPLACE FUNCTION door_unadd_{table}(batch bigint)
RETURNS TABLE (removed bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM import_batch b WHERE b.id = batch AND b.state = 'undoing') THEN
        RAISE EXCEPTION 'import % is not being taken back', batch USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM FROM import_batch b
        JOIN {table} p ON p.id BETWEEN b.first_id AND b.last_id AND p.import_batch_id = b.id
        WHERE b.id = batch FOR UPDATE OF p;  -- whoever builds upon one waits, or was first
    RETURN QUERY WITH {added},
    removed AS (DELETE FROM {table} p USING kept k WHERE p.id = k.id AND k.reason = '' RETURNING p.id)
    SELECT count(*) FROM removed;
END $$"""


def statements() -> Iterator[str]:
    """The doors of every noun that is imported as records; each may be built again."""
    for model in filter(importable, scoped()):
        table = model.__tablename__
        if "import_batch_id" not in model.__table__.columns:
            continue
        parts = [BUILT.format(table=name, column=column) for name, column in referring(model)]
        parts.append(TOUCHED.format(noun=CHANGED, table=table))
        added = ADDED.format(table=table, built=" UNION ALL ".join(parts), gone=GONE).strip()
        yield from door(f"door_added_{table}(bigint)", COUNT.format(table=table, added=added))
        yield from door(f"door_unadd_{table}(bigint)", REMOVE.format(table=table, added=added))


def referring(model: Any) -> list[tuple[str, str]]:
    """The tables and columns that refer to records of a model, by a foreign key or, if scoped, by name."""
    target = model.__table__
    by_name, open_tables = f"{target.name}_id", {each.__tablename__ for each in scoped()}
    return sorted(
        (table.name, column.name)
        for table in Model.metadata.tables.values()
        for column in table.columns
        if table.name != CHANGED
        and (
            any(key.column.table is target for key in column.foreign_keys)
            or (column.name == by_name and table.name in open_tables)
        )
    )


def added(session: Session, noun: str, batch_id: int) -> list[Row[Any]]:
    """How many records of an import can be taken back (reason ""), how many not, by what stands on them."""
    call = text(f"SELECT * FROM door_added_{noun}(:batch)")  # noqa: S608 -- a noun is the name of a table of ours
    return list(session.execute(call, {"batch": batch_id}))


def unadd(session: Session, noun: str, batch_id: int) -> int:
    """Remove the records of an import that nobody built upon; returns how many."""
    call = text(f"SELECT removed FROM door_unadd_{noun}(:batch)")  # noqa: S608 -- likewise
    return int(session.scalar(call, {"batch": batch_id}) or 0)
