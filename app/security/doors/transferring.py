"""The doors of a transfer: where somebody stands, and the deed itself, with all that goes along with a person.

What goes along is found from the declarations: what is under review, but for what the old organisation is to
finish, and the rows of those states that a model names (`Placed.goes_along`). Everything else stays where it
was earned. Reviews are locked in the order of their ids, before what they are about, as every verdict does it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.database import Model, clock
from app.models.placed import ANCESTORS
from app.security.doors.door import rows
from app.security.doors.moving import LOCK

STANDING = """
CREATE OR REPLACE FUNCTION door_standing(persons bigint[], day date)
RETURNS TABLE (id bigint, organization_id bigint, state text, super boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT p.id, p.organization_id, p.state, (
    SELECT bool_or(a.super) FROM ab_user u JOIN appointment a ON a.account_id = u.id
    WHERE u.person_id = p.id AND a.organization_id = p.organization_id AND a.delegator_id IS NULL
        AND (a.ends_on IS NULL OR a.ends_on > day))
FROM person p WHERE p.id = ANY (persons) $$"""

LEAVING = """
CREATE OR REPLACE FUNCTION door_leaving(persons bigint[])
RETURNS TABLE (id bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT person_id FROM transfer WHERE person_id = ANY (persons) AND state = 'submitted' $$"""

GONE_ALONG = f"""
CREATE OR REPLACE FUNCTION door_gone_along(reviews bigint[], here bigint)
RETURNS TABLE (name text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT o.name FROM review v JOIN transfer t ON t.person_id = v.person_id AND t.to_id = v.organization_id
    AND t.moved_at >= v.submitted_at AND here IN ({", ".join(f"t.{ancestor}" for ancestor in ANCESTORS)})
JOIN organization o ON o.id = t.to_id
WHERE v.id = ANY (reviews) AND v.kind <> 'transfer' ORDER BY t.id DESC LIMIT 1 $$"""

DOORS = (STANDING, LEAVING, GONE_ALONG)

TRANSFER = f"""
CREATE OR REPLACE FUNCTION door_transfer(wanted bigint, stays text[], corrected text[], moment timestamptz, day date)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    going transfer%ROWTYPE;
    held person%ROWTYPE;
    asked bigint[];
    noun text;
BEGIN
    PERFORM pg_advisory_xact_lock_shared({LOCK});  -- no organisation moves meanwhile
    SELECT * INTO going FROM transfer t WHERE id = wanted AND state = 'approved' AND moved_at IS NULL
        AND EXISTS (SELECT 1 FROM review WHERE subject = 'transfer' AND subject_id = t.id AND state = 'approved');
    PERFORM FROM review WHERE person_id = going.person_id AND state IN ('open', 'rejected')
        ORDER BY id FOR NO KEY UPDATE;  -- before the person, as verdicts do
    SELECT * INTO held FROM person WHERE id = going.person_id FOR NO KEY UPDATE;
    IF NOT coalesce(held.organization_id = going.organization_id AND held.state = 'active', false)
            OR NOT EXISTS (SELECT 1 FROM organization WHERE id = going.to_id AND state = 'active')
            OR (SELECT super IS NOT NULL FROM door_standing(ARRAY[held.id], day)) THEN
        RETURN false;
    END IF;
    SELECT coalesce(array_agg(id), '{{}}') INTO asked FROM (
        SELECT id FROM review WHERE person_id = held.id AND organization_id = held.organization_id
            AND subject = ANY (FOLLOWING) AND kind <> ALL (stays)
            AND (state = 'open' OR state = 'rejected' AND kind = ANY (corrected)) ORDER BY id FOR NO KEY UPDATE) locked;
    FOREACH noun IN ARRAY FOLLOWING LOOP
        EXECUTE format('UPDATE %I SET organization_id = $1 WHERE id IN (
            SELECT subject_id FROM review WHERE id = ANY ($2) AND subject = %L)', noun, noun) USING going.to_id, asked;
    END LOOP;
    ALONG
    FOREACH noun IN ARRAY FOLLOWING LOOP
        EXECUTE format('UPDATE attachment a SET organization_id = $1 FROM %I own WHERE a.subject = %L
            AND a.subject_id = own.id AND a.organization_id = $2 AND own.person_id = $3
            AND own.organization_id = $1', noun, noun) USING going.to_id, held.organization_id, held.id;
    END LOOP;
    UPDATE review SET organization_id = going.to_id WHERE id = ANY (asked);
    UPDATE person SET organization_id = going.to_id, department_id = NULL WHERE id = held.id;
    UPDATE transfer SET moved_at = moment WHERE id = wanted;
    RETURN true;
END $$"""

STAYS = frozenset({"transfer", "registration", "audit_event", "attachment", "review", "feedback"})
"""Tables whose rows stay, or go with what they belong to: a transfer, a registration and what was told are
the history of the organisation where they were."""


def door() -> str:
    """The door, for the tables that hold rows of persons as the models declare it."""
    along, following = [], []
    for model in _of_persons():
        table = model.__tablename__
        following.append(table)
        if model.goes_along:
            states = ", ".join(repr(state) for state in model.goes_along)
            along.append(
                f"UPDATE {table} SET organization_id = going.to_id WHERE person_id = held.id"
                f" AND organization_id = held.organization_id AND state IN ({states});"
            )
    known = f"ARRAY[{', '.join(repr(each) for each in following)}]::text[]"
    return TRANSFER.replace("FOLLOWING", known).replace("ALONG", "\n    ".join(along))


def _of_persons() -> Iterator[Any]:
    """The models whose rows stand at an organisation, belong to a person, and may go along with him."""
    for mapper in sorted(Model.registry.mappers, key=lambda each: str(each.class_.__tablename__)):
        model: Any = mapper.class_
        if (
            hasattr(model, "goes_along")
            and hasattr(model, "person_id")
            and hasattr(model, "state")
            and model.__tablename__ not in STAYS
        ):
            yield model


def transfer(session: Session, wanted: int, stays: Iterable[str], corrected: Iterable[str]) -> bool:
    """Let an approved transfer take effect, in the transaction of its last approval.

    Open reviews of the kinds `stays` are left to the old organisation; of the kinds `corrected` what was
    rejected goes along too, since it may be sent once more. False if it cannot: the person stands elsewhere
    by now or holds a post, or the new organisation is closed. Nothing is written then.
    """
    words = {
        "wanted": wanted,
        "stays": list(stays),
        "corrected": list(corrected),
        "moment": clock.now(),
        "day": clock.today(),
    }
    call = text("SELECT door_transfer(:wanted, :stays, :corrected, :moment, :day)")
    return bool(session.scalar(call, words))


def standing(session: Session, persons: Iterable[int]) -> dict[int, Row[Any]]:
    """Where these persons stand, in which state, and whether they hold a post there: `super` is None for none."""
    found = rows(session, "door_standing(:persons, :day)", persons=sorted(set(persons)), day=clock.today())
    return {row.id: row for row in found}


def leaving(session: Session, persons: Iterable[int]) -> frozenset[int]:
    """Those of these persons of whom a transfer is open."""
    found = rows(session, "door_leaving(:persons)", persons=sorted(set(persons)))
    return frozenset(row.id for row in found)


def gone_along(session: Session, reviews: Iterable[int], here: int) -> str | None:
    """Where one of these reviews went with its person from an organisation at or below `here`, if any did."""
    found = rows(session, "door_gone_along(:reviews, :here)", reviews=sorted(set(reviews)), here=here)
    return str(found[0].name) if found else None
