"""Doors of checking: what a reviewer must be told of records that he may not read himself.

They answer about records within the acting organisation's scope, or of the acting person who submits them,
whatever their caller asks.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.models.placed import ANCESTORS
from app.security.doors.door import rows

HERE = "nullif(current_setting('xueshi.organization', true), '')::bigint"


PERSON = "nullif(current_setting('xueshi.person', true), '')::bigint"


def _within(record: str) -> str:
    return f"{HERE} = ANY (ARRAY[{', '.join(f'{record}.{ancestor}' for ancestor in ANCESTORS)}])"


LEARNED = f"""
CREATE OR REPLACE FUNCTION door_learned(records bigint[], asked text[])
RETURNS TABLE (record_id bigint, person_id bigint, year smallint, form text, hours numeric, days jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT h.id, h.person_id, h.year, h.form, h.hours,
    (SELECT jsonb_object_agg(key, h.values -> key) FROM unnest(asked) key WHERE h.values ? key)
FROM hour_record h JOIN (SELECT DISTINCT a.person_id, a.year FROM hour_record a
    WHERE a.id = ANY (records) AND ({_within("a")} OR a.person_id = {PERSON})) whose USING (person_id, year)
WHERE h.state IN ('submitted', 'approved') $$"""

NUMBERS = f"""
CREATE OR REPLACE FUNCTION door_numbers_used(records bigint[])
RETURNS TABLE (record_id bigint, own boolean, within boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT a.id, bool_or(h.person_id = a.person_id), bool_or({_within("h")})
FROM hour_record a JOIN hour_record h ON h.number = a.number AND h.id <> a.id
    AND h.state IN ('submitted', 'approved')
WHERE a.id = ANY (records) AND a.number IS NOT NULL AND ({_within("a")} OR a.person_id = {PERSON}) GROUP BY a.id $$"""

DOORS = (LEARNED, NUMBERS)


def learned(session: Session, records: Iterable[int], asked: Sequence[str]) -> list[Row[Any]]:
    """What the persons of these records have declared for these years and counts or waits, wherever.

    Form, hours and the answers to the fields `asked`; not where, nor what it was.
    """
    return rows(session, "door_learned(:records, :asked)", records=list(records), asked=list(asked))


def numbers_used(session: Session, records: Iterable[int]) -> list[Row[Any]]:
    """Those of these records whose number another one has: by the same person, and whether within the scope."""
    return rows(session, "door_numbers_used(:records)", records=list(records))
