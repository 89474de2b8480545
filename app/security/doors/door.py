"""What every door has in common: how it is built and how it is asked."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session


def in_force(post: str, day: str = "day") -> str:
    """The condition that an appointment gives rights on a day: it has begun and has not ended.

    A delegation only while the post that it stands for does, and its holder has a post of his own there.
    """
    return f"{_begun(post, day)} AND ({post}.delegator_id IS NULL OR {_delegation(post, day)})"


def _begun(post: str, day: str) -> str:
    return f"{post}.starts_on <= {day} AND ({post}.ends_on IS NULL OR {post}.ends_on > {day})"


def _delegation(post: str, day: str) -> str:
    return f"""EXISTS (SELECT 1 FROM appointment d JOIN ab_user h ON h.id = d.account_id AND h.state = 'active'
            AND h.active JOIN appointment e ON e.account_id = {post}.account_id
            AND e.organization_id = d.organization_id AND e.delegator_id IS NULL AND {_begun("e", day)}
        WHERE d.id = {post}.delegator_id AND d.delegator_id IS NULL AND {_begun("d", day)})"""


RIGHTS = """(a.rights IS NULL OR v.name || '.' || substr(p.name, 5) = ANY (a.rights))"""
"""The condition that an appointment `a` gives the permission `p` on `v`, which the role behind it holds."""


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
