"""The request's session. Services get it as an argument; nothing below views/ asks for it."""

from typing import Any

from flask import Flask, current_app
from flask.globals import app_ctx
from sqlalchemy.orm import Session, scoped_session

from app.database import leave


def registry(web: Flask) -> scoped_session[Session]:
    """The sessions of an application, one for each application context, closed at its end."""
    if "xueshi_sessions" not in web.extensions:
        # The context itself, as Flask-SQLAlchemy takes it: its proxy would be the same for all.
        here: Any = app_ctx._get_current_object  # type: ignore[attr-defined]  # noqa: SLF001 -- the way that Werkzeug's proxies have
        made = scoped_session(web.config["SESSIONS"], scopefunc=lambda: id(here()))
        web.extensions["xueshi_sessions"] = made

        @web.teardown_appcontext
        def _close(_error: BaseException | None) -> None:
            if made.registry.has():
                leave(made())
                made.registry.clear()

    found: scoped_session[Session] = web.extensions["xueshi_sessions"]
    return found


def db() -> Session:
    """The session of this request; its actor is set before the first view runs."""
    return registry(current_app)()
