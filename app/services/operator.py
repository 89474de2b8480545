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
            set_actor(session, NOBODY)
            top = next(iter(doors.directory(session, "", (KIND,), 1)), None)
            if top is None:
                raise NotFound
            session.rollback()
            held = catalogue()[SUPER + KIND]
            name = f"xueshi {command}"
            set_actor(session, Actor(name=name, kind=KIND, organization_id=top.id, depth=1, permissions=held))
            yield session
    finally:
        engine.dispose()
