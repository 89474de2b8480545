"""The doors of the clock: what became overdue, and for whom something waits in the morning.

Each takes rows that are due and marks them in the same breath: whatever is told of them commits with the
mark, so that nothing is told twice and nothing is lost. Rows that somebody holds are left for the next time.
In PL/pgSQL: PostgreSQL 18 runs an SQL function row by row, and its statements' triggers then fail.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.security.doors.door import in_force
from app.security.worker_doors import door

LOCK = 7_202_613
"""The lock of whoever is at it, and two numbers more: others do not wait. Any numbers that nothing else locks."""

OVERDUE = """
CREATE OR REPLACE FUNCTION door_{name}(limits date, today date, most int)
RETURNS TABLE (organization_id bigint, kind text, many bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
#variable_conflict use_column
BEGIN
IF NOT pg_try_advisory_xact_lock({lock}) THEN RETURN; END IF;
RETURN QUERY
WITH late AS (
    SELECT v.id FROM review v
    WHERE v.state = 'open' AND (v.above_told_on IS NULL OR v.above_told_on <= v.due_on) AND v.due_on < limits
        AND (v.{column} IS NULL OR v.{column} <= v.due_on)
    ORDER BY v.due_on, v.id LIMIT most FOR UPDATE SKIP LOCKED),
told AS (
    UPDATE review v SET {column} = today FROM late WHERE v.id = late.id RETURNING v.waiting_id, v.kind)
SELECT waiting_id, kind::text, count(*) FROM told GROUP BY 1, 2 ORDER BY 1, 2; END $$"""
"""The condition of the index ix_review_late stands in it word for word: it reads nothing but what is due."""

HERE = f"a.delegator_id IS NULL AND {in_force('a', 'today')}"

DIGEST = f"""
CREATE OR REPLACE FUNCTION door_digest(kinds text[], nouns text[], verbs text[], today date, most int)
RETURNS TABLE (account_id int, organization_id bigint, organization text, kind text, many bigint, late bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
#variable_conflict use_column
BEGIN
IF NOT pg_try_advisory_xact_lock({LOCK}) THEN RETURN; END IF;
RETURN QUERY
WITH chosen AS (
    SELECT u.id FROM ab_user u
    WHERE u.digest AND u.active AND u.state = 'active' AND (u.digested_on IS NULL OR u.digested_on < today)
        AND u.id IN (SELECT a.account_id FROM appointment a WHERE {HERE}
            AND EXISTS (SELECT FROM review v WHERE v.waiting_id = a.organization_id AND v.state = 'open'))
    ORDER BY u.id LIMIT most FOR UPDATE SKIP LOCKED),
marked AS (
    UPDATE ab_user u SET digested_on = today FROM chosen WHERE u.id = chosen.id RETURNING u.id)
SELECT m.id, waits.* FROM marked m LEFT JOIN LATERAL (
    SELECT o.id, o.name::text, q.kind, w.many, w.late FROM appointment a
    JOIN organization o ON o.id = a.organization_id AND o.state = 'active'
    CROSS JOIN unnest(kinds, nouns, verbs) AS q (kind, noun, verb)
    CROSS JOIN LATERAL (
        SELECT count(*) AS many, count(*) FILTER (WHERE v.due_on < today) AS late FROM review v
        WHERE v.waiting_id = o.id AND v.kind = q.kind AND v.state = 'open') w
    WHERE a.account_id = m.id AND {HERE} AND w.many > 0 AND EXISTS (
        SELECT FROM ab_permission_view_role pr JOIN ab_permission_view pv ON pv.id = pr.permission_view_id
        JOIN ab_permission p ON p.id = pv.permission_id AND p.name = 'can_' || q.verb
        JOIN ab_view_menu n ON n.id = pv.view_menu_id AND n.name = q.noun
        WHERE pr.role_id = a.role_id)) waits ON true
ORDER BY m.id, waits.id, waits.many DESC, waits.kind; END $$"""


def statements() -> Iterator[str]:
    """The doors; each may be built again."""
    for lock, name, column in ((1, "late", "late_told_on"), (2, "late_above", "above_told_on")):
        body = OVERDUE.format(name=name, column=column, lock=LOCK + lock)
        yield from door(f"door_{name}(date, date, int)", body)
    yield from door("door_digest(text[], text[], text[], date, int)", DIGEST)


def late(session: Session, before: date, today: date, most: int) -> list[Row[Any]]:
    """Mark what was due before a day as told to those who decide: how many of each kind, where they wait."""
    return _rows(session, "door_late(:before, :today, :most)", before=before, today=today, most=most)


def late_above(session: Session, before: date, today: date, most: int) -> list[Row[Any]]:
    """The same as told to the organisations above."""
    return _rows(session, "door_late_above(:before, :today, :most)", before=before, today=today, most=most)


def digest(session: Session, permissions: Mapping[str, str], today: date, most: int) -> list[Row[Any]]:
    """Mark accounts that decide and have not been told today: what waits at each of their posts, by kind.

    `permissions` are those of the kinds. Who may decide nothing of what waits is marked too and has one row
    without an organisation.
    """
    nouns, verbs = zip(*(each.split(".", 1) for each in permissions.values()), strict=True)
    call = "door_digest(:kinds, :nouns, :verbs, :today, :most)"
    words = {"kinds": list(permissions), "nouns": list(nouns), "verbs": list(verbs)}
    return _rows(session, call, today=today, most=most, **words)


def _rows(session: Session, call: str, **words: Any) -> list[Row[Any]]:
    return list(session.execute(text(f"SELECT * FROM {call}"), words))
