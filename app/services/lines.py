"""The way from the acting organisation down to one within its reach."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.security import doors
from app.security.actor import actor_of
from app.services.errors import NotFound


def line(session: Session, at: int | None) -> list[Row[Any]]:
    """From the acting organisation down to one within reach, or itself. Raises NotFound."""
    own = actor_of(session).organization_id
    above = doors.lineage(session, at if at is not None else own or 0)
    ids = [row.id for row in above]
    if own not in ids:
        raise NotFound
    return above[: ids.index(own) + 1][::-1]
