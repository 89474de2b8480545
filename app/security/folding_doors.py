"""The doors of folding: numbers of every organisation, alone and with all below it, counted anew by a job.

Whoever folds holds a lock; a second one finds it taken and leaves. Pages read one level of what is kept.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.database import as_json
from app.models.placed import ANCESTORS
from app.security.worker_doors import door

LOCK = 7_202_620
"""The lock of whoever is at it, and the number behind it. Any numbers that nothing else locks."""

LINE = f"""
line AS (
    SELECT o.id AS place, o.id AS above, false AS whole FROM organization o
    UNION ALL SELECT o.id, up.id, true
    FROM organization o, unnest(ARRAY[{", ".join(f"o.{a}" for a in ANCESTORS)}]) AS up (id)
    WHERE up.id IS NOT NULL)"""
"""Each organisation, under itself alone and under each that it counts to."""

OUTLOOK = f"""
CREATE OR REPLACE FUNCTION door_outlook(asked int, needed numeric, minimum jsonb, moment timestamptz)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    folded bigint;
BEGIN
IF NOT pg_try_advisory_xact_lock({LOCK}) THEN RETURN 0; END IF;
DELETE FROM outlook WHERE year = asked;
WITH {LINE},
waits AS (
    SELECT r.person_id, r.subject, sum(r.hours) AS hours FROM hour_record r
    WHERE r.year = asked AND r.state = 'submitted' GROUP BY 1, 2),
waiting AS (
    SELECT w.person_id, jsonb_object_agg(w.subject, w.hours) AS subjects, sum(w.hours) AS total
    FROM waits w GROUP BY 1),
stands AS (
    SELECT p.organization_id AS place, p.department_id AS room, coalesce(y.complete, false) AS complete,
        coalesce(y.total, 0) AS had, coalesce(w.total, 0) AS waits,
        greatest(needed - coalesce(y.total, 0) - coalesce(w.total, 0), 0, (
            SELECT sum(greatest(m.value::numeric - coalesce((y.subjects ->> m.key)::numeric, 0)
                - coalesce((w.subjects ->> m.key)::numeric, 0), 0))
            FROM jsonb_each_text(minimum) m)) AS lacking
    FROM person p LEFT JOIN person_year y ON y.person_id = p.id AND y.year = asked
    LEFT JOIN waiting w ON w.person_id = p.id
    WHERE p.state = 'active'),
counted AS (
    SELECT s.place, coalesce(s.room, 0) AS room, grouping(coalesce(s.room, 0)) = 0 AS parted,
        count(*) AS people,
        count(*) FILTER (WHERE s.complete) AS complete,
        count(*) FILTER (WHERE NOT s.complete AND s.lacking = 0 AND s.waits > 0) AS closing,
        count(*) FILTER (WHERE s.had <= 0) AS idle,
        coalesce(sum(s.lacking) FILTER (WHERE NOT s.complete), 0) AS lacking,
        coalesce(sum(s.had + s.waits) FILTER (WHERE NOT s.complete AND s.lacking > 0), 0) AS gained
    FROM stands s GROUP BY GROUPING SETS ((s.place, coalesce(s.room, 0)), (s.place)))
INSERT INTO outlook (organization_id, department_id, year, whole, people, complete, closing, idle, lacking,
    gained, made_at)
SELECT c.place, c.room, asked, false, c.people, c.complete, c.closing, c.idle, c.lacking, c.gained, moment
FROM counted c WHERE c.parted
UNION ALL
SELECT l.above, NULL, asked, l.whole, sum(c.people), sum(c.complete), sum(c.closing), sum(c.idle),
    sum(c.lacking), sum(c.gained), moment
FROM counted c JOIN line l ON l.place = c.place WHERE NOT c.parted GROUP BY l.above, l.whole;
GET DIAGNOSTICS folded = ROW_COUNT;
RETURN folded;
END $$"""
"""What one lacks is what declare.rules.Completion.missing says, but for parts of subjects."""

FLOW = f"""
CREATE OR REPLACE FUNCTION door_flow(since timestamptz, moment timestamptz)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    folded bigint;
BEGIN
IF NOT pg_try_advisory_xact_lock({LOCK + 1}) THEN RETURN 0; END IF;
DELETE FROM flow;
WITH {LINE},
sent AS (
    SELECT v.organization_id AS place, v.kind,
        date_trunc('month', v.submitted_at AT TIME ZONE 'Asia/Shanghai')::date AS month, count(*) AS many
    FROM review v WHERE v.submitted_at >= since GROUP BY 1, 2, 3),
submitted AS (
    SELECT l.above, l.whole, coalesce(s.kind, '') AS kind, s.month, sum(s.many)::bigint AS many
    FROM sent s JOIN line l ON l.place = s.place GROUP BY GROUPING SETS ((1, 2, s.kind, 4), (1, 2, 4))),
given AS (
    SELECT d.organization_id AS place, v.kind,
        date_trunc('month', d.decided_at AT TIME ZONE 'Asia/Shanghai')::date AS month, d.took, count(*) AS many
    FROM decision d JOIN review v ON v.id = d.review_id
    WHERE d.decided_at >= since AND d.verdict IN ('approve', 'reject') AND d.took IS NOT NULL
        AND NOT EXISTS (SELECT FROM hidden_decision h WHERE h.decision_id = d.id) GROUP BY 1, 2, 3, 4),
days AS (
    SELECT l.above, l.whole, coalesce(g.kind, '') AS kind, g.month, g.took, sum(g.many)::bigint AS many
    FROM given g JOIN line l ON l.place = g.place GROUP BY GROUPING SETS ((1, 2, g.kind, 4, 5), (1, 2, 4, 5))),
ranked AS (
    SELECT *, (sum(many) OVER (PARTITION BY above, whole, kind, month ORDER BY took))::bigint AS up_to,
        (sum(many) OVER (PARTITION BY above, whole, kind, month))::bigint AS decided
    FROM days),
decided AS (
    SELECT above, whole, kind, month, max(decided) AS decided,
        (min(took) FILTER (WHERE up_to >= (decided + 1) / 2) + min(took) FILTER (WHERE up_to >= decided / 2 + 1)) / 2.0
            AS median
    FROM ranked GROUP BY 1, 2, 3, 4)
INSERT INTO flow (organization_id, kind, whole, month, submitted, decided, median, made_at)
SELECT above, kind, whole, month, coalesce(s.many, 0), coalesce(d.decided, 0), d.median, moment
FROM submitted s FULL JOIN decided d USING (above, whole, kind, month);
GET DIAGNOSTICS folded = ROW_COUNT;
RETURN folded;
END $$"""


def statements() -> Iterator[str]:
    """The doors; each may be built again."""
    yield from door("door_outlook(int, numeric, jsonb, timestamptz)", OUTLOOK)
    yield from door("door_flow(timestamptz, timestamptz)", FLOW)


def outlook(
    session: Session, year: int, needed: Decimal, minimum: Mapping[str, Decimal], moment: datetime
) -> int:
    """Count anew how far everybody is in a year that asks these hours; returns how many rows there are."""
    words = {"year": year, "needed": needed, "minimum": as_json(dict(minimum)), "moment": moment}
    call = text("SELECT door_outlook(:year, :needed, CAST(:minimum AS jsonb), :moment)")
    return int(session.scalar(call, words) or 0)


def flow(session: Session, since: datetime, moment: datetime) -> int:
    """Count anew what was submitted and decided in each month since a moment; returns likewise."""
    call = text("SELECT door_flow(:since, :moment)")
    return int(session.scalar(call, {"since": since, "moment": moment}) or 0)
