"""Who may give what to whom: nobody gives what he does not hold, nor beyond his own organisation. One rule.

Held twice, like every wall: `ungrantable` says it to services and pages, and PostgreSQL refuses whatever comes
another way. Roles are written by the doors here alone; posts by whoever may, under a trigger. The owner of the
tables is not asked: migrations and the demo's loader write as the owner.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.security.actor import Actor
from app.security.doors.door import in_force
from app.security.permissions import kept, undelegable
from app.security.widths import UNIT, givable, narrowable


def ungrantable(actor: Actor, permissions: Iterable[str]) -> frozenset[str]:
    """Which of these permissions the actor cannot give: what he does not hold, and what is nobody's to give."""
    return frozenset(permissions) - free(actor)


def free(actor: Actor) -> frozenset[str]:
    """What the actor can give."""
    return givable(actor.permissions) - kept()


def delegable(actor: Actor) -> frozenset[str]:
    """What the actor may let somebody do on his behalf for a time; nothing while he acts on behalf himself."""
    if actor.on_behalf or not actor.may("appointment.delegate"):
        return frozenset()
    return actor.permissions - undelegable()


TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
"""The day as PostgreSQL knows it: whoever asks for a grant does not say which day it is."""

OF_ROLE = """
CREATE OR REPLACE FUNCTION permissions_of(wanted bigint) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT coalesce(array_agg(v.name || '.' || substr(p.name, 5) ORDER BY v.name, p.name), '{}')
FROM ab_permission_view_role g JOIN ab_permission_view pv ON pv.id = g.permission_view_id
JOIN ab_permission p ON p.id = pv.permission_id JOIN ab_view_menu v ON v.id = pv.view_menu_id
WHERE g.role_id = wanted AND p.name LIKE 'can\\_%' $$"""

OF_POST = """
CREATE OR REPLACE FUNCTION rights_of(post bigint) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT CASE WHEN a.delegator_id IS NULL THEN permissions_of(a.role_id)
    ELSE ARRAY(SELECT unnest(permissions_of(g.role_id)) INTERSECT SELECT unnest(a.rights)) END
FROM appointment a LEFT JOIN appointment g ON g.id = a.delegator_id WHERE a.id = post $$"""

ACTING = f"""
CREATE OR REPLACE FUNCTION acting_post(OUT id bigint, OUT organization_id bigint, OUT super boolean,
    OUT role_id bigint, OUT kind text, OUT held text[], OUT account_id int, OUT delegator_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT a.id, a.organization_id, a.super, a.role_id, o.kind, rights_of(a.id), a.account_id, a.delegator_id
FROM appointment a JOIN organization o ON o.id = a.organization_id AND o.state = 'active'
JOIN ab_user u ON u.id = a.account_id AND u.state = 'active' AND u.active
WHERE a.id = nullif(current_setting('xueshi.appointment', true), '')::bigint
    AND a.account_id = nullif(current_setting('xueshi.account', true), '')::int AND {in_force("a", TODAY)} $$"""

GIVABLE = f"""
CREATE OR REPLACE FUNCTION givable(held text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = public AS $$
SELECT coalesce(array_agg(each), '{{}}') FROM unnest(held) each
WHERE split_part(each, '.', 1) <> ALL (NEAR) OR split_part(each, '.', 1) || '.{UNIT}' = ANY (held) $$"""
"""The same as widths.givable."""

MAY_GRANT = """
CREATE OR REPLACE FUNCTION may_grant(wanted bigint, place bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    giver record;
    given role%ROWTYPE;
BEGIN
    SELECT * INTO given FROM role WHERE id = wanted;
    IF given.super THEN  -- for whoever registers an organisation, in the transaction that does it
        RETURN EXISTS (SELECT 1 FROM organization
                WHERE id = place AND kind = given.kind AND kind <> 'hr_office' AND created_at = now())
            AND NOT EXISTS (SELECT 1 FROM appointment WHERE organization_id = place);
    END IF;
    SELECT * INTO giver FROM acting_post();
    RETURN coalesce(giver.organization_id = place AND given.kind = giver.kind AND giver.delegator_id IS NULL
        AND coalesce(given.organization_id, place) = place AND permissions_of(wanted) <@ givable(giver.held), false);
END $$"""

