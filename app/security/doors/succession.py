"""The door of a take-over: an organisation without a live super-administrator gets one from above.

The organisation is locked first, so that of two who take over one finds it done. A partial unique index
forbids two super-administrators whatever comes (models/appointment.py).
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.database import clock
from app.security.doors.door import in_force

TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
"""The day as PostgreSQL knows it: whoever asks does not say on which day nobody leads."""

LIVE = f"""
    SELECT 1 FROM appointment a JOIN ab_user u ON u.id = a.account_id AND u.state = 'active' AND u.active
    WHERE a.organization_id = place AND a.super AND {in_force("a", TODAY)}"""

TAKE_OVER = f"""
CREATE OR REPLACE FUNCTION door_take_over(place bigint, account int, day date) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    giver record;
    unit organization%ROWTYPE;
    super_role bigint;
    made bigint;
BEGIN
    SELECT * INTO giver FROM acting_post();
    SELECT * INTO unit FROM organization
        WHERE id = place AND parent_id = giver.organization_id AND state = 'active' FOR NO KEY UPDATE;
    IF NOT coalesce('organization.take_over' = ANY (giver.held), false) OR unit.id IS NULL OR EXISTS ({LIVE})
            OR NOT EXISTS (SELECT 1 FROM ab_user WHERE id = account AND state = 'active' AND active) THEN
        RETURN NULL;
    END IF;
    SELECT id INTO super_role FROM role WHERE kind = unit.kind AND organization_id IS NULL AND super;
    UPDATE appointment a SET ends_on = greatest(day, a.starts_on)
        WHERE a.organization_id = place AND a.super AND a.ends_on IS NULL;
    UPDATE appointment a SET super = true, role_id = super_role
        WHERE a.organization_id = place AND a.account_id = account AND a.ends_on IS NULL
        RETURNING id INTO made;
    IF made IS NULL THEN
        INSERT INTO appointment (organization_id, account_id, department_id, role_id, super, starts_on)
            VALUES (place, account, (SELECT min(id) FROM department WHERE organization_id = place),
                super_role, true, day) RETURNING id INTO made;
    END IF;
    RETURN made;
END $$"""


DOORS = (TAKE_OVER,)


def take_over(session: Session, place: int, account: int) -> int | None:
    """Make an account the super-administrator of an organisation directly below the acting one; its post.

    None if that organisation is not there or has a live super-administrator, or the account is not in use.
    """
    words = {"place": place, "account": account, "day": clock.today()}
    return session.scalar(text("SELECT door_take_over(:place, :account, :day)"), words)
