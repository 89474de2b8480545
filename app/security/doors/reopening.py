"""A door to reopened years: those who decide stand above those whom it is for.

It asks the acting person or the acting organisation itself, and takes no word for it from its caller.
"""

from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.models.placed import ANCESTORS
from app.security.doors.door import rows

LINE = f"ARRAY[{', '.join(ANCESTORS)}]"

REOPENED = f"""
CREATE OR REPLACE FUNCTION door_reopened(day date)
RETURNS TABLE (year smallint, until date, reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
WITH here AS (
    SELECT id AS person_id, {LINE} AS line FROM person
    WHERE id = nullif(current_setting('xueshi.person', true), '')::bigint
    UNION ALL SELECT NULL, {LINE} FROM organization
    WHERE id = nullif(current_setting('xueshi.organization', true), '')::bigint)
SELECT DISTINCT ON (r.year) r.year, r.until, r.reason
FROM here h JOIN reopening r ON r.organization_id = ANY (h.line) AND (r.person_id IS NULL OR r.person_id = h.person_id)
WHERE r.until >= day ORDER BY r.year, r.until DESC, r.id DESC $$"""

DOORS = (REOPENED,)


def reopened(session: Session, day: date) -> list[Row[Any]]:
    """The years that are open on a day by a decision, for the acting person or organisation."""
    return rows(session, "door_reopened(:day)", day=day)
