"""The second wall: row-level security, grants and triggers, made from the same declarations as the first.

`xueshi migrate` builds it again after each migration, as the owner of the tables. The application's role owns
nothing and bypasses nothing. It can set any scope itself, so this wall stops our own mistakes and raw SQL,
not an injection of SQL (docs/architecture.md says so in the threat model).
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, inspect

from app.database import Model
from app.declare.access import Account, Belongs, Common, Everyone, Granted, Owner, Rule, Through, Waiting
from app.models.placed import ANCESTORS
from app.security import (
    certificate_feed,
    certified,
    clock_doors,
    counts,
    credited,
    doors,
    export_doors,
    folding_doors,
    former_names,
    grants,
    hand_overs,
    held,
    import_doors,
    outbox_doors,
    own_relations,
    registered,
    searches,
    seats,
    webhook_doors,
    widths,
    worker_doors,
)
from app.security.scope import model_of, scoped
from app.security.widths import ORGANIZATION

PERSON = "(SELECT nullif(current_setting('xueshi.person', true), '')::bigint)"
ACCOUNT = "(SELECT nullif(current_setting('xueshi.account', true), '')::bigint)"


def policy(model: Any) -> str:
    """The widest read that the declaration opens to the acting appointment, as one SQL condition."""
    terms = dict.fromkeys(term for rule in model.access.get("read", ()) for term in _terms(rule, model))
    return " OR ".join(terms) or "false"


def _terms(rule: Rule, model: Any) -> Iterator[str]:
    match rule:
        case Everyone():
            yield "true"
        case Common():
            yield "organization_id IS NULL"
        case Owner(column):
            yield f"{_stored(model, column)} = {PERSON}"
        case Account(column):
            yield f"{_stored(model, column)} = {ACCOUNT}"
        case Belongs(column):
            yield f"id = (SELECT mine.{column} FROM person mine WHERE mine.id = {PERSON})"
        case Granted(at=column):
            # IN would ask eight times
            here = _stored(model, column) if column else f"ANY (ARRAY[{', '.join(ANCESTORS)}])"
            yield f"({ORGANIZATION} = {here}{widths.sql(model)})"
        case Waiting():
            table = model.__tablename__
            if table == "review":
                yield f"(waiting_id = {ORGANIZATION}{widths.sql(model)})"
                return
            own = hasattr(model, "subject_id")
            noun, row = (f"{table}.subject", f"{table}.subject_id") if own else (f"'{table}'", f"{table}.id")
            yield (
                f"(EXISTS (SELECT 1 FROM review asked WHERE asked.subject = {noun} AND asked.subject_id = {row}"
                f" AND asked.waiting_id = {ORGANIZATION}){widths.sql(model)})"
            )
        case Through(column, table):
            upper = model_of(table)
            yield f"EXISTS (SELECT 1 FROM {table} upper_row WHERE upper_row.id = {model.__tablename__}.{column})"
            assert upper is not model  # noqa: S101 -- a row that is visible through itself would never be refused


def _stored(model: Any, attribute: str) -> str:
    return inspect(model).attrs[attribute].columns[0].name


def statements() -> Iterator[str]:
    """All SQL of the wall, in order; each statement may be run again on a wall that stands."""
    yield "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM xueshi_app"
    yield "GRANT USAGE ON SCHEMA public TO xueshi_app"
    yield from _place_functions()
    for model in sorted((m.class_ for m in Model.registry.mappers), key=lambda c: c.__tablename__):
        yield from _of_table(model)
    yield "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO xueshi_app"
    yield from searches.statements()
    yield from former_names.statements()
    yield from _unattributed()


def _of_table(model: Any) -> Iterator[str]:
    table = model.__tablename__
    if not hasattr(model, "access"):
        verbs = "SELECT, INSERT, UPDATE, DELETE" if getattr(model, "internal", False) else "SELECT"
        yield f"GRANT {verbs} ON {table} TO xueshi_app"
        return
    yield f"GRANT {', '.join(_verbs(model))} ON {table} TO xueshi_app"
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"DROP POLICY IF EXISTS reach ON {table}"
    yield f"DROP POLICY IF EXISTS outbox ON {table}"
    yield f"CREATE POLICY reach ON {table} TO xueshi_app USING ({policy(model)})"
    if getattr(model, "outbox", False):
        yield f"CREATE POLICY outbox ON {table} FOR INSERT TO xueshi_app WITH CHECK (true)"
    if getattr(model, "insert_only", False):
        yield f"DROP TRIGGER IF EXISTS insert_only ON {table}"
        fixed = (column.name for column in model.__table__.columns if column.name not in ANCESTORS)
        yield (
            f"CREATE TRIGGER insert_only BEFORE DELETE OR UPDATE OF {', '.join(fixed)} ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    if hasattr(model, "ancestor_1"):
        yield from _placing(table)
    yield from own_relations.statements(model)


def _placing(table: str) -> Iterator[str]:
    """Ancestors follow the organisation. The owner alone, in the door of a move, writes them by themselves."""
    function = "place_organization" if table == "organization" else "place_row"
    follows = "parent_id" if table == "organization" else "organization_id"
    kept = (*ANCESTORS, "depth") if table == "organization" else ANCESTORS
    yield f"DROP TRIGGER IF EXISTS place ON {table}"
    yield (
        f"CREATE TRIGGER place BEFORE INSERT OR UPDATE OF {follows} ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {function}()"
    )
    yield f"DROP TRIGGER IF EXISTS place_kept ON {table}"
    yield (
        f"CREATE TRIGGER place_kept BEFORE UPDATE OF {', '.join(kept)} ON {table}"
        f" FOR EACH ROW WHEN (current_user = 'xueshi_app') EXECUTE FUNCTION {function}()"
    )
    if table == "organization":
        yield "DROP TRIGGER IF EXISTS keep_parent ON organization"
        yield (
            "CREATE TRIGGER keep_parent BEFORE UPDATE OF parent_id ON organization FOR EACH ROW"
            " WHEN (current_user = 'xueshi_app' AND NEW.parent_id IS DISTINCT FROM OLD.parent_id)"
            " EXECUTE FUNCTION refuse_parent()"
        )


def _verbs(model: Any) -> Iterator[str]:
    """What the application's role may do with a table at all; a model `by_doors` is written by functions."""
    yield "SELECT"
    if getattr(model, "by_doors", False):
        return
    yield "INSERT"
    if not getattr(model, "insert_only", False):
        yield "UPDATE"
    if "delete" in model.access:
        yield "DELETE"


