"""The door of a move: an organisation goes below another one, with everything that stands below it, at once.

All that carries ancestors is found from the declarations. Rows are written before the organisations are locked,
as everybody else does it (a row, then its trail at an organisation), so that nobody waits in a circle. What was
placed meanwhile under the old ancestors is seen by the second pass: whoever places a row holds its organisation
(walls.py), and the locks wait for him. Readers wait for nothing: they see the old tree or the new one.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.database import LEVELS, Model, clock
from app.models.placed import ANCESTORS

LOCK = 7_310_003
"""One move at a time."""

MOVE = f"""
CREATE OR REPLACE FUNCTION door_move(wanted bigint, moment timestamptz)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    change parent_change%ROWTYPE;
    moved organization%ROWTYPE;
    target organization%ROWTYPE;
    line bigint[];
    units bigint[];
    known int := 0;
    deeper int;
    place text;
    noun text;
    written text := '';
    standing text;
BEGIN
    PERFORM pg_advisory_xact_lock({LOCK});
    SELECT * INTO change FROM parent_change p WHERE id = wanted AND state = 'approved' AND moved_at IS NULL
        AND EXISTS (SELECT 1 FROM review WHERE subject = 'parent_change' AND subject_id = p.id AND state = 'approved');
    SELECT * INTO moved FROM organization WHERE id = change.organization_id;
    SELECT * INTO target FROM organization WHERE id = change.to_id FOR SHARE;
    line := ARRAY[{", ".join(f"target.{ancestor}" for ancestor in ANCESTORS)}];
    IF NOT coalesce(moved.parent_id = change.from_id AND moved.state = 'active' AND target.state = 'active', false)
            OR moved.id = ANY (line) THEN
        RETURN false;
    END IF;
    deeper := target.depth + 1 - moved.depth;
    FOR level IN 1..{LEVELS} LOOP
        place := CASE WHEN level <= target.depth THEN line[level]::text
            WHEN level - deeper BETWEEN 1 AND {LEVELS} THEN 'ancestor_' || (level - deeper) ELSE 'NULL' END;
        IF place <> 'ancestor_' || level THEN
            written := concat_ws(', ', nullif(written, ''), format('ancestor_%s = %s', level, place));
        END IF;
    END LOOP;
    standing := format('ancestor_%s = %s AND ancestor_%s = %s',
        moved.depth, moved.id, moved.depth - 1, change.from_id);
    IF EXISTS (SELECT 1 FROM organization WHERE depth + deeper > {LEVELS} AND moved.id IN ({", ".join(ANCESTORS)})) THEN
        RETURN false;
    END IF;
    FOR pass IN 1..2 LOOP
        IF pass = 2 THEN
            LOOP  -- until nobody has founded another one below while we waited
                EXECUTE 'SELECT array_agg(id) FROM (SELECT id FROM organization WHERE ' || standing
                    || ' ORDER BY id FOR UPDATE) locked' INTO units;
                EXIT WHEN cardinality(units) = known;
                known := cardinality(units);
            END LOOP;
        ELSE
            EXECUTE 'SELECT array_agg(id) FROM organization WHERE ' || standing INTO units;
        END IF;
        FOREACH noun IN ARRAY LISTED LOOP
            EXECUTE format('UPDATE %I SET %s WHERE %s', noun, written, standing);
        END LOOP;
        FOREACH noun IN ARRAY UNLISTED LOOP
            EXECUTE format('UPDATE %I SET %s WHERE organization_id = ANY ($1) AND %s', noun, written, standing)
                USING units;
        END LOOP;
    END LOOP;
    EXECUTE format('UPDATE organization SET %s, depth = depth + %s WHERE %s', written, deeper, standing);
    UPDATE organization SET parent_id = target.id WHERE id = moved.id;
    UPDATE parent_change SET moved_at = moment WHERE id = wanted;
    RETURN true;
END $$"""


def door() -> str:
    """The door, for the tables that carry ancestors as the models declare it."""
    listed, unlisted = (_array(name for name, served in _placed() if served is yes) for yes in (True, False))
    return MOVE.replace("UNLISTED", unlisted).replace("LISTED", listed)


def placed() -> tuple[str, ...]:
    """The tables whose rows carry the ancestors of their organisation."""
    return tuple(name for name, _served in _placed())


def _placed() -> Iterator[tuple[str, bool]]:
    """Each of these tables, and whether an index serves its scope; else one on the organisation does."""
    for mapper in sorted(Model.registry.mappers, key=lambda each: str(each.class_.__tablename__)):
        model: Any = mapper.class_
        if hasattr(model, ANCESTORS[0]) and hasattr(model, "organization_id"):
            first = {index.columns[0].name for index in model.__table__.indexes if len(index.columns)}
            yield model.__tablename__, ANCESTORS[1] in first


def _array(names: Iterator[str]) -> str:
    return f"ARRAY[{', '.join(repr(name) for name in names)}]::text[]"


def move(session: Session, change: int) -> bool:
    """Let an approved change of superior take effect, in the transaction of its last approval.

    False if it cannot: the organisation has another superior by now, the new one is closed or stands below it,
    or the tree would become too deep. Nothing is written then.
    """
    words = {"wanted": change, "moment": clock.now()}
    return bool(session.scalar(text("SELECT door_move(:wanted, :moment)"), words))
