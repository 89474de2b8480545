"""How often something may be tried: counted in the database, so that all workers count together.

A try is written and committed before it is judged. Of any number of tries at once, no more than allowed can
therefore find themselves among the first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.encrypted import blind
from app.models.login_session import LoginAttempt

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries in a quarter of an hour, under which key. The key is a blind index: it names nobody."""

    key: bytes
    most: int


def limit(name: str, text: str, most: int) -> Limit:
    """A limit on tries under one text, an account's or an address's; `name` keeps kinds of tries apart."""
    return Limit(blind(f"throttle.{name}", text), most)


def attempt(session: Session, limits: Iterable[Limit]) -> tuple[int, ...]:
    """Note one try under each key, and return what `take_back` needs; empty when it is one too many.

    A try that is one too many does not count. Commits: call it outside of any transaction.
    """
    most = {each.key: each.most for each in limits}
    if not _within(session, most):
        session.rollback()
        return ()
    with transaction(session):
        rows = [{"key": key, "attempted_at": clock.now()} for key in most]
        noted = tuple(session.scalars(insert(LoginAttempt).returning(LoginAttempt.id), rows))
    with transaction(session):
        if _within(session, {key: allowed + 1 for key, allowed in most.items()}):
            return noted
        take_back(session, noted)
    return ()


def tried(session: Session, each: Limit) -> bool:
    """Whether any try under this key counts at the moment."""
    return not _within(session, {each.key: 1})


def take_back(session: Session, noted: Iterable[int]) -> None:
    """Let tries not count after all: what was tried was right."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.id.in_(list(noted))))


def forget(session: Session, key: bytes) -> None:
    """Let none of the tries under this key count any more."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.key == key))


def sweep(session: Session) -> int:
    """Delete the tries that no longer count, and say how many. For a job that runs now and then."""
    gone = delete(LoginAttempt).where(LoginAttempt.attempted_at <= _since()).returning(LoginAttempt.id)
    with transaction(session):
        return len(session.scalars(gone).all())


def _since() -> datetime:
    return clock.now() - WINDOW


def _within(session: Session, most: Mapping[bytes, int]) -> bool:
    """Whether fewer tries than these numbers stand under the keys."""
    counted = session.execute(
        select(LoginAttempt.key, func.count())
        .where(LoginAttempt.key.in_(most), LoginAttempt.attempted_at > _since())
        .group_by(LoginAttempt.key)
    )
    return all(count < most[bytes(key)] for key, count in counted)
