"""Doors of revoking: what depends on a verdict by now, wherever it stands, and messages that are not to leave."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.models.organization import LIVE
from app.security.doors.door import rows

CERTIFIED = """
CREATE OR REPLACE FUNCTION door_certified(records bigint[])
RETURNS TABLE (id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT r.id FROM hour_record r WHERE r.id = ANY (records) AND EXISTS (SELECT FROM certificate c
    WHERE c.person_id = r.person_id AND r.year BETWEEN c.since AND c.year AND c.state = 'valid') $$"""

STANDING = LIVE.replace("'", "''")
"""The condition of a living organisation, within a quoted statement."""

OCCUPIED = f"""
CREATE OR REPLACE FUNCTION door_occupied(units bigint[])
RETURNS TABLE (id bigint, peopled boolean, taken boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    level int;
BEGIN
    FOR level IN SELECT DISTINCT o.depth FROM organization o WHERE o.id = ANY (units) LOOP
        RETURN QUERY EXECUTE format(
            'SELECT o.id,
                EXISTS (SELECT FROM person p WHERE p.ancestor_%1$s = o.id)
                OR EXISTS (SELECT FROM registration r WHERE r.ancestor_%1$s = o.id)
                OR EXISTS (SELECT FROM organization u WHERE u.parent_id = o.id),
                EXISTS (SELECT FROM organization c WHERE c.credit_code = o.credit_code AND c.id <> o.id
                    AND c.{STANDING})
            FROM organization o WHERE o.id = ANY ($1) AND o.depth = $2', level) USING units, level;
    END LOOP;
END $$"""

BEGUN = """
CREATE OR REPLACE FUNCTION door_begun(persons bigint[])
RETURNS TABLE (id bigint, organization_id bigint, used boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT p.id, p.organization_id,
    EXISTS (SELECT FROM hour_record r WHERE r.person_id = p.id)
    OR EXISTS (SELECT FROM certificate c WHERE c.person_id = p.id)
    OR EXISTS (SELECT FROM ab_user u JOIN login_session s ON s.account_id = u.id WHERE u.person_id = p.id
        AND NOT EXISTS (SELECT FROM appointment a WHERE a.account_id = u.id))
FROM person p WHERE p.id = ANY (persons) $$"""

DROP = """
CREATE OR REPLACE FUNCTION door_drop(confirmed uuid)
RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
WITH dropped AS (
    DELETE FROM message m WHERE m.batch = confirmed AND m.state = 'waiting'
        AND EXISTS (SELECT FROM decision d WHERE d.batch = confirmed
            AND d.account_id = nullif(current_setting('xueshi.account', true), '')::int)
    RETURNING 1)
SELECT count(*) FROM dropped $$"""

DOORS = (CERTIFIED, OCCUPIED, BEGUN, DROP)


def certified(session: Session, records: Iterable[int]) -> set[int]:
    """Those of these hour records over whose year the person has a valid certificate."""
    return {row.id for row in rows(session, "door_certified(:records)", records=list(records))}


def occupied(session: Session, units: Iterable[int]) -> dict[int, Row[Any]]:
    """Of each of these units: whether anybody stands or registers there, and whether another has its code."""
    return {row.id: row for row in rows(session, "door_occupied(:units)", units=list(units))}


def begun(session: Session, persons: Iterable[int]) -> dict[int, Row[Any]]:
    """Of each of these persons: where he stands now, and whether he has used what a registration opened."""
    return {row.id: row for row in rows(session, "door_begun(:persons)", persons=list(persons))}


def drop(session: Session, batch: UUID) -> int:
    """Throw away the messages of decisions that their own decider takes back, while they have not left."""
    return int(session.scalar(text("SELECT door_drop(:batch)"), {"batch": batch}) or 0)
