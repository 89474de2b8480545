"""The second wall of what counts without a review: PostgreSQL asks the origin of each such record.

A record that is inserted as counting must come from a row that is proof of it (app/declare/credits.py),
whatever the scope of the one who writes it.
"""

from collections.abc import Iterator

from app.security.scope import scoped

PROVEN = (
    "WHEN '{source}' THEN EXISTS (SELECT FROM {table} o WHERE o.id = r.origin_id AND o.state = '{state}')"
)


def statements() -> Iterator[str]:
    """The trigger, from what the models declare; each statement may be run again."""
    declared = [(model.__tablename__, model.credits) for model in scoped() if hasattr(model, "credits")]
    proofs = " ".join(
        PROVEN.format(source=each.source, table=table, state=each.state) for table, each in declared
    )
    proven = f"CASE r.source {proofs} ELSE false END" if proofs else "false"
    yield f"""
    CREATE OR REPLACE FUNCTION ask_origin() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public AS $$
    BEGIN
        IF EXISTS (SELECT FROM written r WHERE r.state = 'approved' AND NOT {proven}) THEN
            RAISE EXCEPTION 'hours count by a review, or by an origin that is proof of them'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NULL;
    END $$"""
    yield "DROP TRIGGER IF EXISTS ask_origin ON hour_record"
    yield (
        "CREATE TRIGGER ask_origin AFTER INSERT ON hour_record REFERENCING NEW TABLE AS written"
        " FOR EACH STATEMENT WHEN (current_user = 'xueshi_app') EXECUTE FUNCTION ask_origin()"
    )
