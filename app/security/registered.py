"""Since when an organisation takes part: triggers keep it, by whatever road its first sign of life comes.

An employer with its first professional, a department or an institution as soon as it is approved, an HR
office, which others have set up, with the first login for it. Who is missing is then an index away
(services/missing.py).
"""

from collections.abc import Iterator

FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
    actor text := coalesce(current_setting('xueshi.actor', true), '');
BEGIN
    IF EXISTS (SELECT 1 FROM organization o {where} AND o.registered_at IS NULL) THEN
        PERFORM set_config('xueshi.actor', 'trigger', true);
        UPDATE organization o SET registered_at = now() {where} AND o.registered_at IS NULL;
        PERFORM set_config('xueshi.actor', actor, true);
    END IF;
    RETURN NULL;
END $$"""

STATEMENTS = (
    FUNCTION.format(
        name="note_first_person", where="WHERE o.id = NEW.organization_id AND o.kind = 'employer'"
    ),
    "DROP TRIGGER IF EXISTS note_first_person ON person",
    """
CREATE TRIGGER note_first_person AFTER INSERT OR UPDATE OF organization_id ON person
FOR EACH ROW EXECUTE FUNCTION note_first_person()""",
    FUNCTION.format(
        name="note_first_login",
        where="WHERE o.id = (SELECT a.organization_id FROM appointment a WHERE a.id = NEW.appointment_id)"
        " AND o.kind = 'hr_office'",
    ),
    "DROP TRIGGER IF EXISTS note_first_login ON login_session",
    """
CREATE TRIGGER note_first_login AFTER INSERT OR UPDATE OF appointment_id ON login_session
FOR EACH ROW WHEN (NEW.appointment_id IS NOT NULL) EXECUTE FUNCTION note_first_login()""",
    """
CREATE OR REPLACE FUNCTION note_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.registered_at := now();
    RETURN NEW;
END $$""",
    "DROP TRIGGER IF EXISTS note_approved ON organization",
    """
CREATE TRIGGER note_approved BEFORE INSERT OR UPDATE OF state ON organization FOR EACH ROW
WHEN (NEW.state = 'active' AND NEW.kind IN ('authority', 'institution') AND NEW.registered_at IS NULL)
EXECUTE FUNCTION note_approved()""",
)


def statements() -> Iterator[str]:
    """The triggers; each statement may be run again."""
    yield from STATEMENTS
