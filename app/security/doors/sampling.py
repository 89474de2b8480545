"""The door of the sample: draws what the organisations above check, for the whole province at once.

What is drawn depends on the seed, the review and its round alone (`drawn`), so it can be drawn again. A seed is
made once, where nobody below can read it. Nothing is drawn twice.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.models.placed import ANCESTORS


def _line(row: str) -> str:
    return f"ARRAY[{', '.join(f'{row}.{ancestor}' for ancestor in ANCESTORS)}]"


DRAW = f"""
CREATE OR REPLACE FUNCTION door_draw_samples(percents jsonb, since timestamptz, until timestamptz)
RETURNS TABLE (place bigint, number bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    actor text := coalesce(current_setting('xueshi.actor', true), '');
BEGIN
    PERFORM set_config('xueshi.actor', 'sample', true);
    CREATE TEMPORARY TABLE passed ON COMMIT DROP AS
    SELECT f.*, coalesce((SELECT above FROM unnest({_line("o")}) WITH ORDINALITY AS line (above, n)
            WHERE n < o.depth AND above = ANY (f.line) ORDER BY n DESC LIMIT 1), f.line[1]) AS checker
    FROM (
        SELECT r.id, r.round, r.kind, r.title, r.waiting_id AS decider, 'drawn' AS reason,
            date_trunc('month', r.decided_at AT TIME ZONE 'Asia/Shanghai')::date AS month, {_line("r")} AS line
        FROM review r WHERE r.state = 'approved' AND r.decided_at >= since AND r.decided_at < until
        UNION ALL
        SELECT r.id, r.round, r.kind, r.title, (part ->> 'organization_id')::bigint, 'alone', NULL, {_line("r")}
        FROM review r, jsonb_array_elements(r.chain) part WHERE r.state = 'approved'
            AND r.decided_at >= since AND r.decided_at < until AND part -> 'marks' ? 'alone'
        UNION ALL
        SELECT r.id, r.round, r.kind, r.title, d.organization_id, 'behalf', NULL, {_line("r")}
        FROM review r JOIN decision d ON d.review_id = r.id AND d.round = r.round AND d.verdict = 'approve'
        WHERE r.state = 'approved' AND r.decided_at >= since AND r.decided_at < until
            AND d.on_behalf <> '' AND d.organization_id = r.organization_id
    ) f JOIN organization o ON o.id = f.decider;

    INSERT INTO sample_draw AS known (organization_id, decider_id, kind, month, percent, seed, drawn_until)
    SELECT p.checker, p.decider, p.kind, p.month, (percents ->> p.kind)::smallint,
        encode(sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'utf8')), 'hex'), until
    FROM (SELECT DISTINCT checker, decider, kind, month FROM passed WHERE reason = 'drawn') p
    WHERE (percents ->> p.kind)::smallint > 0
    ON CONFLICT (decider_id, kind, month, organization_id) DO UPDATE SET drawn_until = until;

    RETURN QUERY WITH made AS (
        INSERT INTO sample_check AS kept
            (organization_id, decider_id, review_id, round, kind, title, reason, draw_id, drawn_at)
        SELECT DISTINCT ON (p.id, p.round, p.decider)
            p.checker, p.decider, p.id, p.round, p.kind, p.title, p.reason, d.id, until
        FROM passed p LEFT JOIN sample_draw d ON p.reason = 'drawn' AND d.decider_id = p.decider
            AND d.kind = p.kind AND d.month = p.month AND d.organization_id = p.checker
        WHERE p.reason <> 'drawn' OR ('x' || left(encode(sha256(convert_to(
            d.seed || ':' || p.id || ':' || p.round, 'utf8')), 'hex'), 8))::bit(32)::bigint % 100 < d.percent
        ORDER BY p.id, p.round, p.decider, p.reason
        ON CONFLICT (review_id, round, decider_id) DO NOTHING RETURNING organization_id
    ) SELECT organization_id, count(*) FROM made GROUP BY 1;
    DROP TABLE passed;
    PERFORM set_config('xueshi.actor', actor, true);
END $$"""

DOORS = (DRAW,)


def draw_samples(
    session: Session, percents: Mapping[str, int], since: datetime, until: datetime
) -> list[Row[Any]]:
    """Draw from what was approved in that time, by kind of review; how many are new at which organisation."""
    asked = sql("SELECT * FROM door_draw_samples(:percents, :since, :until)").bindparams(
        bindparam("percents", type_=JSONB)
    )
    return list(session.execute(asked, {"percents": dict(percents), "since": since, "until": until}))
