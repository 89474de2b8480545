"""What each role permits, kept beside it by a trigger, by whatever road a permission is given or taken.

Every request asks what its role permits. FAB keeps that in four tables, and gathering ninety rows of them
took a third of the look at a session (security/doors/login.py).
"""

from collections.abc import Iterator

KEEP = """
CREATE OR REPLACE FUNCTION keep_held() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
    actor text := coalesce(current_setting('xueshi.actor', true), '');
BEGIN
    PERFORM set_config('xueshi.actor', 'trigger', true);
    UPDATE role SET held = permissions_of(role.id) WHERE role.id IN (SELECT role_id FROM changed);
    PERFORM set_config('xueshi.actor', actor, true);
    RETURN NULL;
END $$"""

ANEW = """
DO $$
DECLARE
    actor text := coalesce(current_setting('xueshi.actor', true), '');
BEGIN
    PERFORM set_config('xueshi.actor', 'trigger', true);
    UPDATE role SET held = permissions_of(id) WHERE held IS DISTINCT FROM permissions_of(id);
    PERFORM set_config('xueshi.actor', actor, true);
END $$"""
"""In the trail of nobody: what each role permits was given by somebody before."""

CHANGES = {"INSERT": "NEW", "DELETE": "OLD"}
"""What happens to permissions of roles, and which rows tell of whom; an update is refused."""


def statements() -> Iterator[str]:
    """The triggers, and what the roles hold now; each statement may be run again."""
    yield KEEP
    yield "REVOKE ALL ON FUNCTION keep_held() FROM PUBLIC"
    for change, rows in CHANGES.items():
        name = f"keep_held_{change.lower()}"
        yield f"DROP TRIGGER IF EXISTS {name} ON ab_permission_view_role"
        yield (
            f"CREATE TRIGGER {name} AFTER {change} ON ab_permission_view_role"
            f" REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_held()"
        )
    yield "DROP TRIGGER IF EXISTS refuse_update ON ab_permission_view_role"
    yield (
        "CREATE TRIGGER refuse_update BEFORE UPDATE ON ab_permission_view_role"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    yield ANEW
