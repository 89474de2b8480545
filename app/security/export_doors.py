"""The doors of exports: for whom a job writes one, and which files nobody can have any more."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.security.worker_doors import door

EXPORT = """
CREATE OR REPLACE FUNCTION door_export(wanted bigint)
RETURNS TABLE (account_id int, appointment_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT e.account_id, e.appointment_id FROM export e WHERE e.id = wanted $$"""

SWEEP = """
CREATE OR REPLACE FUNCTION door_export_sweep(before timestamptz)
RETURNS TABLE (name uuid) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
BEGIN
RETURN QUERY
WITH old AS (
    SELECT e.id, e.shelved FROM export e
    WHERE e.state = 'done' AND e.finished_at < before FOR UPDATE SKIP LOCKED),
gone AS (UPDATE export e SET state = 'expired', shelved = NULL FROM old o WHERE e.id = o.id RETURNING e.id)
SELECT o.shelved FROM old o JOIN gone g ON g.id = o.id WHERE o.shelved IS NOT NULL;
END $$"""


def statements() -> Iterator[str]:
    """The doors; each may be built again."""
    yield from door("door_export(bigint)", EXPORT)
    yield from door("door_export_sweep(timestamptz)", SWEEP)


def export(session: Session, wanted: int) -> Row[Any] | None:
    """Whose export it is."""
    return session.execute(text("SELECT * FROM door_export(:wanted)"), {"wanted": wanted}).one_or_none()


def sweep(session: Session, before: datetime) -> list[UUID]:
    """Let finished exports of before a moment expire; returns the names of their files on the shelf."""
    return list(session.scalars(text("SELECT * FROM door_export_sweep(:before)"), {"before": before}))
