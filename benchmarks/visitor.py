"""Somebody who is signed in, and the application in this process, to see what it asks of the database."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text

from app.security import sessions
from app.security.actor import NOBODY
from app.security.manager import COOKIE
from app.security.scope import set_actor
from benchmarks.ground import Scope
from benchmarks.web import Browser


@dataclass
class Asked:
    """The statements of one page, with their parameters and the seconds they took together."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    seconds: float = 0.0


POST = -1
"""The post of a scope's administrator has the id of the organisation."""


def sign_in(web: Flask, scope: Scope, *, appointment: int | None = POST) -> str:
    """A token of the scope's administrator, signed in anew; without an appointment of the person it is."""
    post = scope.organization if appointment == POST else appointment
    with web.config["SESSIONS"]() as session:
        set_actor(session, NOBODY)
        epoch = session.scalar(text("SELECT epoch FROM ab_user WHERE id = :id"), {"id": scope.account})
        return sessions.start(session, scope.account, epoch, post, address="127.0.0.1", hours=12)


def browser(port: int, token: str) -> Browser:
    """A browser that is signed in."""
    return Browser(port, {COOKIE: token})


def client(web: Flask, token: str) -> FlaskClient:
    """The same without a network."""
    made = web.test_client()
    made.set_cookie(COOKIE, token)
    return made


@contextmanager
def listening() -> Iterator[Asked]:
    """Everything that this process asks of a database meanwhile; BEGIN and COMMIT are not counted."""
    asked, begun = Asked(), dict[Any, float]()

    def before(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, context: Any, _many: bool
    ) -> None:
        asked.statements.append((statement, parameters))
        begun[context] = time.perf_counter()

    def after(
        _connection: Any, _cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool
    ) -> None:
        asked.seconds += time.perf_counter() - begun.pop(context)

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", before)
        event.remove(Engine, "after_cursor_execute", after)


def asks(web: Flask, token: str, path: str) -> tuple[Asked, bytes]:
    """What a page asks, and its body."""
    visitor = client(web, token)
    with listening() as asked:
        answer = visitor.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return asked, answer.data
