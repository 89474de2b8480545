"""Whoever sits at the machine: sees what the province's office sees, and acts under the command's name."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from app.database import connect, sessions
from app.security import doors, scope
from app.security.actor import NOBODY, Actor
from app.security.permissions import SUPER, catalogue
from app.security.scope import set_actor
from app.services.errors import NotFound

KIND = "hr_office"


def as_office(session: Session, name: str) -> None:
    """Let the province's own office act in this session, under a name for the trail.

    Raises NotFound where no office has been founded.
    """
    set_actor(session, NOBODY)
    top = next(iter(doors.directory(session, "", (KIND,), 1)), None)
    if top is None:
        raise NotFound
    session.rollback()
    held = catalogue()[SUPER + KIND]
    set_actor(session, Actor(name=name, kind=KIND, organization_id=top.id, depth=1, permissions=held))


@contextmanager
def operator(url: str, command: str) -> Iterator[Session]:
    """A session in which the province's own office acts; the trail names `xueshi <command>`.

    `url` is that of the application's role: the walls stand for an operator too. Raises NotFound where no
    office has been founded.
    """
    scope.install()
    engine = connect(url)
    try:
        with sessions(engine)() as session:
            as_office(session, f"xueshi {command}")
            yield session
    finally:
        engine.dispose()
