"""What points only within its own organisation, as PostgreSQL holds it: made from `field(…, own=True)`.

A row that moves to another organisation leaves behind what it pointed at there. Where a table points at
itself, nobody stands below himself: rows of one organisation are linked anew one after the other. A new row
closes no ring, since what it points at was there before it.
"""

from collections.abc import Iterator
from typing import Any

from app.declare.column import columns


def statements(model: Any) -> Iterator[str]:
    """The triggers of a model's own relations; each statement may be run again."""
    table = model.__tablename__
    for key, column in columns(model).items():
        if not column.field.own:
            continue
        yield _within(table, key, column.target)
        changes = f"INSERT OR UPDATE OF organization_id, {key}"
        yield from _trigger(f"own_{key}", f"own_{table}_{key}", table, changes, key)
        if column.target == table:
            yield _no_ring(table, key)
            yield from _trigger(f"ring_{key}", f"ring_{table}_{key}", table, f"UPDATE OF {key}", key)


def _within(table: str, key: str, target: str) -> str:
    return f"""
    CREATE OR REPLACE FUNCTION own_{table}_{key}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM {target} WHERE id = NEW.{key} AND organization_id = NEW.organization_id) THEN
            RETURN NEW;
        END IF;
        IF TG_OP = 'UPDATE' AND NEW.organization_id <> OLD.organization_id AND NEW.{key} = OLD.{key} THEN
            NEW.{key} := NULL;
            RETURN NEW;
        END IF;
        RAISE EXCEPTION '{table}.{key} %: none of this organization', NEW.{key}
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'fk_{table}_{key}_{target}';
    END $$"""


def _no_ring(table: str, key: str) -> str:
    return f"""
    CREATE OR REPLACE FUNCTION ring_{table}_{key}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public AS $$
    DECLARE
        above bigint := NEW.{key};
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('ring_{table}', NEW.organization_id));
        WHILE above IS NOT NULL LOOP
            IF above = NEW.id THEN
                RAISE EXCEPTION '{table} % would stand below itself', NEW.id
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_{table}_no_ring';
            END IF;
            SELECT {key} INTO above FROM {table} WHERE id = above;
        END LOOP;
        RETURN NEW;
    END $$"""


def _trigger(name: str, function: str, table: str, changes: str, key: str) -> Iterator[str]:
    yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
    yield (
        f"CREATE TRIGGER {name} BEFORE {changes} ON {table}"
        f" FOR EACH ROW WHEN (NEW.{key} IS NOT NULL) EXECUTE FUNCTION {function}()"
    )
