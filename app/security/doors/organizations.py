"""Doors to what is public about organisations: their names, where they stand, whom to ask."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import BigInteger, Row, Text, column, table
from sqlalchemy.orm import Session

from app.database import clock
from app.models.placed import ANCESTORS
from app.security.doors.door import in_force, rows

DIRECTORY = """
CREATE OR REPLACE FUNCTION door_directory(words text, kinds text[], most int)
RETURNS TABLE (id bigint, name text, kind text, parent text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT o.id, o.name, o.kind, p.name FROM organization o LEFT JOIN organization p ON p.id = o.parent_id
WHERE o.state = 'active' AND o.kind = ANY (kinds)
    AND (words = '' OR (grams(o.name) @> sought_grams(words) AND strpos(lower(o.name), lower(words)) > 0))
ORDER BY o.depth, o.id LIMIT most $$"""

UNITS = """
CREATE OR REPLACE FUNCTION door_units(words text[], code text, most int)
RETURNS TABLE (id bigint, name text, kind text, parent_id bigint, parent text, state text, telephone text,
    credit_code text, former text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
WITH sought AS (
    SELECT array_agg(gram) AS grams FROM unnest(words) word, unnest(sought_grams(word)) gram),
found AS (
    SELECT id, NULL AS former FROM organization WHERE credit_code = code AND state IN ('active', 'pending')
    UNION SELECT id, NULL FROM organization
    WHERE state IN ('active', 'pending') AND kind <> 'hr_office' AND words <> '{}'
        AND grams(name) @> (SELECT grams FROM sought)
        AND NOT EXISTS (SELECT 1 FROM unnest(words) word WHERE strpos(lower(name), lower(word)) = 0)
    UNION SELECT o.id, was.name FROM organization o, LATERAL (
        SELECT each AS name FROM unnest(string_to_array(o.former_names, E'\\n')) each
        WHERE NOT EXISTS (SELECT 1 FROM unnest(words) word WHERE strpos(lower(each), lower(word)) = 0) LIMIT 1) was
    WHERE o.state IN ('active', 'pending') AND o.kind <> 'hr_office' AND words <> '{}'
        AND o.former_names IS NOT NULL AND grams(o.former_names) @> (SELECT grams FROM sought))
SELECT o.id, o.name, o.kind, o.parent_id, p.name, o.state, o.telephone, o.credit_code,
    CASE WHEN bool_and(f.former IS NOT NULL) THEN max(f.former) END
FROM found f JOIN organization o USING (id) LEFT JOIN organization p ON p.id = o.parent_id GROUP BY o.id, p.name
ORDER BY o.name <> ALL (words), o.depth, o.id LIMIT most $$"""

NAMES = """
CREATE OR REPLACE FUNCTION door_names(ids bigint[])
RETURNS TABLE (id bigint, name text, kind text, parent_id bigint, state text, telephone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT id, name, kind, parent_id, state, telephone FROM organization WHERE id = ANY (ids) $$"""

CALLED = """
CREATE OR REPLACE VIEW organization_name AS SELECT id, name FROM organization"""
"""The names alone, for lists that tell them beside each row: it reads with its owner's eyes, as a door does.

A function would be called and planned apart, which took 0.3 ms of each page; this is joined by the key.
"""

called = table("organization_name", column("id", BigInteger), column("name", Text))
"""What every organisation is called."""

LINEAGES = f"""
CREATE OR REPLACE FUNCTION door_lineages(organizations bigint[])
RETURNS TABLE (stands_at bigint, id bigint, name text, kind text, depth smallint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT o.id, u.id, u.name, u.kind, u.depth FROM organization o
JOIN organization u ON u.id IN ({", ".join(f"o.{a}" for a in ANCESTORS)})
WHERE o.id = ANY (organizations) ORDER BY o.id, u.depth DESC $$"""

ADMINISTRATORS = f"""
CREATE OR REPLACE FUNCTION door_administrators(organization bigint, day date)
RETURNS TABLE (account_id int, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT u.id, u.first_name FROM appointment a JOIN ab_user u ON u.id = a.account_id AND u.state = 'active' AND u.active
WHERE a.organization_id = organization AND {in_force("a")} ORDER BY a.super DESC, a.id $$"""

DOORS = (DIRECTORY, UNITS, NAMES, LINEAGES, ADMINISTRATORS)


def directory(session: Session, words: str, kinds: Iterable[str], most: int = 20) -> list[Row[Any]]:
    """Active organisations whose name contains the words: what anybody may know before registering."""
    return rows(session, "door_directory(:words, :kinds, :most)", words=words, kinds=list(kinds), most=most)


def units(session: Session, words: list[str], code: str, most: int) -> list[Row[Any]]:
    """Units that are registered, or wait for it, with this credit code or all of these words in a name.

    `former` is the former name that was found, where it is not the present one.
    """
    return rows(session, "door_units(:words, :code, :most)", words=words, code=code, most=most)


def names(session: Session, ids: Iterable[int | None]) -> dict[int, Row[Any]]:
    """Name, kind, parent, state and telephone of organisations, by id: public facts."""
    wanted = sorted({i for i in ids if i is not None})
    return {row.id: row for row in rows(session, "door_names(:ids)", ids=wanted)} if wanted else {}


def lineages(session: Session, organizations: Iterable[int]) -> dict[int, list[Row[Any]]]:
    """Of each organisation itself and everything above it, nearest first."""
    found: dict[int, list[Row[Any]]] = {}
    for row in rows(session, "door_lineages(:ids)", ids=sorted(set(organizations))):
        found.setdefault(row.stands_at, []).append(row)
    return found


def lineage(session: Session, organization: int) -> list[Row[Any]]:
    """The organisation and everything above it, nearest first."""
    return lineages(session, [organization]).get(organization, [])


def administrators(session: Session, organization: int) -> list[Row[Any]]:
    """Who administers an organisation: for messages and for «whom to ask»."""
    return rows(
        session, "door_administrators(:organization, :day)", organization=organization, day=clock.today()
    )


def statements() -> Iterator[str]:
    """The view of names, open to everybody who may ask anything."""
    yield CALLED
    yield "GRANT SELECT ON organization_name TO xueshi_app"
