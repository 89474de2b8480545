"""The doors of the outbox: one attempt takes a message with its reader's sealed addresses, and says how it went.

Addresses come out as they are kept; only services/outbox.py opens them.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.security.worker_doors import door

CLAIM = """
CREATE OR REPLACE FUNCTION door_claim(most int, moment timestamptz)
RETURNS TABLE (id bigint, kind text, params jsonb, attempt int, language text,
    account_uid uuid, account_phone bytea, account_email text, person_uid uuid, person_phone bytea, person_email text,
    applicant_uid uuid, applicant_phone bytea, applicant_email text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
WITH claimed AS (
    UPDATE message m SET state = 'sending', attempts = m.attempts + 1, claimed_at = moment
    WHERE m.id IN (
        SELECT w.id FROM message w WHERE w.state = 'waiting' AND (w.due_at IS NULL OR w.due_at <= moment)
        ORDER BY w.id LIMIT most FOR UPDATE SKIP LOCKED)
    RETURNING m.id, m.kind, m.params, m.attempts, m.account_id, m.person_id, m.registration_id)
SELECT c.id, c.kind, c.params, c.attempts, u.language, u.uid, u.phone_sealed, u.contact_email,
    p.uid, p.phone_sealed, p.email, g.uid, g.phone_sealed, g.email
FROM claimed c
LEFT JOIN registration g ON g.id = c.registration_id
LEFT JOIN LATERAL (
    SELECT a.* FROM ab_user a WHERE a.id = c.account_id AND a.state = 'active'
    UNION ALL
    SELECT a.* FROM ab_user a WHERE c.account_id IS NULL AND a.person_id = c.person_id AND a.state = 'active') u ON true
LEFT JOIN person p ON p.id = coalesce(c.person_id, u.person_id) AND p.state <> 'closed'
ORDER BY c.id $$"""

SETTLE = """
CREATE OR REPLACE FUNCTION door_settle(messages bigint[], outcome text, way text, why text,
    again timestamptz, moment timestamptz)
RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
WITH settled AS (
    UPDATE message SET state = outcome, channel = way, error = why, due_at = again,
        sent_at = CASE WHEN outcome = 'sent' THEN moment END
    WHERE id = ANY (messages) AND state = 'sending' RETURNING 1)
SELECT count(*) FROM settled $$"""

LOSE = """
CREATE OR REPLACE FUNCTION door_lose(before timestamptz)
RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
WITH lost AS (
    UPDATE message SET state = 'doubtful', error = 'WorkerDied'
    WHERE state = 'sending' AND claimed_at < before RETURNING 1)
SELECT count(*) FROM lost $$"""


def statements() -> Iterator[str]:
    """The doors; each may be built again."""
    yield from door("door_claim(int, timestamptz)", CLAIM)
    yield from door("door_settle(bigint[], text, text, text, timestamptz, timestamptz)", SETTLE)
    yield from door("door_lose(timestamptz)", LOSE)


def claim(session: Session, most: int, moment: datetime) -> list[Row[Any]]:
    """Take the oldest messages that are due for one attempt; nobody else gets them meanwhile."""
    words = {"most": most, "moment": moment}
    return list(session.execute(text("SELECT * FROM door_claim(:most, :moment)"), words))


def settle(
    session: Session,
    messages: Sequence[int],
    outcome: str,
    moment: datetime,
    *,
    channel: str = "",
    error: str = "",
    again: datetime | None = None,
) -> int:
    """Say how an attempt ended; returns for how many messages that still counts."""
    words = {
        "messages": list(messages),
        "outcome": outcome,
        "way": channel or None,
        "why": error or None,
        "again": again,
        "moment": moment,
    }
    call = text("SELECT door_settle(:messages, :outcome, :way, :why, :again, :moment)")
    return int(session.scalar(call, words) or 0)


def lose(session: Session, before: datetime) -> int:
    """Give up the attempts that were begun before a moment and never ended: who knows whether they arrived."""
    return int(session.scalar(text("SELECT door_lose(:before)"), {"before": before}) or 0)