MAY_DELEGATE = """
CREATE OR REPLACE FUNCTION may_delegate(wanted appointment) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    giver record;
BEGIN
    SELECT * INTO giver FROM acting_post();
    RETURN coalesce(giver.id = wanted.delegator_id AND giver.delegator_id IS NULL
        AND giver.organization_id = wanted.organization_id AND giver.account_id <> wanted.account_id
        AND 'appointment.delegate' = ANY (giver.held) AND wanted.rights <@ giver.held
        AND cardinality(wanted.rights) > 0 AND NOT wanted.rights && GIVING
        AND wanted.ends_on - wanted.starts_on BETWEEN 1 AND 366
        AND EXISTS (SELECT 1 FROM role r WHERE r.id = wanted.role_id AND r.kind = giver.kind
            AND r.organization_id IS NULL AND NOT r.super)
        AND EXISTS (SELECT 1 FROM appointment e WHERE e.account_id = wanted.account_id
            AND e.organization_id = wanted.organization_id AND e.delegator_id IS NULL AND e.ends_on IS NULL), false);
END $$"""

POSTS = (
    """
CREATE OR REPLACE FUNCTION grant_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'xueshi_app' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW.super <> OLD.super OR (OLD.super AND NEW.role_id <> OLD.role_id)
                OR (NEW.organization_id, NEW.account_id) <> (OLD.organization_id, OLD.account_id)
                OR (NEW.delegator_id, NEW.rights) IS DISTINCT FROM (OLD.delegator_id, OLD.rights) THEN
            RAISE EXCEPTION 'appointment %: handed over by its door alone', NEW.id
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.role_id = OLD.role_id AND NEW.starts_on >= OLD.starts_on
                AND NEW.department_id IS NOT DISTINCT FROM OLD.department_id
                AND coalesce(NEW.ends_on, 'infinity') <= coalesce(OLD.ends_on, 'infinity') THEN
            RETURN NEW;
        END IF;
    END IF;
    IF NOT (NEW.delegator_id IS NULL AND may_grant(NEW.role_id, NEW.organization_id)
            OR NEW.delegator_id IS NOT NULL AND may_delegate(NEW)) THEN
        RAISE EXCEPTION 'role % holds more than whoever gives it at %', NEW.role_id, NEW.organization_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$""",
    """
CREATE OR REPLACE FUNCTION name_post() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
    SELECT first_name INTO NEW.name FROM ab_user WHERE id = NEW.account_id;
    NEW.on_behalf := coalesce((SELECT d.name FROM appointment d WHERE d.id = NEW.delegator_id), '');
    IF NEW.super IS DISTINCT FROM (SELECT r.super FROM role r WHERE r.id = NEW.role_id) THEN
        RAISE EXCEPTION 'appointment %: the role and the post differ', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$""",
    """
CREATE OR REPLACE FUNCTION rename_posts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
    UPDATE appointment SET name = NEW.first_name WHERE account_id = NEW.id;
    RETURN NULL;
END $$""",
    """
CREATE OR REPLACE FUNCTION one_super() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
    place bigint;
BEGIN
    place := CASE WHEN TG_OP = 'DELETE' THEN OLD.organization_id ELSE NEW.organization_id END;
    IF EXISTS (SELECT 1 FROM organization WHERE id = place AND state IN ('pending', 'active'))
            AND (TG_OP <> 'INSERT' OR NEW.ends_on IS NULL)
            AND NOT EXISTS (SELECT 1 FROM appointment WHERE organization_id = place AND super AND ends_on IS NULL) THEN
        RAISE EXCEPTION 'organization % would have no super-administrator', place USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$""",
)

TRIGGERS = (
    ("grant_post", "appointment", "BEFORE INSERT OR UPDATE", ""),
    ("name_post", "appointment", "BEFORE INSERT OR UPDATE", ""),
    ("rename_posts", "ab_user", "AFTER UPDATE OF first_name", ""),
    ("one_super", "appointment", "AFTER INSERT OR UPDATE OR DELETE", " DEFERRABLE INITIALLY DEFERRED"),
)

