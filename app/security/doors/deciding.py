"""Doors of deciding: who may decide where."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.database import clock
from app.security.doors.door import in_force, rows

DECIDERS = f"""
CREATE OR REPLACE FUNCTION door_deciders(organizations bigint[], noun text, verb text, day date)
RETURNS TABLE (organization_id bigint, account_id int, person_id bigint, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT DISTINCT o.id, u.id, u.person_id, u.first_name FROM appointment a
JOIN ab_user u ON u.id = a.account_id AND u.state = 'active' AND u.active
JOIN organization o ON o.id = a.organization_id AND o.state = 'active'
JOIN ab_permission_view_role pr ON pr.role_id = a.role_id
JOIN ab_permission_view pv ON pv.id = pr.permission_view_id
JOIN ab_permission p ON p.id = pv.permission_id AND p.name = 'can_' || verb
JOIN ab_view_menu v ON v.id = pv.view_menu_id AND v.name = noun
WHERE o.id = ANY (organizations) AND {in_force("a")} $$"""

DOORS = (DECIDERS,)


def deciders(session: Session, organizations: Iterable[int], permission: str) -> dict[int, list[Row[Any]]]:
    """Who may decide at each of these organisations, with the person that each account is."""
    noun, _, verb = permission.partition(".")
    found: dict[int, list[Row[Any]]] = {}
    ids = sorted(set(organizations))
    for row in rows(
        session, "door_deciders(:ids, :noun, :verb, :day)", ids=ids, noun=noun, verb=verb, day=clock.today()
    ):
        found.setdefault(row.organization_id, []).append(row)
    return found
