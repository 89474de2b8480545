"""The request's session. Services get it as an argument; nothing below views/ asks for it."""

from flask import Flask, current_app
from flask.globals import app_ctx
from sqlalchemy.orm import Session, scoped_session


def registry(web: Flask) -> scoped_session[Session]:
    """The sessions of an application, one for each application context, closed at its end."""
    if "xueshi_sessions" not in web.extensions:
        made = scoped_session(web.config["SESSIONS"], scopefunc=lambda: id(app_ctx._get_current_object()))  # type: ignore[attr-defined] # noqa: SLF001 -- the context's identity, as Flask-SQLAlchemy takes it
        web.extensions["xueshi_sessions"] = made

        @web.teardown_appcontext
        def _close(_error: BaseException | None) -> None:
            made.remove()

    return web.extensions["xueshi_sessions"]  # type: ignore[no-any-return] -- Flask's extensions are untyped


def db() -> Session:
    """The session of this request; its actor is set before the first view runs."""
    return registry(current_app)()
