"""The doors of deliveries to programs: one attempt takes one, and says how it went.

The secret comes out as it is kept; only services/webhooks.py opens it.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.security.worker_doors import door

CLAIM = """
CREATE OR REPLACE FUNCTION door_webhook_claim(moment timestamptz, silent timestamptz)
RETURNS TABLE (id bigint, uid uuid, attempt int, url text, key text, client_uid uuid, secret bytea,
    number text, code text, since int, year int, state text, changed_at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
#variable_conflict use_column
BEGIN
RETURN QUERY
WITH claimed AS (
    UPDATE webhook_delivery d SET state = 'sending', attempts = d.attempts + 1, claimed_at = moment
    WHERE d.id = (
        SELECT w.id FROM webhook_delivery w
        WHERE (w.state = 'waiting' AND (w.due_at IS NULL OR w.due_at <= moment))
            OR (w.state = 'sending' AND w.claimed_at < silent)
        ORDER BY w.id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING d.id, d.uid, d.attempts, d.client_id, d.change_id)
SELECT d.id, d.uid, d.attempts::int, c.webhook_url::text, c.key::text, c.uid, c.secret_sealed,
    f.number::text, f.code::text, f.since::int, f.year::int, x.state::text, x.changed_at
FROM claimed d JOIN api_client c ON c.id = d.client_id JOIN certificate_change x ON x.id = d.change_id
JOIN certificate f ON f.id = x.certificate_id;
END $$"""

SETTLE = """
CREATE OR REPLACE FUNCTION door_webhook_settle(delivery bigint, outcome text, why text, again timestamptz,
    moment timestamptz)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
BEGIN
    UPDATE webhook_delivery SET state = outcome, error = why, due_at = again,
        sent_at = CASE WHEN outcome = 'sent' THEN moment END
    WHERE id = delivery AND state = 'sending';
    RETURN delivery;
END $$"""


def statements() -> Iterator[str]:
    """The doors; each may be built again."""
    yield from door("door_webhook_claim(timestamptz, timestamptz)", CLAIM)
    yield from door("door_webhook_settle(bigint, text, text, timestamptz, timestamptz)", SETTLE)


def claim(session: Session, moment: datetime, silent: datetime) -> Row[Any] | None:
    """Take the oldest delivery that is due, or whose attempt has been silent since then."""
    words = {"moment": moment, "silent": silent}
    call = text("SELECT * FROM door_webhook_claim(:moment, :silent)")
    return session.execute(call, words).one_or_none()


def settle(
    session: Session,
    delivery: int,
    outcome: str,
    moment: datetime,
    *,
    error: str = "",
    again: datetime | None,
) -> None:
    """Say how an attempt ended."""
    words = {"id": delivery, "outcome": outcome, "why": error or None, "again": again, "moment": moment}
    session.execute(text("SELECT door_webhook_settle(:id, :outcome, :why, :again, :moment)"), words)
