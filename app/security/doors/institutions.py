"""The door to the public list of institutions: what whoever comes may know of them, and no person's data."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.security.doors.door import rows

INSTITUTIONS = """
CREATE OR REPLACE FUNCTION door_institutions(words text, chosen text[], city bigint, shown text[], after bigint, most int)
RETURNS TABLE (id bigint, name text, region text, address text, parent text, facts jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT o.id, o.name, CASE WHEN u.parent_id IS NULL THEN r.name ELSE concat(u.name, r.name) END, o.address, p.name,
    coalesce((SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(o.extra) e
        WHERE e.key = ANY (shown) AND e.value <> 'null'), '{}')
FROM organization o LEFT JOIN region r ON r.id = o.region_id LEFT JOIN region u ON u.id = r.parent_id
    LEFT JOIN organization p ON p.id = o.parent_id
WHERE o.kind = 'institution' AND o.state = 'active' AND o.id > coalesce(after, 0)
    AND (city IS NULL OR o.region_id / 100 = city / 100)
    AND (words = '' OR strpos(lower(o.name), lower(words)) > 0 OR EXISTS (
        SELECT 1 FROM jsonb_each_text(o.extra) e WHERE e.key = ANY (shown)
            AND (strpos(lower(e.value), lower(words)) > 0 OR e.value = ANY (chosen))))
ORDER BY o.id LIMIT most $$"""
"""`shown` are the fields that the province lets everybody read; `chosen` are keys of their choices."""

CITIES = """
CREATE OR REPLACE FUNCTION door_institution_cities()
RETURNS TABLE (id bigint, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT r.id, r.name FROM region r WHERE r.valid_to IS NULL AND EXISTS (
    SELECT 1 FROM organization o WHERE o.kind = 'institution' AND o.state = 'active'
        AND (o.region_id = r.id OR (r.id % 100 = 0 AND o.region_id / 100 = r.id / 100)))
    AND (r.id % 100 = 0 OR r.id / 100 * 100 NOT IN (SELECT c.id FROM region c)) ORDER BY r.id $$"""
"""Where there are any: cities, and counties that stand in none."""

CLASSES = """
CREATE OR REPLACE FUNCTION door_open_classes(organizers bigint[], today date, most int)
RETURNS TABLE (organization_id bigint, title text, subject text, first_day date, last_day date, place text,
    hours numeric, seats int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT c.organization_id, c.title, c.subject, c.first_day, c.last_day, c.place, c.hours, c.capacity - c.enrolled
FROM (SELECT t.*, row_number() OVER (PARTITION BY t.organization_id ORDER BY t.first_day, t.id) AS number
    FROM training_class t WHERE t.state = 'open' AND t.enrolment = 'self' AND t.first_day >= today
        AND t.organization_id = ANY (organizers)) c
WHERE c.number <= most ORDER BY c.organization_id, c.first_day, c.id $$"""
"""Classes that anybody may still join; who teaches them is not told."""

DOORS = (INSTITUTIONS, CITIES, CLASSES)


def institutions(
    session: Session,
    words: str,
    chosen: Iterable[str],
    city: int | None,
    shown: Iterable[str],
    *,
    after: int | None,
    most: int,
) -> list[Row[Any]]:
    """Approved institutions whose name or public fields hold the words, in the order of their registration."""
    return rows(
        session,
        "door_institutions(:words, :chosen, :city, :shown, :after, :most)",
        words=words,
        chosen=list(chosen),
        city=city,
        shown=list(shown),
        after=after,
        most=most,
    )


def institution_cities(session: Session) -> list[Row[Any]]:
    """The divisions in which there is an approved institution, by their codes."""
    return rows(session, "door_institution_cities()")


def open_classes(session: Session, organizers: Iterable[int], today: date, most: int) -> list[Row[Any]]:
    """The next classes of these institutions that professionals may enrol in themselves, `most` of each."""
    call = "door_open_classes(:organizers, :today, :most)"
    return rows(session, call, organizers=list(organizers), today=today, most=most)
