"""What becomes of certificates, in the order in which others may learn it: kept by triggers.

A change gets its place when it is first read, after its commit and under a lock: the numbers of rows are
given before their commit, so that a reader who has gone on behind one would never see a slower one.
"""

from collections.abc import Iterator

from app.models.placed import ANCESTORS

NOTE = f"""
CREATE OR REPLACE FUNCTION note_certificate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
    actor text := coalesce(current_setting('xueshi.actor', true), '');
    noted bigint;
BEGIN
    IF actor = '' THEN
        PERFORM set_config('xueshi.actor', 'trigger', true);
    END IF;
    INSERT INTO certificate_change (certificate_id, state) VALUES (NEW.id, NEW.state) RETURNING id INTO noted;
    IF NEW.state = 'revoked' THEN
        INSERT INTO webhook_delivery (client_id, change_id)
        SELECT c.id, noted FROM api_client c
        WHERE c.active AND c.tells_certificates AND c.webhook_url IS NOT NULL
            AND c.organization_id = ANY (ARRAY[{", ".join(f"NEW.{each}" for each in ANCESTORS)}]);
    END IF;
    PERFORM set_config('xueshi.actor', actor, true);
    RETURN NULL;
END $$"""

STATEMENTS = (
    NOTE,
    "DROP TRIGGER IF EXISTS note_issued ON certificate",
    "CREATE TRIGGER note_issued AFTER INSERT ON certificate FOR EACH ROW EXECUTE FUNCTION note_certificate()",
    "DROP TRIGGER IF EXISTS note_state ON certificate",
    """
CREATE TRIGGER note_state AFTER UPDATE OF state ON certificate FOR EACH ROW
WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION note_certificate()""",
)


def statements() -> Iterator[str]:
    """The triggers; each statement may be run again."""
    yield from STATEMENTS
