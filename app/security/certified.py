"""A certificate never changes but for one thing: it ends once. A trigger keeps that, by whatever road."""

from collections.abc import Iterator

from app.models.certificate import Certificate

FREE = ("organization_id", "state", "ended_at", "ended_by", "reason")
"""What may change: where its person stands, and how it ended."""

KEEP = """
CREATE OR REPLACE FUNCTION keep_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - {free}) IS DISTINCT FROM (to_jsonb(OLD) - {free}) THEN
        RAISE EXCEPTION 'certificate %: what it says is frozen', OLD.number
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.state <> 'valid' AND (to_jsonb(NEW) - {place}) IS DISTINCT FROM (to_jsonb(OLD) - {place}) THEN
        RAISE EXCEPTION 'certificate %: it has ended', OLD.number USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$"""


def statements() -> Iterator[str]:
    """The trigger; each statement may be run again. It binds the role that serves, not the doors."""
    place = ["organization_id", *(each for each in _columns() if each.startswith("ancestor_"))]
    yield KEEP.format(free=_array([*FREE, *place]), place=_array(place))
    yield "DROP TRIGGER IF EXISTS keep_certificate ON certificate"
    yield (
        "CREATE TRIGGER keep_certificate BEFORE UPDATE ON certificate FOR EACH ROW"
        " WHEN (current_user = 'xueshi_app') EXECUTE FUNCTION keep_certificate()"
    )


def _columns() -> list[str]:
    return [column.name for column in Certificate.__table__.columns]


def _array(names: list[str]) -> str:
    return f"ARRAY[{', '.join(repr(each) for each in dict.fromkeys(names))}]"
