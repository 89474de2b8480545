"""Doors of what lies in the house: a certificate by its code, files by their names."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.security.doors.door import rows

CERTIFICATES = """
CREATE OR REPLACE FUNCTION door_certificates(sought text[])
RETURNS TABLE (id bigint, code text, number text, state text, content jsonb, digest text, issued_at timestamptz,
    ended_at timestamptz, ended_by text, reason text, newer text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT c.id, c.code, c.number, c.state, c.content, c.digest, c.issued_at, c.ended_at, c.ended_by, c.reason, n.code
FROM certificate c LEFT JOIN certificate n ON n.replaces_id = c.id WHERE c.code = ANY (sought) $$"""

SHELVED = """
CREATE OR REPLACE FUNCTION door_shelved(names uuid[])
RETURNS TABLE (uid uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT uid FROM attachment WHERE uid = ANY (names) AND shared_uid IS NULL
UNION SELECT shared_uid FROM attachment WHERE shared_uid = ANY (names)
UNION SELECT uid FROM import_batch WHERE uid = ANY (names) AND state IN ('reading', 'mapping')
UNION SELECT shelved FROM export WHERE shelved = ANY (names)
UNION SELECT file_uid FROM printing WHERE file_uid = ANY (names) $$"""

DOORS = (CERTIFICATES, SHELVED)


def certificates(session: Session, codes: Iterable[str]) -> dict[str, Row[Any]]:
    """The frozen contents of certificates by code, for whoever holds their codes; `newer` is what replaced one."""
    return {row.code: row for row in rows(session, "door_certificates(:sought)", sought=list(codes))}


def shelved(session: Session, names: Iterable[UUID]) -> set[UUID]:
    """Those among these names of files that a row speaks of: the others are left from a failure."""
    return {row.uid for row in rows(session, "door_shelved(:names)", names=list(names))}
