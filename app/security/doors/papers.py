"""Doors of what lies in the house: a certificate by its code, files by their names."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.security.doors.door import rows

CERTIFICATE = """
CREATE OR REPLACE FUNCTION door_certificate(sought text)
RETURNS TABLE (number text, state text, content jsonb, digest text, issued_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT number, state, content, digest, issued_at FROM certificate WHERE code = sought $$"""

SHELVED = """
CREATE OR REPLACE FUNCTION door_shelved(names uuid[])
RETURNS TABLE (uid uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT uid FROM attachment WHERE uid = ANY (names) AND shared_uid IS NULL
UNION SELECT shared_uid FROM attachment WHERE shared_uid = ANY (names)
UNION SELECT uid FROM import_batch WHERE uid = ANY (names) AND state IN ('reading', 'mapping')
UNION SELECT shelved FROM export WHERE shelved = ANY (names) $$"""

DOORS = (CERTIFICATE, SHELVED)


def certificate(session: Session, code: str) -> Row[Any] | None:
    """The frozen content of a certificate, for whoever holds its code."""
    found = rows(session, "door_certificate(:sought)", sought=code)
    return found[0] if found else None


def shelved(session: Session, names: Iterable[UUID]) -> set[UUID]:
    """Those among these names of files that a row speaks of: the others are left from a failure."""
    return {row.uid for row in rows(session, "door_shelved(:names)", names=list(names))}
