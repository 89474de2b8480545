"""Doors of deciding: who may decide where."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.database import clock
from app.models.appointment import LATER
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
WHERE o.id = ANY (organizations) AND a.delegator_id IS NULL AND {in_force("a")} $$"""

BEGIN_POSTS = """
CREATE OR REPLACE FUNCTION door_begin_posts(units bigint[], waits date, day date)
RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
WITH begun AS (
    UPDATE appointment a SET starts_on = day WHERE a.organization_id = ANY (units) AND a.starts_on = waits
        AND EXISTS (SELECT 1 FROM review v WHERE v.subject = 'organization'
            AND v.subject_id = a.organization_id AND v.state = 'approved')
    RETURNING 1)
SELECT count(*) FROM begun $$"""

UNOWNED = f"""
CREATE OR REPLACE FUNCTION door_unowned(kinds text[], nouns text[], verbs text[], day date, most int)
RETURNS TABLE (review_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
WITH may AS (
    SELECT q.kind, pr.role_id FROM unnest(kinds, nouns, verbs) AS q (kind, noun, verb)
    JOIN ab_permission p ON p.name = 'can_' || q.verb JOIN ab_view_menu n ON n.name = q.noun
    JOIN ab_permission_view pv ON pv.permission_id = p.id AND pv.view_menu_id = n.id
    JOIN ab_permission_view_role pr ON pr.permission_view_id = pv.id),
decider AS (
    SELECT DISTINCT may.kind, a.organization_id, u.id AS account_id, u.person_id FROM may
    JOIN appointment a ON a.role_id = may.role_id AND a.delegator_id IS NULL AND {in_force("a")}
    JOIN ab_user u ON u.id = a.account_id AND u.state = 'active' AND u.active
    JOIN organization o ON o.id = a.organization_id AND o.state = 'active')
SELECT v.id FROM review v
WHERE v.state = 'open' AND NOT coalesce(v.chain -> v.step -> 'marks' ? 'orphan', false) AND NOT EXISTS (
    SELECT FROM decider d WHERE d.organization_id = v.waiting_id AND d.kind = v.kind
        AND d.account_id IS DISTINCT FROM v.creator_id AND d.account_id IS DISTINCT FROM v.editor_id
        AND (d.person_id IS NULL OR d.person_id IS DISTINCT FROM v.person_id))
ORDER BY v.id LIMIT most $$"""

DOORS = (DECIDERS, BEGIN_POSTS, UNOWNED)


def deciders(session: Session, organizations: Iterable[int], permission: str) -> dict[int, list[Row[Any]]]:
    """Who may decide at each of these organisations in his own right, with the person that each account is."""
    noun, _, verb = permission.partition(".")
    found: dict[int, list[Row[Any]]] = {}
    ids = sorted(set(organizations))
    for row in rows(
        session, "door_deciders(:ids, :noun, :verb, :day)", ids=ids, noun=noun, verb=verb, day=clock.today()
    ):
        found.setdefault(row.organization_id, []).append(row)
    return found


def unowned(session: Session, permissions: Mapping[str, str], most: int) -> list[int]:
    """Open reviews that nobody may decide any more where they wait; `permissions` are those of the kinds."""
    nouns, verbs = zip(*(each.split(".", 1) for each in permissions.values()), strict=True)
    call = "door_unowned(:kinds, :nouns, :verbs, :day, :most)"
    words = {"kinds": list(permissions), "nouns": list(nouns), "verbs": list(verbs)}
    return [row.review_id for row in rows(session, call, day=clock.today(), most=most, **words)]


def begin_posts(session: Session, units: Iterable[int]) -> int:
    """Let the posts begin today that waited for the approval of these units; how many there were."""
    words = {"units": list(units), "waits": LATER, "day": clock.today()}
    return int(session.scalar(text("SELECT door_begin_posts(:units, :waits, :day)"), words) or 0)
