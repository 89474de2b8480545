"""Doors of signing in: who holds a session, as which posts one may act, who applied and is no account yet."""

from collections.abc import Sequence
from types import MappingProxyType, SimpleNamespace
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.database import clock
from app.security.doors.door import in_force, rows

TODAY = "(moment AT TIME ZONE 'Asia/Shanghai')::date"

COUNTED = 1_000
"""No more things of one kind are counted as waiting; one more is told, so that it can be said."""

LEVEL = """CASE WHEN o.kind <> 'hr_office' THEN '' WHEN o.depth = 1 THEN 'province'
    WHEN coalesce(o.region_id % 100 = 0, o.depth = 2) THEN 'city' ELSE 'county' END"""
"""The level of an HR office `o`: by its division, where it has one; a county may stand below the province."""

SESSION = f"""
CREATE OR REPLACE FUNCTION door_session(token_digest bytea, moment timestamptz, idle_since timestamptz,
    kinds text[])
RETURNS TABLE (session_id bigint, seen_at timestamptz, account_id int, name text, self_id bigint,
    must_change boolean, appointment_id bigint, organization_id bigint, organization text,
    organization_state text, depth smallint, kind text, permissions text[], posts bigint, epoch int,
    unread bigint, waiting jsonb, level text, factor boolean,
    on_behalf text, behalf_account int, behalf_person bigint, seeing bigint, seen_role text,
    department bigint, wide text, columns jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT s.id, s.seen_at, u.id, u.first_name, u.person_id, u.must_change_password,
    a.id, o.id, o.name, o.state, o.depth, coalesce(r.kind, 'person'),
    held.permissions,
    (SELECT count(*) FROM appointment c WHERE c.account_id = u.id AND {in_force("c", TODAY)}), u.epoch,
    (SELECT count(*) FROM (SELECT FROM message m WHERE m.read_at IS NULL
        AND (m.account_id = u.id OR (a.id IS NULL AND m.person_id = u.person_id)) LIMIT 100) few),
    (SELECT jsonb_object_agg(queue.kind, jsonb_build_array(many, late)) FROM unnest(kinds) AS queue (kind), LATERAL (
        SELECT count(*) AS many, count(*) FILTER (WHERE w.due_on < {TODAY}) AS late FROM (
            SELECT v.due_on FROM review v WHERE v.waiting_id = a.organization_id AND v.kind = queue.kind
                AND v.state = 'open'
            LIMIT {COUNTED + 1}) w) counted),
    {LEVEL}, EXISTS (SELECT 1 FROM second_factor f WHERE f.account_id = u.id),
    coalesce(a.on_behalf, ''), g.account_id, (SELECT h.person_id FROM ab_user h WHERE h.id = g.account_id),
    s.seeing_id, (SELECT label FROM role WHERE id = s.seeing_id), coalesce(g.department_id, a.department_id),
    held.wide, u.list_columns
FROM login_session s
JOIN ab_user u ON u.id = s.account_id AND u.epoch = s.epoch AND u.state = 'active' AND u.active
LEFT JOIN appointment a ON a.id = s.appointment_id AND a.account_id = u.id AND {in_force("a", TODAY)}
LEFT JOIN appointment g ON g.id = a.delegator_id
LEFT JOIN organization o ON o.id = a.organization_id
LEFT JOIN role r ON r.id = a.role_id
CROSS JOIN LATERAL (
    SELECT mine.permissions, array_to_string(ARRAY(SELECT may FROM unnest(mine.permissions) may
        WHERE may LIKE '%.below' OR may LIKE '%.unit'), ',') AS wide
    FROM (SELECT CASE WHEN a.rights IS NULL AND s.seeing_id IS NULL THEN own.held
            ELSE ARRAY(SELECT may FROM unnest(own.held) may WHERE (a.rights IS NULL OR may = ANY (a.rights))
                AND (s.seeing_id IS NULL OR may IN (SELECT unnest(seen.held) FROM role seen WHERE seen.id = s.seeing_id)))
            END AS permissions
        FROM role own WHERE own.id = CASE WHEN o.state = 'pending'
            THEN (SELECT id FROM role WHERE kind = 'pending' AND organization_id IS NULL)
            ELSE coalesce(g.role_id, a.role_id,
                (SELECT id FROM role WHERE kind = 'person' AND organization_id IS NULL))
            END) mine) held
WHERE s.token = token_digest AND s.ended_at IS NULL AND s.expires_at > moment AND s.seen_at > idle_since
    AND (s.appointment_id IS NULL OR (a.id IS NOT NULL AND o.state IN ('active', 'pending')))
$$"""
"""Whoever it is, what he may do where, and what waits for him, in one look."""

