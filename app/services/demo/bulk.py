"""Many rows at once: what slows each row down is put aside, and put back when all are there."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg import Cursor, sql

from app.models.placed import ANCESTORS

TABLES = ("person", "hour_record", "hour_entry", "person_year")
PLACED = ("person", "hour_record")

INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = ANY (%s::regclass[])
    AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
ORDER BY c.relname"""

REFERENCES = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conrelid = ANY (%s::regclass[]) ORDER BY conname"""


class Misplaced(Exception):
    """Rows do not carry the ancestors of their organisation; nothing of the load is kept."""


@contextmanager
def unhindered(cursor: Cursor[Any]) -> Iterator[None]:
    """Inside the block the large tables have no secondary index, no reference and no trigger of ours.

    On leaving everything stands again, each reference checked, and each row's ancestors compared with its
    organisation's: the trigger that fills them was off. All in the caller's transaction, as the owner.
    Raises Misplaced.
    """
    tables = list(TABLES)
    indexes = cursor.execute(INDEXES, [tables]).fetchall()
    references = cursor.execute(REFERENCES, [tables]).fetchall()
    for table in TABLES:
        cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
    for table, name, _definition in references:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _name, definition in indexes:
        cursor.execute(definition.replace(" ON ONLY ", " ON "))  # a partitioned index takes its parts with it
    for table, name, definition in references:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    for table in TABLES:
        cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))
    _verify(cursor, PLACED)


def _verify(cursor: Cursor[Any], tables: Sequence[str]) -> None:
    own = ", ".join(f"r.{each}" for each in ANCESTORS)
    above = ", ".join(f"o.{each}" for each in ANCESTORS)
    for table in tables:
        wrong = cursor.execute(
            f"SELECT count(*) FROM {table} r JOIN organization o ON o.id = r.organization_id"  # noqa: S608 -- names of this file
            f" WHERE ({own}) IS DISTINCT FROM ({above})"
        ).fetchone()
        if wrong != (0,):
            raise Misplaced(f"{table}: {wrong}")
