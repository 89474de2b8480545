"""Administrative divisions, as they are looked for by name."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, aliased

from app.models.region import Region

MOST = 20


def regions(session: Session, words: str) -> list[Row[Any]]:
    """Divisions whose name contains the words, higher ones first: id, name, and the name of what holds it."""
    above = aliased(Region)
    sought = " ".join(words.split())[:60]
    asked = (
        select(Region.id, Region.name, above.name.label("parent"))
        .outerjoin(above, above.id == Region.parent_id)
        .where(Region.valid_to.is_(None), func.strpos(Region.name, sought) > 0)
        .order_by(Region.id)
        .limit(MOST)
    )
    return list(session.execute(asked))


def named(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """The names of divisions by their code."""
    return {
        row.id: row.name
        for row in session.execute(select(Region.id, Region.name).where(Region.id.in_(list(ids))))
    }