def _place_functions() -> Iterator[str]:
    yield f"""
    CREATE OR REPLACE FUNCTION place_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public AS $$
    BEGIN
        SELECT {", ".join(ANCESTORS)} INTO {", ".join(f"NEW.{a}" for a in ANCESTORS)}
        FROM organization WHERE id = NEW.organization_id FOR KEY SHARE;  -- a move waits, or is waited for
        RETURN NEW;
    END $$"""
    deeper = " ".join(
        f"IF NEW.depth = {depth} THEN NEW.{ancestor} := NEW.id; END IF;"
        for depth, ancestor in enumerate(ANCESTORS, start=1)
    )
    yield f"""
    CREATE OR REPLACE FUNCTION place_organization() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public AS $$
    BEGIN
        NEW.depth := 1;
        {" ".join(f"NEW.{a} := NULL;" for a in ANCESTORS)}
        IF NEW.parent_id IS NOT NULL THEN
            SELECT depth + 1, {", ".join(ANCESTORS)} INTO NEW.depth, {", ".join(f"NEW.{a}" for a in ANCESTORS)}
            FROM organization WHERE id = NEW.parent_id FOR KEY SHARE;
        END IF;
        IF NEW.depth > {len(ANCESTORS)} THEN
            RAISE EXCEPTION 'organization % stands too deep', NEW.id USING ERRCODE = 'check_violation';
        END IF;
        {deeper}
        RETURN NEW;
    END $$"""
    yield """
    CREATE OR REPLACE FUNCTION refuse_parent() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'organization %: a superior changes by its door alone', NEW.id
            USING ERRCODE = 'insufficient_privilege';
    END $$"""
    yield """
    CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is insert only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END $$"""


def _unattributed() -> Iterator[str]:
    """Direct SQL that says no actor is recorded all the same, as what it is."""
    yield """
    CREATE OR REPLACE FUNCTION note_unattributed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public AS $$
    BEGIN
        IF coalesce(current_setting('xueshi.actor', true), '') = '' THEN
            INSERT INTO audit_event (action, noun, after)
            VALUES ('unattributed', TG_TABLE_NAME, jsonb_build_object('verb', TG_OP, 'role', session_user));
        END IF;
        RETURN NULL;
    END $$"""
    for model in scoped():
        table = model.__tablename__
        if table in {"audit_event", "message"}:
            continue
        yield f"DROP TRIGGER IF EXISTS note_unattributed ON {table}"
        yield (
            f"CREATE TRIGGER note_unattributed AFTER INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION note_unattributed()"
        )


def build(connection: Connection, role: str) -> None:
    """Build the wall anew for the application's role, in the caller's transaction."""
    cursor = connection.connection.cursor()  # the driver itself: the functions hold colons and per cent signs
    for statement in (
        *statements(),
        *doors.statements(),
        *grants.statements(),
        *held.statements(),
        *hand_overs.statements(),
        *worker_doors.statements(),
        *import_doors.statements(),
        *outbox_doors.statements(),
        *clock_doors.statements(),
        *webhook_doors.statements(),
        *certificate_feed.statements(),
        *folding_doors.statements(),
        *export_doors.statements(),
        *registered.statements(),
        *credited.statements(),
        *certified.statements(),
        *seats.statements(),
        *counts.statements(),
    ):
        cursor.execute(statement.replace("xueshi_app", role))
