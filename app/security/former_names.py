"""What an organisation was called before: kept by a trigger, by whatever road its name changes."""

from collections.abc import Iterator

MOST = 10
"""So many former names are kept, the latest first, one to a line."""

KEEP = f"""
CREATE OR REPLACE FUNCTION keep_former_name() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text[] := coalesce(string_to_array(OLD.former_names, E'\\n'), '{{}}');
BEGIN
    before := array_remove(array_remove(before, OLD.name::text), NEW.name::text);
    before := array_prepend(OLD.name::text, before);
    NEW.former_names := array_to_string(before[1:{MOST}], E'\\n');
    RETURN NEW;
END $$"""


def statements() -> Iterator[str]:
    """The trigger and the index by which former names are found; each statement may be run again.

    A name that was never in force, of a unit that still waits for its review, is none.
    """
    yield KEEP
    yield "DROP TRIGGER IF EXISTS keep_former_name ON organization"
    yield (
        "CREATE TRIGGER keep_former_name BEFORE UPDATE OF name ON organization FOR EACH ROW"
        " WHEN (OLD.name <> NEW.name AND OLD.state = 'active') EXECUTE FUNCTION keep_former_name()"
    )
    yield (
        "CREATE INDEX IF NOT EXISTS ix_organization_former_names_grams ON organization"
        " USING gin (grams(former_names)) WHERE former_names IS NOT NULL"
    )
