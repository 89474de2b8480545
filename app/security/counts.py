"""The counts of statistics: what changed is noted in the transaction of the change, and counted by a job.

A trigger notes the organisation and the year, nothing else, so a batch of thousands adds one row for each
organisation and nobody holds what another needs. The job counts the noted organisations anew from the records
themselves and adds the difference to what stands above them: the sums cannot drift by a forgotten event, and
an organisation that moved takes its numbers out of the old line into the new one.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.organization_year import ALL, CELL, MEASURES
from app.models.placed import ANCESTORS
from app.security.worker_doors import door

LOCK = 7_202_641
"""The lock of whoever counts; any number that nothing else locks."""

LINE = f"array_remove(ARRAY[{', '.join(f'o.{ancestor}' for ancestor in ANCESTORS)}], NULL)"

NOTE = """
CREATE OR REPLACE FUNCTION note_{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    INSERT INTO touched_place (organization_id, year) {asked};
    RETURN NULL;
END $$"""


def differing(place: str, columns: str) -> str:
    """The places of rows of which one of these columns changed.

    Nothing is joined: a plan is kept for as long as the connection, and one that was made for a single row
    would compare each of ten thousand with all others.
    """
    old, new = (f"SELECT {columns} FROM {rows}" for rows in ("old_rows", "new_rows"))
    return f"SELECT DISTINCT {place}, NULL::smallint FROM (({old} EXCEPT {new}) UNION ALL ({new} EXCEPT {old})) AS d"


EVENTS = {
    "person": {
        "INSERT": "SELECT DISTINCT organization_id, NULL::smallint FROM new_rows",
        "UPDATE": differing("organization_id", "id, organization_id, title_series, title_level, state"),
        "DELETE": "SELECT DISTINCT organization_id, NULL::smallint FROM old_rows",
    },
    "person_year": {
        "INSERT": """SELECT DISTINCT p.organization_id, c.year FROM new_rows c JOIN person p ON p.id = c.person_id""",
        "UPDATE": """SELECT DISTINCT p.organization_id, c.year FROM new_rows c JOIN person p ON p.id = c.person_id""",
        "DELETE": """SELECT DISTINCT p.organization_id, c.year FROM old_rows c JOIN person p ON p.id = c.person_id""",
    },
    "organization": {
        "INSERT": "SELECT id, NULL::smallint FROM new_rows",
        "UPDATE": differing("id", f"id, kind, state, {', '.join(ANCESTORS)}"),
    },
}
"""What a change of a table touches: which organisations, and which year or all."""

TABLES = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}

PEOPLE = " UNION ALL ".join(
    f"""SELECT p.id, o.id AS place, coalesce(p.title_series, '') AS series, coalesce(p.title_level, '') AS level
    FROM organization o JOIN person p ON p.{ancestor} = o.id AND p.organization_id = o.id AND p.state = 'active'
    WHERE o.id = ANY (places) AND o.depth = {depth}"""
    for depth, ancestor in enumerate(ANCESTORS, start=1)
)
"""The people of the organisations themselves, by the index of their level."""

ANEW = f"""
CREATE OR REPLACE FUNCTION counted_anew(places bigint[], years smallint[])
RETURNS TABLE (organization_id bigint, year smallint, subject text, series text, level text,
    {", ".join(f"{measure} int" for measure in MEASURES)})
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
#variable_conflict use_column
BEGIN
RETURN QUERY
WITH people AS MATERIALIZED ({PEOPLE}),
hours AS (
    SELECT e.person_id, e.year, e.subject,
        coalesce(sum(e.hours * e.sign) FILTER (WHERE e.source = 'course'), 0) > 0 AS online,
        coalesce(sum(e.hours * e.sign) FILTER (WHERE e.source <> 'course'), 0) > 0 AS offline,
        coalesce(sum(e.sign) FILTER (WHERE e.source = 'course'), 0) > 0 AS passed
    FROM people p JOIN hour_entry e ON e.person_id = p.id AND (years IS NULL OR e.year = ANY (years))
    GROUP BY 1, 2, 3),
facts AS (
    SELECT person_id, year, subject, online OR offline AS learned, online, offline, false AS qualified,
        false AS passed
    FROM hours
    UNION ALL SELECT person_id, year, '', bool_or(online OR offline), bool_or(online), bool_or(offline),
        bool_or(qualified), bool_or(passed)
    FROM (
        SELECT person_id, year, online, offline, passed, false AS qualified FROM hours
        UNION ALL SELECT y.person_id, y.year, false, false, false, true
        FROM people p JOIN person_year y ON y.person_id = p.id AND (years IS NULL OR y.year = ANY (years))
        WHERE y.complete) AS either
    GROUP BY 1, 2)
SELECT o.id, 0::smallint, '',
    CASE WHEN grouping(p.series) = 1 THEN '{ALL}' ELSE p.series END::text,
    CASE WHEN grouping(p.level) = 1 THEN '{ALL}' ELSE p.level END::text, count(p.id)::int,
    max(CASE WHEN o.kind = 'employer' AND o.state = 'active' THEN 1 ELSE 0 END),
    max(CASE WHEN o.kind = 'institution' AND o.state = 'active' THEN 1 ELSE 0 END), 0, 0, 0, 0, 0, 0
FROM organization o LEFT JOIN people p ON p.place = o.id WHERE o.id = ANY (places)
GROUP BY GROUPING SETS ((o.id, p.series, p.level), (o.id, p.series), (o.id))
HAVING count(p.id) > 0 OR grouping(p.series) = 1 AND max(CASE WHEN o.kind IN ('employer', 'institution')
    AND o.state = 'active' THEN 1 ELSE 0 END) > 0
UNION ALL
SELECT p.place, f.year, f.subject::text,
    CASE WHEN grouping(p.series) = 1 THEN '{ALL}' ELSE p.series END::text,
    CASE WHEN grouping(p.level) = 1 THEN '{ALL}' ELSE p.level END::text, 0, 0, 0,
    (count(*) FILTER (WHERE f.learned))::int, (count(*) FILTER (WHERE f.online))::int,
    (count(*) FILTER (WHERE f.offline))::int, (count(*) FILTER (WHERE f.qualified))::int,
    (count(*) FILTER (WHERE f.qualified AND p.series <> ''))::int, (count(*) FILTER (WHERE f.passed))::int
FROM people p JOIN facts f ON f.person_id = p.id AND (f.learned OR f.qualified OR f.passed)
GROUP BY GROUPING SETS ((p.place, f.year, f.subject, p.series, p.level), (p.place, f.year, f.subject, p.series),
    (p.place, f.year, f.subject))
HAVING f.subject = '' OR grouping(p.level) = 1;
END $$"""
"""The cells of organisations themselves, from the records; of some years, or of all where none is named.

For the owner alone: whoever counts may do so by the door of the job.
"""

_CELL = ", ".join(CELL)
_MEASURES = ", ".join(MEASURES)

STALE = "(k.organization_id = ANY (fully) OR k.organization_id = ANY (partly) AND (k.year = 0 OR k.year = ANY (times)))"
"""The cells that are counted anew, of the organisations themselves."""

FOLD = f"""
CREATE OR REPLACE FUNCTION door_count(most int)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
#variable_conflict use_column
DECLARE
    fully bigint[];
    partly bigint[];
    times smallint[];
BEGIN
IF NOT pg_try_advisory_xact_lock({LOCK}) THEN RETURN 0; END IF;
WITH first AS (SELECT DISTINCT organization_id FROM (
        SELECT organization_id FROM touched_place ORDER BY id LIMIT 20 * most) AS oldest LIMIT most),
taken AS (
    DELETE FROM touched_place t USING first WHERE t.organization_id = first.organization_id
    RETURNING t.organization_id, t.year),
places AS (SELECT organization_id, bool_or(year IS NULL) OR NOT EXISTS (
    SELECT FROM counted_place c WHERE c.organization_id = taken.organization_id) AS every_year FROM taken GROUP BY 1)
SELECT coalesce(array_agg(organization_id) FILTER (WHERE every_year), '{{}}'),
    coalesce(array_agg(organization_id) FILTER (WHERE NOT every_year), '{{}}'),
    (SELECT coalesce(array_agg(DISTINCT year), '{{}}') FROM taken WHERE year IS NOT NULL)
INTO fully, partly, times FROM places;
IF cardinality(fully || partly) = 0 THEN RETURN 0; END IF;
DROP TABLE IF EXISTS pg_temp.fresh_line;
CREATE TEMP TABLE fresh_line ON COMMIT DROP AS
    SELECT o.id AS organization_id, {LINE} AS line FROM organization o WHERE o.id = ANY (fully)
    UNION ALL SELECT organization_id, line FROM counted_place WHERE organization_id = ANY (partly);
DROP TABLE IF EXISTS pg_temp.fresh_count;
CREATE TEMP TABLE fresh_count ON COMMIT DROP AS
    SELECT * FROM counted_anew(fully, NULL) UNION ALL SELECT * FROM counted_anew(partly, times);
DROP TABLE IF EXISTS pg_temp.stale_count;
CREATE TEMP TABLE stale_count ON COMMIT DROP AS
    SELECT * FROM organization_year k WHERE NOT k.below
        AND {STALE};
INSERT INTO organization_year ({_CELL}, below, {_MEASURES})
SELECT up.id, d.year, d.subject, d.series, d.level, true, {", ".join(f"sum(d.{m})" for m in MEASURES)}
FROM (
    SELECT {", ".join(f"k.{each}" for each in CELL)}, {", ".join(f"-k.{m} AS {m}" for m in MEASURES)}, c.line
    FROM stale_count k JOIN counted_place c USING (organization_id)
    UNION ALL SELECT {", ".join(f"f.{each}" for each in CELL)}, {", ".join(f"f.{m}" for m in MEASURES)}, c.line
    FROM fresh_count f JOIN fresh_line c USING (organization_id)) AS d,
    unnest(d.line) AS up (id)
WHERE up.id <> d.organization_id
GROUP BY up.id, d.year, d.subject, d.series, d.level
HAVING {" OR ".join(f"sum(d.{m}) <> 0" for m in MEASURES)}
ON CONFLICT (organization_id, year, subject, series, level, below) DO UPDATE SET
    {", ".join(f"{m} = organization_year.{m} + excluded.{m}" for m in MEASURES)};
DELETE FROM organization_year WHERE below AND {" AND ".join(f"{m} = 0" for m in MEASURES)}
    AND organization_id IN (
        SELECT unnest(line) FROM counted_place WHERE organization_id = ANY (fully || partly));
DELETE FROM organization_year k WHERE NOT k.below
    AND {STALE};
INSERT INTO organization_year ({_CELL}, below, {_MEASURES}) SELECT {_CELL}, false, {_MEASURES} FROM fresh_count;
INSERT INTO counted_place (organization_id, line) SELECT organization_id, line FROM fresh_line
ON CONFLICT (organization_id) DO UPDATE SET line = excluded.line WHERE counted_place.line <> excluded.line;
RETURN cardinality(fully || partly);
END $$"""
"""What was noted first is counted first, each organisation once; returns how many organisations it were."""

WRONG = f"""
WITH own AS (SELECT * FROM counted_anew(ARRAY(SELECT id FROM organization), NULL)),
upper AS (
    SELECT up.id AS organization_id, f.year, f.subject, f.series, f.level,
        {", ".join(f"sum(f.{m})::int AS {m}" for m in MEASURES)}
    FROM own f JOIN organization o ON o.id = f.organization_id, unnest({LINE}) AS up (id)
    WHERE up.id <> o.id GROUP BY 1, 2, 3, 4, 5),
right_ones AS (SELECT {_CELL}, false AS below, {_MEASURES} FROM own
    UNION ALL SELECT {_CELL}, true, {_MEASURES} FROM upper),
differ AS (
    (SELECT {_CELL}, below, {_MEASURES} FROM organization_year EXCEPT SELECT * FROM right_ones)
    UNION ALL (SELECT * FROM right_ones EXCEPT SELECT {_CELL}, below, {_MEASURES} FROM organization_year))
SELECT DISTINCT organization_id, year FROM differ ORDER BY 1, 2"""
"""The organisations and years that are kept otherwise than the records say; for the owner, nothing waiting."""


def statements() -> Iterator[str]:
    """The triggers, the counting and its door; each statement may be run again."""
    yield "GRANT SELECT ON touched_place TO xueshi_app"
    for table, events in EVENTS.items():
        for event, asked in events.items():
            name = f"counted_{table}_{event.lower()}"
            yield NOTE.format(name=name, asked=asked)
            yield f"REVOKE ALL ON FUNCTION note_{name}() FROM PUBLIC"
            yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
            yield (
                f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {TABLES[event]}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION note_{name}()"
            )
    yield "DROP FUNCTION IF EXISTS counted_anew(bigint[], smallint[])"
    yield ANEW
    yield "REVOKE ALL ON FUNCTION counted_anew(bigint[], smallint[]) FROM PUBLIC"
    yield from door("door_count(int)", FOLD)


def count(session: Session, most: int) -> int:
    """Count some organisations anew of which something was noted; returns how many, 0 when none is left."""
    return int(session.scalar(text("SELECT door_count(:most)"), {"most": most}) or 0)


def wrong(session: Session) -> Sequence[tuple[int, int]]:
    """The organisations and years whose counts are not those of the records; the session is the owner's."""
    return [(row.organization_id, row.year) for row in session.execute(text(WRONG))]
