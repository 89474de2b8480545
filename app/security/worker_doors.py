"""The doors that jobs go through: for whom they work, and whose a number is already.

A job carries ids only. Who acts, and whether he still may, is asked of the database when the job runs.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.database import clock
from app.declare.natural_key import importable, natural_key
from app.security.doors.door import RIGHTS, in_force
from app.security.scope import scoped

ACTOR = f"""
CREATE OR REPLACE FUNCTION door_actor(account int, post bigint, day date)
RETURNS TABLE (account_id int, name text, self_id bigint, appointment_id bigint, organization_id bigint,
    organization_state text, depth smallint, kind text, permissions text[],
    on_behalf text, behalf_account int, behalf_person bigint, department bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT u.id, u.first_name, u.person_id, a.id, o.id, o.state, o.depth, coalesce(r.kind, 'person'),
    ARRAY(SELECT v.name || '.' || substr(p.name, 5)
        FROM ab_permission_view_role pr JOIN ab_permission_view pv ON pv.id = pr.permission_view_id
        JOIN ab_permission p ON p.id = pv.permission_id JOIN ab_view_menu v ON v.id = pv.view_menu_id
        WHERE p.name LIKE 'can\\_%' AND {RIGHTS} AND pr.role_id = coalesce(g.role_id, a.role_id,
            (SELECT id FROM role WHERE kind = 'person' AND organization_id IS NULL))),
    coalesce(a.on_behalf, ''), g.account_id, (SELECT h.person_id FROM ab_user h WHERE h.id = g.account_id),
    coalesce(g.department_id, a.department_id)
FROM ab_user u
LEFT JOIN appointment a ON a.id = post AND a.account_id = u.id AND {in_force("a")}
LEFT JOIN appointment g ON g.id = a.delegator_id
LEFT JOIN organization o ON o.id = a.organization_id
LEFT JOIN role r ON r.id = a.role_id
WHERE u.id = account AND u.state = 'active' AND u.active
    AND (post IS NULL OR (a.id IS NOT NULL AND o.state = 'active'))
$$"""

BATCH = """
CREATE OR REPLACE FUNCTION door_batch(batch bigint)
RETURNS TABLE (noun text, organization_id bigint, depth smallint, creator_id int, appointment_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT b.noun, b.organization_id, o.depth, b.creator_id, b.appointment_id
FROM import_batch b JOIN organization o ON o.id = b.organization_id WHERE b.id = batch $$"""

PRINTING = """
CREATE OR REPLACE FUNCTION door_printing(batch bigint)
RETURNS TABLE (organization_id bigint, depth smallint, creator_id int, appointment_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT b.organization_id, o.depth, b.creator_id, b.appointment_id
FROM printing b JOIN organization o ON o.id = b.organization_id WHERE b.id = batch $$"""

OLD_PRINTINGS = """
CREATE OR REPLACE FUNCTION door_old_printings(before timestamptz)
RETURNS TABLE (id bigint, organization_id bigint, file_uid uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
WITH old AS (SELECT b.id, b.file_uid FROM printing b
    WHERE b.state = 'done' AND b.created_at < before AND b.file_uid IS NOT NULL FOR UPDATE),
expired AS (UPDATE printing b SET state = 'expired', file_uid = NULL FROM old o WHERE b.id = o.id
    RETURNING b.id, b.organization_id)
SELECT e.id, e.organization_id, o.file_uid FROM expired e JOIN old o ON o.id = e.id $$"""

KNOWN = """
CREATE OR REPLACE FUNCTION door_known_{table}(keys {type}[])
RETURNS TABLE (key {type}, id bigint, organization_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT {stored}, id, organization_id FROM {table} WHERE {stored} = ANY (keys) AND ({where}) $$"""

SWEEP = """
CREATE OR REPLACE FUNCTION door_sweep(before timestamptz, moment timestamptz)
RETURNS TABLE (batch_id bigint, organization_id bigint, expired boolean, swept bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
WITH expired AS (
    UPDATE import_batch b SET state = 'expired', finished_at = moment, head_sealed = NULL
    WHERE b.state IN ('checked', 'mapping') AND b.created_at < before RETURNING b.id, b.organization_id),
ended AS (
    SELECT e.id, e.organization_id, true AS expired FROM expired e
    UNION ALL SELECT b.id, b.organization_id, false FROM import_batch b
    WHERE b.created_at < before AND b.state NOT IN ('reading', 'checked', 'applying', 'mapping', 'undoing')),
swept AS (DELETE FROM import_row r USING ended e WHERE r.batch_id = e.id RETURNING r.batch_id)
SELECT e.id, e.organization_id, e.expired, count(s.batch_id) FROM ended e
LEFT JOIN swept s ON s.batch_id = e.id GROUP BY 1, 2, 3 HAVING e.expired OR count(s.batch_id) > 0 $$"""


def statements() -> Iterator[str]:
    """The doors; each may be built again."""
    yield from door("door_actor(int, bigint, date)", ACTOR)
    yield from door("door_batch(bigint)", BATCH)
    yield from door("door_printing(bigint)", PRINTING)
    yield from door("door_old_printings(timestamptz)", OLD_PRINTINGS)
    yield from door("door_sweep(timestamptz, timestamptz)", SWEEP)
    for model in filter(importable, scoped()):
        table = model.__tablename__
        if (key := natural_key(model)) is None:
            continue
        words = {"table": table, "type": key.type, "stored": key.stored, "where": key.where or "true"}
        yield from door(f"door_known_{table}({key.type}[])", KNOWN.format(**words))


def printing(session: Session, batch: int) -> Row[Any] | None:
    """For whom a batch of certificates is made."""
    return session.execute(text("SELECT * FROM door_printing(:batch)"), {"batch": batch}).first()


def old_printings(session: Session, before: datetime) -> Sequence[Row[Any]]:
    """Let the batches made before a moment expire; the files that they had."""
    asked = text("SELECT * FROM door_old_printings(:before)")
    return session.execute(asked, {"before": before}).all()


def door(name: str, body: str) -> Iterator[str]:
    """One function, built anew and opened for the application's role alone."""
    yield f"DROP FUNCTION IF EXISTS {name}"
    yield body
    yield f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION {name} TO xueshi_app"


def actor(session: Session, account: int | None, post: int | None) -> Row[Any] | None:
    """Account, appointment and permissions as they are now; None when the account or the post has ended."""
    words = {"account": account, "post": post, "day": clock.today()}
    return session.execute(text("SELECT * FROM door_actor(:account, :post, :day)"), words).one_or_none()


def batch(session: Session, batch_id: int) -> Row[Any] | None:
    """Whose import it is, and where."""
    return session.execute(text("SELECT * FROM door_batch(:batch)"), {"batch": batch_id}).one_or_none()


def known(session: Session, model: Any, keys: Sequence[Any]) -> list[Row[Any]]:
    """Which natural keys, as their index has them, are a living record's anywhere. Never shown to anybody."""
    call = text(f"SELECT * FROM door_known_{model.__tablename__}(:keys)")
    return list(session.execute(call, {"keys": list(keys)}))


def sweep(session: Session, before: datetime, moment: datetime) -> list[Row[Any]]:
    """Let imports expire that nobody let in, and delete what is staged of those sent before a moment.

    Returns each that lost something: which it is, where, whether it expired now, how many rows went.
    """
    words = {"before": before, "moment": moment}
    return list(session.execute(text("SELECT * FROM door_sweep(:before, :moment)"), words))
