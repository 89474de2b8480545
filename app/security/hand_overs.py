"""The doors of the super-administrator's hand-over: in one transaction, written down, taken back from above.

A partial unique index forbids two super-administrators and a deferred trigger none (security/grants.py), also
while one is handed over.
"""

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.security.doors.door import built

HAND_OVER = """
CREATE OR REPLACE FUNCTION door_hand_over(receiver bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    giver record;
BEGIN
    SELECT * INTO giver FROM acting_post();
    IF NOT coalesce(giver.super AND 'appointment.hand_over' = ANY (giver.held), false) THEN
        RETURN false;
    END IF;
    PERFORM 1 FROM appointment a JOIN ab_user u ON u.id = a.account_id AND u.state = 'active' AND u.active
        WHERE a.id = receiver AND a.organization_id = giver.organization_id AND a.ends_on IS NULL
            AND NOT a.super
        FOR UPDATE OF a;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE appointment SET super = false, role_id = (
            SELECT id FROM role WHERE kind = giver.kind AND organization_id IS NULL AND NOT role.super)
        WHERE id = giver.id AND appointment.super AND ends_on IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE appointment SET super = true, role_id = giver.role_id WHERE id = receiver;
    INSERT INTO hand_over (organization_id, giver_id, receiver_id, former, name)
        SELECT giver.organization_id, g.id, r.id, g.name, r.name FROM appointment g, appointment r
        WHERE g.id = giver.id AND r.id = receiver;
    RETURN true;
END $$"""

TAKE_BACK = """
CREATE OR REPLACE FUNCTION door_take_back(wanted bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    giver record;
    done hand_over%ROWTYPE;
    was appointment%ROWTYPE;
    super_role bigint;
BEGIN
    SELECT * INTO giver FROM acting_post();
    SELECT h.* INTO done FROM hand_over h JOIN organization o ON o.id = h.organization_id
        WHERE h.id = wanted AND o.parent_id = giver.organization_id FOR UPDATE OF h;
    IF NOT coalesce('hand_over.take_back' = ANY (giver.held), false) OR done.id IS NULL
            OR done.taken_back_at IS NOT NULL OR done.handed_at <= now() - interval '24 hours' THEN
        RETURN false;
    END IF;
    SELECT role_id INTO super_role FROM appointment
        WHERE id = done.receiver_id AND appointment.super AND ends_on IS NULL FOR UPDATE;
    SELECT a.* INTO was FROM appointment a JOIN ab_user u ON u.id = a.account_id AND u.state <> 'disabled'
        WHERE a.id = done.giver_id FOR UPDATE OF a;
    IF super_role IS NULL OR was.id IS NULL OR EXISTS (SELECT 1 FROM appointment
            WHERE organization_id = done.organization_id AND account_id = was.account_id AND id <> was.id
                AND ends_on IS NULL) THEN
        RETURN false;
    END IF;
    UPDATE appointment SET super = false, role_id = (SELECT b.id FROM role b JOIN role s ON s.id = super_role
            WHERE b.kind = s.kind AND b.organization_id IS NULL AND NOT b.super)
        WHERE id = done.receiver_id;
    UPDATE ab_user SET state = 'active' WHERE id = was.account_id AND state = 'closed';
    UPDATE appointment SET super = true, role_id = super_role, ends_on = NULL WHERE id = was.id;
    UPDATE hand_over SET taken_back_at = now() WHERE id = done.id;
    RETURN true;
END $$"""


def statements() -> Iterator[str]:
    """The doors; each may be built again."""
    yield from built(HAND_OVER)
    yield from built(TAKE_BACK)


def hand_over(session: Session, receiver: int) -> bool:
    """Make another post the acting organisation's super-administrator.

    False if the actor is it no longer, or the other cannot take it over.
    """
    return bool(session.scalar(text("SELECT door_hand_over(:to)"), {"to": receiver}))


def take_back(session: Session, wanted: int) -> bool:
    """Undo the hand-over of an organisation directly below the acting one; a post that ended is opened again.

    False if it is not there, older than 24 hours, taken back already, or if others hold the posts meanwhile.
    """
    return bool(session.scalar(text("SELECT door_take_back(:wanted)"), {"wanted": wanted}))
