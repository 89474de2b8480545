"""Searches under the second wall: functions that find ids by an index that a policy would not let be used.

ILIKE and @> are no index conditions under a policy, since they might tell what they were asked about. These
functions run as the owner and apply the scope of the acting organisation themselves (performance.md 3).
"""

from collections.abc import Iterator
from typing import Any

from app.declare.access import Granted
from app.declare.column import columns
from app.models.placed import ANCESTORS
from app.security.scope import scoped
from app.security.widths import ORGANIZATION, sql

GRAMS = """
CREATE OR REPLACE FUNCTION grams(words text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    low text := lower(words);
    found text[] := '{}';
    here text;
    before text := ' ';
BEGIN
    FOR place IN 1 .. coalesce(char_length(low), 0) LOOP
        here := substr(low, place, 1);
        IF here !~ '\\s' THEN
            found := found || here;
            IF before !~ '\\s' THEN
                found := found || (before || here);
            END IF;
        END IF;
        before := here;
    END LOOP;
    RETURN found;
END $$"""
"""Every character of a name and every two that stand together; trigrams know no two-character names.

A loop: the same as one query takes nine times as long, and half of what an import spends on this index.
"""

SOUGHT = """
CREATE OR REPLACE FUNCTION sought_grams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN char_length(words) = 1 THEN ARRAY[lower(words)] ELSE
        (SELECT coalesce(array_agg(DISTINCT gram), '{}') FROM (
            SELECT substr(lower(words), place, 2) AS gram
            FROM generate_series(1, char_length(words) - 1) place) g WHERE gram !~ '\\s') END $$"""

NAMED = """
CREATE OR REPLACE FUNCTION search_{table}_{key}(words text, before bigint, most int)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
SET plan_cache_mode = force_custom_plan ROWS 100 AS $$
    SELECT id FROM {table}
    WHERE grams({key}) @> sought_grams(words) AND strpos(lower({key}), lower(words)) > 0
      AND ({here} IN ({ancestors}){waiting}){narrowed}
      AND (search_{table}_{key}.before IS NULL OR id < search_{table}_{key}.before)
    ORDER BY id DESC LIMIT most $$"""
"""The rows with these words in a name, the newest first, below an id if one is given.

Among them is what waits at the acting organisation, wherever it stands: its verdicts are searched too.
"""

ANSWERED = """
CREATE OR REPLACE FUNCTION search_{table}_extra(answers jsonb, before bigint, most int)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public ROWS 100 AS $$
DECLARE
    here bigint := {here};
    level int := (SELECT depth FROM organization WHERE id = here);
BEGIN
    IF level IS NOT NULL THEN
        RETURN QUERY EXECUTE format('SELECT id FROM {table} WHERE ancestor_%s = $1 AND extra @> $2'
            ' AND extra <> ''{{}}''{narrowed} AND ($3 IS NULL OR id < $3) ORDER BY id DESC LIMIT $4', level)
        USING here, answers, before, most;
    END IF;
END $$"""
"""The same for answers to the province's own questions. Many may have given the same one, so it is planned
each time for this scope: a rare answer is found by its index, a frequent one on the way through the scope."""


def searched(model: Any) -> list[str]:
    """The columns of a model that are found by any part of them."""
    return [
        key
        for key, column in columns(model).items()
        if column.field.search and column.kind == "text" and column.field.check != "credit_code"
    ]


def _besides(model: Any) -> Iterator[str]:
    """The columns that open a row to an organisation which they name, wherever the row stands."""
    if hasattr(model, "waiting_id"):
        yield "waiting_id"
    yield from (rule.at for rule in model.access.get("read", ()) if isinstance(rule, Granted) and rule.at)


def statements() -> Iterator[str]:
    """The indexes and functions of all models that stand at an organisation."""
    yield GRAMS
    yield SOUGHT
    for model in scoped():
        if not hasattr(model, "ancestor_1"):
            continue
        table = model.__tablename__
        for key in searched(model):
            yield f"CREATE INDEX IF NOT EXISTS ix_{table}_{key}_grams ON {table} USING gin (grams({key}))"
            yield NAMED.format(
                table=table,
                key=key,
                here=ORGANIZATION,
                ancestors=", ".join(ANCESTORS),
                narrowed=sql(model),
                waiting="".join(f" OR {column} = {ORGANIZATION}" for column in _besides(model)),
            )
        if hasattr(model, "extra"):
            yield (
                f"CREATE INDEX IF NOT EXISTS ix_{table}_extra ON {table} USING gin (extra jsonb_path_ops)"
                " WHERE extra <> '{}'"
            )
            narrowed = sql(model).replace("'", "''")
            yield ANSWERED.format(table=table, here=ORGANIZATION, narrowed=narrowed)
