"""A door to deadlines: those who ask stand above those of whom it is asked.

It asks the acting organisation itself and takes no word for it from its caller.
"""

from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.models.placed import ANCESTORS
from app.security.doors.door import rows

MOST = 100
"""So many are told, the one due last first."""

DEADLINES = f"""
CREATE OR REPLACE FUNCTION door_deadlines(wanted bigint, earliest date, most int)
RETURNS TABLE (id bigint, title text, matter text, year smallint, reminded_on date, audience text, direct boolean, since date, due_on date,
    note text, organization_id bigint, organization text, depth smallint, asked boolean, done boolean, below boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
WITH here AS (
    SELECT id, kind, parent_id, registered_at, ARRAY[{", ".join(ANCESTORS)}] AS line FROM organization
    WHERE id = nullif(current_setting('xueshi.organization', true), '')::bigint),
told AS (
    SELECT d.*, h.id AS me, NOT coalesce(d.organization_id = ANY (h.line), false) AS lower,
        d.organization_id <> h.id AND d.organization_id = ANY (h.line) AND d.audience IN ('all', h.kind)
            AND (NOT d.direct OR d.organization_id = h.parent_id) AS asked,
        CASE d.matter WHEN 'registration' THEN h.registered_at IS NOT NULL WHEN 'liaison' THEN EXISTS (
            SELECT 1 FROM liaison l WHERE l.organization_id = h.id AND l.filled_on >= coalesce(d.since, '-infinity'))
            ELSE EXISTS (SELECT 1 FROM annual_paper p WHERE p.organization_id = h.id AND p.paper = d.matter
                AND p.year = d.year AND p.state IN ('submitted', 'approved')) END AS done,
        (NOT d.direct OR d.organization_id = h.id)
            AND EXISTS (SELECT 1 FROM organization u WHERE u.parent_id = h.id) AS below
    FROM here h JOIN deadline d ON d.organization_id = ANY (h.line)
        OR (d.id = wanted AND h.id = ANY (ARRAY[{", ".join(f"d.{ancestor}" for ancestor in ANCESTORS)}]))
    WHERE (wanted IS NULL OR d.id = wanted) AND (earliest IS NULL OR d.due_on >= earliest))
SELECT t.id, t.title, t.matter, t.year, t.reminded_on, t.audience, t.direct, t.since, t.due_on, t.note, o.id, o.name, o.depth,
    t.asked, t.done, t.below
FROM told t JOIN organization o ON o.id = t.organization_id
WHERE t.asked OR t.below OR t.lower OR t.organization_id = t.me
ORDER BY t.due_on DESC, t.id DESC LIMIT most $$"""
"""`asked` says that it is asked of the acting organisation itself, `done` that this one has done it, `below` that
it may be asked of one below it. What concerns neither is not told."""

DOORS = (DEADLINES,)


def deadlines_for(
    session: Session, *, wanted: int | None = None, earliest: date | None = None, most: int = MOST
) -> list[Row[Any]]:
    """What is asked of the acting organisation or of those below it, due from `earliest` on.

    Or the one that is `wanted`, also where an organisation below asks it.
    """
    call = "door_deadlines(:wanted, :earliest, :most)"
    return rows(session, call, wanted=wanted, earliest=earliest, most=most)
