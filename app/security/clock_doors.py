"""The doors of the clock: what became overdue, and for whom something waits in the morning.

Each takes rows that are due and marks them in the same breath: whatever is told of them commits with the
mark, so that nothing is told twice and nothing is lost. Rows that somebody holds are left for the next time.
In PL/pgSQL: PostgreSQL 18 runs an SQL function row by row, and its statements' triggers then fail.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.models.placed import ANCESTORS
from app.security.doors.door import in_force
from app.security.worker_doors import door

LOCK = 7_202_613
"""The lock of whoever is at it, and the three numbers behind it: others do not wait. Any numbers that nothing else locks."""

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

FOLD = f"""
CREATE OR REPLACE FUNCTION door_backlog(since timestamptz, today date, moment timestamptz)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    folded bigint;
BEGIN
IF NOT pg_try_advisory_xact_lock({LOCK + 3}) THEN RETURN 0; END IF;
DELETE FROM backlog;
WITH line AS (
    SELECT o.id AS place, o.id AS above, false AS whole FROM organization o
    UNION ALL SELECT o.id, up.id, true FROM organization o, unnest(ARRAY[{", ".join(f"o.{a}" for a in ANCESTORS)}]) AS up (id)
    WHERE up.id IS NOT NULL),
waits AS (
    SELECT v.waiting_id AS place, v.kind, count(*) AS waiting, count(*) FILTER (WHERE v.due_on < today) AS overdue,
        min(v.submitted_at) AS oldest
    FROM review v WHERE v.state = 'open' GROUP BY 1, 2),
waiting AS (
    SELECT l.above, l.whole, coalesce(w.kind, '') AS kind, sum(w.waiting)::bigint AS waiting,
        sum(w.overdue)::bigint AS overdue, min(w.oldest) AS oldest
    FROM waits w JOIN line l ON l.place = w.place GROUP BY GROUPING SETS ((1, 2, w.kind), (1, 2))),
given AS (
    SELECT d.organization_id AS place, v.kind, d.took, count(*) AS many
    FROM decision d JOIN review v ON v.id = d.review_id
    WHERE d.decided_at >= since AND d.verdict IN ('approve', 'reject') AND d.took IS NOT NULL
        AND NOT EXISTS (SELECT FROM hidden_decision h WHERE h.decision_id = d.id) GROUP BY 1, 2, 3),
days AS (
    SELECT l.above, l.whole, coalesce(g.kind, '') AS kind, g.took, sum(g.many)::bigint AS many
    FROM given g JOIN line l ON l.place = g.place GROUP BY GROUPING SETS ((1, 2, g.kind, 4), (1, 2, 4))),
ranked AS (
    SELECT *, (sum(many) OVER (PARTITION BY above, whole, kind ORDER BY took))::bigint AS up_to,
        (sum(many) OVER (PARTITION BY above, whole, kind))::bigint AS decided
    FROM days),
decided AS (
    SELECT above, whole, kind, max(decided) AS decided,
        (min(took) FILTER (WHERE up_to >= (decided + 1) / 2) + min(took) FILTER (WHERE up_to >= decided / 2 + 1)) / 2.0
            AS median
    FROM ranked GROUP BY 1, 2, 3)
INSERT INTO backlog (organization_id, kind, whole, waiting, overdue, oldest, decided, median, made_at)
SELECT above, kind, whole, coalesce(w.waiting, 0), coalesce(w.overdue, 0),
    (w.oldest AT TIME ZONE 'Asia/Shanghai')::date, coalesce(d.decided, 0), d.median, moment
FROM waiting w FULL JOIN decided d USING (above, whole, kind);
GET DIAGNOSTICS folded = ROW_COUNT;
RETURN folded;
END $$"""
"""Each number for an organisation alone and for it with all below it, of each kind and of all of them."""


def statements() -> Iterator[str]:
    """The doors; each may be built again."""
    for lock, name, column in ((1, "late", "late_told_on"), (2, "late_above", "above_told_on")):
        body = OVERDUE.format(name=name, column=column, lock=LOCK + lock)
        yield from door(f"door_{name}(date, date, int)", body)
    yield from door("door_digest(text[], text[], text[], date, int)", DIGEST)
    yield from door("door_backlog(timestamptz, date, timestamptz)", FOLD)


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


def backlog(session: Session, since: datetime, today: date, moment: datetime) -> int:
    """Count anew what waits and what was decided since a moment, everywhere; returns how many rows there are."""
    words = {"since": since, "today": today, "moment": moment}
    return int(session.scalar(text("SELECT door_backlog(:since, :today, :moment)"), words) or 0)


def _rows(session: Session, call: str, **words: Any) -> list[Row[Any]]:
    return list(session.execute(text(f"SELECT * FROM {call}"), words))