POSTS = f"""
CREATE OR REPLACE FUNCTION door_posts(account int, day date)
RETURNS TABLE (id bigint, organization_id bigint, organization text, state text, kind text, level text,
    on_behalf text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT a.id, o.id, o.name, o.state, r.kind, {LEVEL}, a.on_behalf
FROM appointment a JOIN organization o ON o.id = a.organization_id
JOIN role r ON r.id = a.role_id
WHERE a.account_id = account AND {in_force("a")} ORDER BY a.id $$"""

APPLICANT = """
CREATE OR REPLACE FUNCTION door_applicant(index bytea)
RETURNS TABLE (id bigint, password text, organization_id bigint, state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT id, password, organization_id, state FROM registration
WHERE id_number_index = index AND state IN ('pending', 'rejected') ORDER BY id DESC LIMIT 1 $$"""

DOORS = (SESSION, POSTS, APPLICANT)


WHO = (
    "SELECT to_jsonb(who), set_config('xueshi.organization', coalesce(CAST(organization_id AS text), ''), true)"
    " || set_config('xueshi.person', CASE WHEN appointment_id IS NULL THEN coalesce(CAST(self_id AS text), '')"
    " ELSE '' END, true) || set_config('xueshi.account', CAST(account_id AS text), true)"
    " || set_config('xueshi.appointment', coalesce(CAST(appointment_id AS text), ''), true)"
    " || set_config('xueshi.actor', CAST(account_id AS text), true)"
    " || set_config('xueshi.department', coalesce(CAST(department AS text), ''), true)"
    " || set_config('xueshi.wide', wide, true) AS told"
    " FROM door_session(%(token)s, %(moment)s, %(idle)s, %(kinds)s) who"
)
"""Who holds a session, and in the same breath the wall is told: as scope.set_actor would tell it.

In the driver's own words, and as one value: every request asks it, and what SQLAlchemy does for each column of
an answer took as long as half the look itself.
"""


PREPARED = MappingProxyType({"prepared": True})


def who(
    session: Session, token: bytes, moment: Any, idle_since: Any, kinds: Sequence[str] = ()
) -> SimpleNamespace | None:
    """The account, appointment, organisation and permissions of a live session, in one statement.

    The columns of the door by their names.

    For the rest of the transaction the wall knows that this account acts. Of these kinds of review it also
    tells how many wait where he acts and how many of them for too long; not whether he may decide them.
    """
    words = {"token": token, "moment": moment, "idle": idle_since, "kinds": list(kinds)}
    found = session.connection().exec_driver_sql(WHO, words, execution_options=PREPARED).first()
    return None if found is None else SimpleNamespace(**found[0])


def posts(session: Session, account: int) -> list[Row[Any]]:
    """The appointments of an account that are in force today."""
    return rows(session, "door_posts(:account, :day)", account=account, day=clock.today())


def applicant(session: Session, index: bytes) -> Row[Any] | None:
    """The newest undecided or rejected registration under an ID number: for the sentence at login."""
    found = rows(session, "door_applicant(:index)", index=index)
    return found[0] if found else None
