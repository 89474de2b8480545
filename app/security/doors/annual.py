"""A door to the files of annual papers: what nobody has decided about may be taken off again."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.models.annual_paper import WRITTEN
from app.security.doors.door import rows

DROP_FILE = f"""
CREATE OR REPLACE FUNCTION door_drop_paper_file(wanted bigint, sought uuid)
RETURNS TABLE (paper_id bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DELETE FROM attachment a USING annual_paper p
WHERE a.uid = sought AND a.subject = 'annual_paper' AND a.subject_id = wanted AND p.id = wanted
    AND p.state IN ({", ".join(repr(each) for each in WRITTEN)})
    AND p.organization_id = nullif(current_setting('xueshi.organization', true), '')::bigint
    AND NOT EXISTS (SELECT 1 FROM decision d JOIN review r ON r.id = d.review_id
        WHERE r.subject = 'annual_paper' AND r.subject_id = wanted AND d.decided_at >= a.created_at)
RETURNING p.id $$"""

DOORS = (DROP_FILE,)


def drop_paper_file(session: Session, paper: int, uid: UUID) -> bool:
    """Take a file off a paper of the acting organisation; False where it is not, or was decided about."""
    return bool(rows(session, "door_drop_paper_file(:wanted, :sought)", wanted=paper, sought=uid))
