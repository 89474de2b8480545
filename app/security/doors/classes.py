"""Doors of classes: which ones a professional may join or is in, and who is meant by a number and a name."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.models.placed import ANCESTORS
from app.security.doors.door import rows

MOST = 200
"""Classes shown to one professional."""

ABOVE = ", ".join(f"p.{ancestor}" for ancestor in ANCESTORS)

CLASSES = f"""
CREATE OR REPLACE FUNCTION door_classes(whose bigint, day date, most int)
RETURNS TABLE (id bigint, title text, organizer text, organization_id bigint, year smallint, subject text,
    form text, first_day date, last_day date, half_days text[], place text, teachers text, hours numeric,
    capacity int, enrolled int, state text, joined_by text, member_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT c.id, c.title, o.name, c.organization_id, c.year, c.subject, c.form, c.first_day, c.last_day,
    c.half_days::text[], c.place, c.teachers, c.hours, c.capacity, c.enrolled, c.state, m.joined_by, m.id
FROM person p CROSS JOIN training_class c JOIN organization o ON o.id = c.organization_id
LEFT JOIN class_member m ON m.class_id = c.id AND m.person_id = p.id AND m.left_at IS NULL
WHERE p.id = whose AND p.id = nullif(current_setting('xueshi.person', true), '')::bigint AND p.state = 'active'
    AND (c.id IN (SELECT mine.class_id FROM class_member mine WHERE mine.person_id = whose)
            AND m.id IS NOT NULL
        OR c.state = 'open' AND c.enrolment = 'self' AND c.first_day >= day
            AND (o.kind = 'institution' OR c.organization_id IN ({ABOVE})))
ORDER BY m.id IS NULL, c.first_day DESC, c.id DESC LIMIT most $$"""

MEANT = f"""
CREATE OR REPLACE FUNCTION door_meant(numbers bytea[], names text[], everywhere boolean)
RETURNS TABLE (place int, id bigint, name text, organization text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT asked.place::int, p.id, p.name, o.name
FROM unnest(numbers, names) WITH ORDINALITY AS asked (number, called, place)
JOIN person p ON p.id_number_index = asked.number AND p.name = asked.called AND p.state = 'active'
JOIN organization o ON o.id = p.organization_id
WHERE everywhere OR nullif(current_setting('xueshi.organization', true), '')::bigint IN ({ABOVE}) $$"""

DOORS = (CLASSES, MEANT)


def classes(session: Session, person_id: int, day: date) -> Sequence[Row[Any]]:
    """The classes of the acting professional, and those that he may enrol in from `day` on, own ones first.

    Open to him are those that enrol by themselves, of an institution or of an organisation above him.
    """
    return rows(session, "door_classes(:whose, :day, :most)", whose=person_id, day=day, most=MOST)


def meant(
    session: Session, sought: Sequence[tuple[bytes, str]], *, everywhere: bool
) -> Mapping[int, Row[Any]]:
    """Who is meant by the blind index of a number and a name, by position: for who knows both of somebody.

    Only those at or below the acting organisation, unless `everywhere`: an institution teaches everybody.
    """
    call = "door_meant(:numbers, :names, :everywhere)"
    found = rows(
        session,
        call,
        numbers=[number for number, _name in sought],
        names=[name for _number, name in sought],
        everywhere=everywhere,
    )
    return {row.place - 1: row for row in found}
