"""A door of counting: how much stands below each of some organisations, for the tree of subordinates."""

from collections.abc import Sequence

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.models.placed import ANCESTORS
from app.security.doors.door import rows

MOST = 10_000
"""Nothing is counted beyond this: the index alone is read, and no further."""

BELOW = f"""
CREATE OR REPLACE FUNCTION door_below(upper bigint, organizations bigint[], most int)
RETURNS TABLE (id bigint, units bigint, persons bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    level int;
BEGIN
    SELECT o.depth + 1 INTO level FROM organization o WHERE o.id = upper
        AND nullif(current_setting('xueshi.organization', true), '')::bigint
            IN ({", ".join(f"o.{ancestor}" for ancestor in ANCESTORS)});
    IF level IS NULL OR level > {len(ANCESTORS)} THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format(
        'SELECT o.id, (SELECT count(*) FROM (SELECT FROM organization u WHERE u.ancestor_%1$s = o.id LIMIT $3) a) - 1,
            (SELECT count(*) FROM (SELECT FROM person p WHERE $4 AND p.ancestor_%1$s = o.id LIMIT $3) b)
        FROM organization o WHERE o.parent_id = $1 AND o.id = ANY ($2)', level)
        USING upper, organizations, most + 2,
            coalesce('person.below' = ANY (string_to_array(current_setting('xueshi.wide', true), ',')), false);
END $$"""

DOORS = (BELOW,)


def below(session: Session, upper: int, organizations: Sequence[int]) -> dict[int, Row[tuple[int, int, int]]]:
    """Of these organisations directly below `upper`, itself within reach: what stands below each, to MOST."""
    call = "door_below(:upper, :organizations, :most)"
    found = rows(session, call, upper=upper, organizations=list(organizations), most=MOST)
    return {row.id: row for row in found}
