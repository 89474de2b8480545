"""Doors of programs: who signs with a key, and what a client may learn of those below its organisation.

The session of a client has no organisation and no person: both walls open nothing to it. These doors ask who
acts (`xueshi.client`), whether that client is answered at present, and stay below its organisation.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.database import clock
from app.models.placed import ANCESTORS
from app.security.doors.door import rows

FEED_LOCK = 7_202_630
"""The lock of whoever gives changes their places. Any number that nothing else locks."""

PLACED = 10_000
"""So many changes get their places at a time."""

ME = """(SELECT a.organization_id, a.tells_certificates FROM api_client a
    WHERE a.id = nullif(current_setting('xueshi.client', true), '')::bigint AND a.active
        AND a.valid_until >= today) me"""

BELOW = "me.organization_id = ANY (ARRAY[" + ", ".join(f"{{0}}.{each}" for each in ANCESTORS) + "])"

CLIENT = """
CREATE OR REPLACE FUNCTION door_client(sought text)
RETURNS TABLE (id bigint, uid uuid, organization_id bigint, name text, secret bytea, former bytea,
    former_until timestamptz, addresses text, purposes text[], tells text[], answered boolean, valid_until date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT c.id, c.uid, c.organization_id, c.name, c.secret_sealed, c.former_sealed, c.former_until, c.addresses,
    array_remove(ARRAY[CASE WHEN c.for_title_review THEN 'title_review' END,
        CASE WHEN c.for_appraisal THEN 'appraisal' END, CASE WHEN c.for_appointment THEN 'appointment' END], NULL),
    array_remove(ARRAY[CASE WHEN c.tells_total THEN 'total' END,
        CASE WHEN c.tells_subjects THEN 'subjects' END,
        CASE WHEN c.tells_certificates THEN 'certificates' END], NULL),
    c.active AND o.state = 'active', c.valid_until
FROM api_client c JOIN organization o ON o.id = c.organization_id WHERE c.key = sought $$"""

SPEND = """
CREATE OR REPLACE FUNCTION door_client_spend(many int, today date)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
BEGIN
    INSERT INTO api_use AS u (client_id, day, asked)
    SELECT c.id, today, many FROM api_client c
    WHERE c.id = nullif(current_setting('xueshi.client', true), '')::bigint AND many <= c.quota
    ON CONFLICT (client_id, day) DO UPDATE SET asked = u.asked + excluded.asked
    WHERE u.asked + excluded.asked <= (SELECT c.quota FROM api_client c WHERE c.id = u.client_id);
    RETURN FOUND;
END $$"""

HOLDERS = f"""
CREATE OR REPLACE FUNCTION door_client_persons(indexes bytea[], today date)
RETURNS TABLE (held bytea, id bigint, organization_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT p.id_number_index, p.id, p.organization_id FROM person p, {ME}
WHERE p.id_number_index = ANY (indexes) AND p.state <> 'closed' AND {BELOW.format("p")} $$"""

YEARS = f"""
CREATE OR REPLACE FUNCTION door_client_years(persons bigint[], years int[], today date)
RETURNS TABLE (person_id bigint, year int, total numeric, subjects jsonb, complete boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT y.person_id, y.year, y.total, y.subjects, y.complete
FROM person_year y JOIN person p ON p.id = y.person_id, {ME}
WHERE y.person_id = ANY (persons) AND y.year = ANY (years) AND {BELOW.format("p")} $$"""

CERTIFICATES = f"""
CREATE OR REPLACE FUNCTION door_client_certificates(persons bigint[], years int[], today date)
RETURNS TABLE (person_id bigint, since int, year int, number text, code text, state text, issued_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT c.person_id, c.since, c.year, c.number, c.code, c.state, c.issued_at
FROM certificate c JOIN person p ON p.id = c.person_id, {ME}
WHERE c.person_id = ANY (persons) AND me.tells_certificates AND {BELOW.format("p")}
    AND EXISTS (SELECT FROM unnest(years) AS asked (each) WHERE asked.each BETWEEN c.since AND c.year)
ORDER BY c.person_id, c.year, c.id $$"""

CHANGES = f"""
CREATE OR REPLACE FUNCTION door_client_changes(after bigint, most int, today date)
RETURNS TABLE (place bigint, changed_at timestamptz, changed_to text, number text, code text, since int,
    year int, held bytea)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF EXISTS (SELECT FROM certificate_change x WHERE x.position IS NULL) THEN
        PERFORM pg_advisory_xact_lock({FEED_LOCK});
        WITH fresh AS (
            SELECT x.id, (SELECT coalesce(max(y.position), 0) FROM certificate_change y)
                + row_number() OVER (ORDER BY x.id) AS place
            FROM certificate_change x WHERE x.position IS NULL ORDER BY x.id LIMIT {PLACED})
        UPDATE certificate_change x SET position = fresh.place FROM fresh WHERE x.id = fresh.id;
    END IF;
    RETURN QUERY
    SELECT x.position, x.changed_at, x.state::text, c.number::text, c.code::text, c.since::int, c.year::int,
        p.id_number_index
    FROM {ME}, certificate_change x JOIN certificate c ON c.id = x.certificate_id
    JOIN person p ON p.id = c.person_id
    WHERE x.position > after AND me.tells_certificates AND {BELOW.format("p")}
    ORDER BY x.position LIMIT most;
END $$"""

DOORS = (CLIENT, SPEND, HOLDERS, YEARS, CERTIFICATES, CHANGES)


def client(session: Session, key: str) -> Row[Any] | None:
    """Who signs with this key, its secrets as they are kept. Nobody needs to be known for this."""
    found = rows(session, "door_client(:sought)", sought=key)
    return found[0] if found else None


def client_spends(session: Session, many: int, today: date) -> bool:
    """Count questions about so many professionals; False when the acting client's day has not so many left."""
    spent = session.scalar(text("SELECT door_client_spend(:many, :today)"), {"many": many, "today": today})
    return bool(spent)


def client_persons(session: Session, indexes: Iterable[bytes]) -> dict[bytes, Row[Any]]:
    """The living persons with these numbers whom the acting client may ask for, by the blind index."""
    asked = {"indexes": list(indexes), "today": clock.today()}
    return {bytes(row.held): row for row in rows(session, "door_client_persons(:indexes, :today)", **asked)}


def client_years(session: Session, persons: Sequence[int], years: Sequence[int]) -> list[Row[Any]]:
    """What these persons have in these years."""
    asked = {"persons": list(persons), "years": list(years), "today": clock.today()}
    return rows(session, "door_client_years(:persons, :years, :today)", **asked)


def client_certificates(session: Session, persons: Sequence[int], years: Sequence[int]) -> list[Row[Any]]:
    """The certificates of these persons that hold one of these years, whatever their state."""
    asked = {"persons": list(persons), "years": list(years), "today": clock.today()}
    return rows(session, "door_client_certificates(:persons, :years, :today)", **asked)


def client_changes(session: Session, after: int, most: int) -> list[Row[Any]]:
    """What became of certificates behind a place, in the order of their places."""
    asked = {"after": after, "most": most, "today": clock.today()}
    return rows(session, "door_client_changes(:after, :most, :today)", **asked)
