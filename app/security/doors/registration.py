"""Doors of registering: whose a number or a credit code is, and what became of a registration."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.security.doors.door import rows

NUMBER = """
CREATE OR REPLACE FUNCTION door_number(index bytea)
RETURNS TABLE (person_id bigint, organization_id bigint, account_id int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT p.id, p.organization_id, u.id FROM person p LEFT JOIN ab_user u ON u.person_id = p.id
WHERE p.id_number_index = index AND p.state <> 'closed' $$"""

HOLDERS = """
CREATE OR REPLACE FUNCTION door_holders(indexes bytea[])
RETURNS TABLE (held bytea, person_id bigint, organization_id bigint, name text, account_id int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT p.id_number_index, p.id, p.organization_id, p.name, u.id
FROM person p LEFT JOIN ab_user u ON u.person_id = p.id
WHERE p.id_number_index = ANY (indexes) AND p.state <> 'closed' $$"""

RECEIPT = """
CREATE OR REPLACE FUNCTION door_receipt(digest bytea)
RETURNS TABLE (registration_id bigint, organization_id bigint, state text, review_id bigint, version int,
    waiting_id bigint, submitted_at timestamptz, decided_at timestamptz, reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT g.id, g.organization_id, g.state, v.id, v.version, v.waiting_id, v.submitted_at, v.decided_at,
    (SELECT d.reason FROM decision d WHERE d.review_id = v.id ORDER BY d.id DESC LIMIT 1)
FROM registration g JOIN review v ON v.subject = 'registration' AND v.subject_id = g.id
WHERE g.receipt = digest $$"""

VERDICT = """
CREATE OR REPLACE FUNCTION door_verdict(noun text, wanted bigint)
RETURNS TABLE (review_id bigint, kind text, version int, state text, waiting_id bigint, due_on date,
    reminded_at timestamptz, submitted_at timestamptz, decided_at timestamptz, reason_key text, reason text,
    marks jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT v.id, v.kind, v.version, v.state, v.waiting_id, v.due_on, v.reminded_at, v.submitted_at, v.decided_at,
    d.reason_key, d.reason, d.marks
FROM review v LEFT JOIN decision d ON d.review_id = v.id
WHERE v.subject = noun AND v.subject_id = wanted ORDER BY v.id DESC, d.id DESC LIMIT 1 $$"""

DOORS = (NUMBER, HOLDERS, RECEIPT, VERDICT)


def number(session: Session, index: bytes) -> Row[Any] | None:
    """The living person with this ID number (blind index), wherever he stands. Never shown to anybody."""
    found = rows(session, "door_number(:index)", index=index)
    return found[0] if found else None


def holders(session: Session, indexes: Iterable[bytes]) -> dict[bytes, Row[Any]]:
    """The persons who hold these ID numbers, wherever they stand, by the number's blind index."""
    found = rows(session, "door_holders(:indexes)", indexes=list(indexes))
    return {bytes(row.held): row for row in found}


def receipt(session: Session, digest: bytes) -> Row[Any] | None:
    """What became of a registration, for whoever holds its receipt code."""
    found = rows(session, "door_receipt(:digest)", digest=digest)
    return found[0] if found else None


def verdict(session: Session, noun: str, row: int) -> Row[Any] | None:
    """What became of the newest review of one thing, for whoever has proven that the thing is his."""
    found = rows(session, "door_verdict(:noun, :wanted)", noun=noun, wanted=row)
    return found[0] if found else None