ROLE = """
CREATE OR REPLACE FUNCTION door_role(wanted bigint, title text, granted text[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    giver record;
    made bigint := wanted;
BEGIN
    SELECT * INTO giver FROM acting_post();
    IF giver.id IS NULL OR NOT granted <@ givable(giver.held) OR granted && KEPT
            OR NOT (CASE WHEN wanted IS NULL THEN 'role.create' ELSE 'role.update' END = ANY (giver.held)) THEN
        RAISE EXCEPTION 'more than the giver holds' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF made IS NULL THEN
        INSERT INTO ab_role (name) VALUES ('made:' || gen_random_uuid()) RETURNING id INTO made;
        INSERT INTO role (id, kind, label, organization_id)
            VALUES (made, giver.kind, title, giver.organization_id);
    ELSE
        UPDATE role SET label = title WHERE id = made AND organization_id = giver.organization_id;
        IF NOT FOUND OR NOT permissions_of(made) <@ givable(giver.held) THEN
            RAISE EXCEPTION 'role % is not the giver''s', made USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    DELETE FROM ab_permission_view_role WHERE role_id = made;
    INSERT INTO ab_permission_view_role (permission_view_id, role_id)
        SELECT pv.id, made FROM ab_permission_view pv JOIN ab_permission p ON p.id = pv.permission_id
        JOIN ab_view_menu v ON v.id = pv.view_menu_id
        WHERE p.name LIKE 'can\\_%' AND v.name || '.' || substr(p.name, 5) = ANY (granted);
    UPDATE ab_user SET epoch = epoch + 1 WHERE id IN (
        SELECT account_id FROM appointment WHERE role_id = made);
    RETURN made;
END $$"""

DROP_ROLE = """
CREATE OR REPLACE FUNCTION door_drop_role(wanted bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    giver record;
BEGIN
    SELECT * INTO giver FROM acting_post();
    IF NOT coalesce('role.delete' = ANY (giver.held) AND permissions_of(wanted) <@ giver.held, false)
            OR EXISTS (SELECT 1 FROM appointment WHERE role_id = wanted) THEN
        RETURN false;
    END IF;
    DELETE FROM role WHERE id = wanted AND organization_id = giver.organization_id;
    IF FOUND THEN
        DELETE FROM ab_role WHERE id = wanted;
    END IF;
    RETURN FOUND;
END $$"""

DOORS = (
    ("permissions_of(bigint)", OF_ROLE),
    ("rights_of(bigint)", OF_POST),
    ("acting_post()", ACTING),
    ("givable(text[])", GIVABLE),
    ("may_grant(bigint, bigint)", MAY_GRANT),
    ("may_delegate(appointment)", MAY_DELEGATE),
    ("door_role(bigint, text, text[])", ROLE),
    ("door_drop_role(bigint)", DROP_ROLE),
)


def statements() -> Iterator[str]:
    """The rule as PostgreSQL holds it; each statement may be run again."""
    never = ", ".join(f"'{name}'" for name in sorted(kept()))
    giving = ", ".join(f"'{name}'" for name in sorted(undelegable()))
    near = ", ".join(f"'{table}'" for table, within in narrowable().items() if within.department)
    yield "DROP FUNCTION IF EXISTS acting_post()"
    for name, body in DOORS:
        lists = {"KEPT": never, "GIVING": giving, "NEAR": near}
        for word, names in lists.items():
            body = body.replace(word, f"ARRAY[{names}]::text[]")  # noqa: PLW2901 -- filled in
        yield body
        yield f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION {name} TO xueshi_app"
    yield from POSTS
    for name, table, when, how in TRIGGERS:
        yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
        kind = "CONSTRAINT TRIGGER" if how else "TRIGGER"
        yield f"CREATE {kind} {name} {when} ON {table}{how} FOR EACH ROW EXECUTE FUNCTION {name}()"


def permissions_of(session: Session, role: int) -> frozenset[str]:
    """What a role holds, whosever it is: services ask for roles within reach alone."""
    return frozenset(session.scalar(text("SELECT permissions_of(:role)"), {"role": role}) or ())


def held_by(session: Session, roles: Iterable[int]) -> dict[int, frozenset[str]]:
    """The same of several roles, in one statement."""
    asked = text("SELECT role, permissions_of(role) AS held FROM unnest(CAST(:roles AS int[])) role")
    return {row.role: frozenset(row.held or ()) for row in session.execute(asked, {"roles": list(roles)})}


def write_role(session: Session, role: int | None, label: str, permissions: Iterable[str]) -> int:
    """Make a role of the acting organisation (None), or change one; its id. PostgreSQL refuses what is not held."""
    words = {"role": role, "label": label, "granted": sorted(permissions)}
    return int(session.execute(text("SELECT door_role(:role, :label, :granted)"), words).scalar_one())


def drop_role(session: Session, role: int) -> bool:
    """Take away a role that nobody ever held; False if somebody has, or it is not one's own."""
    return bool(session.scalar(text("SELECT door_drop_role(:role)"), {"role": role}))
