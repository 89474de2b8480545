"""What every door has in common: how it is built and how it is asked."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session


def in_force(post: str, day: str = "day") -> str:
    """The condition that an appointment gives rights on a day: it has begun and has not ended."""
    return f"{post}.starts_on <= {day} AND ({post}.ends_on IS NULL OR {post}.ends_on > {day})"


def built(door: str) -> Iterator[str]:
    """The statements that build one door, for the application's role alone; they may be run again."""
    head, _, body = door.partition("RETURNS")
    name = head.split("FUNCTION", 1)[1].strip()
    yield f"DROP FUNCTION IF EXISTS {name}"
    yield f"{head}RETURNS{body}"
    yield f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION {name} TO xueshi_app"


def rows(session: Session, call: str, **words: Any) -> list[Row[Any]]:
    """What a door answers."""
    return list(session.execute(text(f"SELECT * FROM {call}"), words))
