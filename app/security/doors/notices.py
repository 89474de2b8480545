"""Doors to notices for their readers: who one is decides, inside PostgreSQL, what one may read.

A notice is written at an organisation and read below it, against the direction in which every other scope
goes; and the public ones are read by whoever comes. Each door asks the acting organisation or person itself
and takes no word for it from its caller.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.database import clock
from app.models.placed import ANCESTORS
from app.security.doors.door import rows

LINE = f"ARRAY[{', '.join(ANCESTORS)}]"

READER = f"""
WITH reader AS (
    SELECT kind, {LINE} AS line FROM organization
    WHERE id = nullif(current_setting('xueshi.organization', true), '')::bigint
    UNION ALL SELECT 'person', {LINE} FROM person
    WHERE id = nullif(current_setting('xueshi.person', true), '')::bigint)"""

READABLE = """n.state = 'published' AND coalesce(n.shows_from, today) <= today
    AND coalesce(n.shows_until, today) >= today
    AND (n.audience = 'public' AND n.organization_id = n.ancestor_1
        OR EXISTS (SELECT 1 FROM reader r WHERE n.organization_id = ANY (r.line)
            AND n.audience IN ('all', 'public', r.kind)))"""
"""The public is addressed by the head of the tree alone: whoever reads on the portal stands below nobody else."""

NOTICES = f"""
CREATE OR REPLACE FUNCTION door_notices(today date, before bigint, most int)
RETURNS TABLE (id bigint, title text, organization text, audience text, pinned boolean, published_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
{READER}
SELECT n.id, n.title, o.name, n.audience, n.pinned, n.published_at
FROM notice n JOIN organization o ON o.id = n.organization_id
WHERE {READABLE}
    AND (before IS NULL OR (n.pinned, n.published_at, n.id)
        < (SELECT b.pinned, b.published_at, b.id FROM notice b WHERE b.id = before))
ORDER BY n.pinned DESC, n.published_at DESC, n.id DESC LIMIT most $$"""

NOTICE = f"""
CREATE OR REPLACE FUNCTION door_notice(wanted bigint, today date)
RETURNS TABLE (id bigint, title text, organization text, audience text, pinned boolean, published_at timestamptz,
    body text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
{READER}
SELECT n.id, n.title, o.name, n.audience, n.pinned, n.published_at, n.body
FROM notice n JOIN organization o ON o.id = n.organization_id WHERE n.id = wanted AND {READABLE} $$"""

FILES = f"""
CREATE OR REPLACE FUNCTION door_notice_files(wanted bigint, today date)
RETURNS TABLE (uid uuid, name text, media_type text, size int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
{READER}
SELECT a.uid, a.name, a.media_type, a.size FROM notice n
JOIN attachment a ON a.subject = 'notice' AND a.subject_id = n.id WHERE n.id = wanted AND {READABLE} ORDER BY a.id $$"""

DROP_FILE = """
CREATE OR REPLACE FUNCTION door_drop_notice_file(sought uuid)
RETURNS TABLE (notice_id bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DELETE FROM attachment a USING notice n
WHERE a.uid = sought AND a.subject = 'notice' AND n.id = a.subject_id AND n.state <> 'published'
    AND n.organization_id = nullif(current_setting('xueshi.organization', true), '')::bigint
RETURNING n.id $$"""

DOORS = (NOTICES, NOTICE, FILES, DROP_FILE)


def notices_for(session: Session, *, before: int | None, most: int) -> list[Row[Any]]:
    """The notices that the one who acts may read today, pinned ones first, then the latest."""
    return rows(session, "door_notices(:today, :before, :most)", today=_today(), before=before, most=most)


def notice(session: Session, wanted: int) -> Row[Any] | None:
    """One of them with its text."""
    found = rows(session, "door_notice(:wanted, :today)", wanted=wanted, today=_today())
    return found[0] if found else None


def notice_files(session: Session, wanted: int) -> list[Row[Any]]:
    """The files of one of them."""
    return rows(session, "door_notice_files(:wanted, :today)", wanted=wanted, today=_today())


def drop_notice_file(session: Session, uid: UUID) -> int | None:
    """Take a file off a notice of the acting organisation that is not published; the notice's id."""
    found = rows(session, "door_drop_notice_file(:sought)", sought=uid)
    return found[0].notice_id if found else None


def _today() -> date:
    return clock.today()
