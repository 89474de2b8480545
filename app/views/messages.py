"""The one place where errors become words for people: in a form, above a page, or as a page of their own."""

import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import Flask, current_app, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from app.declare.invalid import Invalid
from app.declare.words import _, language
from app.security.scope import Forbidden
from app.services.errors import Faulty, NotFound, OnlyLooking, ReasonMissing, Refused
from app.services.lookups import TooOften
from app.services.wording import said
from app.views.database import db

log = logging.getLogger(__name__)

WORDS: Mapping[int, tuple[Any, Any]] = MappingProxyType(
    {
        400: (
            _("This cannot be read"),
            _("Something in the request is not as it should be. Go back and try again."),
        ),
        401: (
            _("Please log in"),
            _("Your session has ended. Log in again; what you typed was not saved."),
        ),
        403: (
            _("You may not do this"),
            _(
                "Your role, or the organization you act for, does not allow this."
                " Ask the super-administrator of your organization, or act as another of your posts."
            ),
        ),
        404: (
            _("Not found"),
            _(
                "It does not exist, or it belongs to somebody else."
                " Check the address, or look for it in its list."
            ),
        ),
        405: (_("Not possible in this way"), _("Go back and use the button of the page.")),
        409: (
            _("It has changed in the meantime"),
            _("Nothing was done. Look at it again and decide then."),
        ),
        413: (
            _("Too large"),
            _("The file or the text is larger than allowed. Make it smaller and try again."),
        ),
        428: (
            _("Not without its version"),
            _("Read it first, and send the ETag that came with it as If-Match."),
        ),
        429: (_("Too often"), _("Wait a few minutes and try again.")),
        500: (
            _("Something went wrong"),
            _("Nothing was saved. Try again; if it happens again, tell the help desk the number below."),
        ),
        503: (_("Not available at the moment"), _("Nothing was saved. Try again in a minute.")),
    }
)

EXPIRED = _(
    "The page was open for too long, or was opened twice. Go back, load it again and repeat what you did."
)

SQLSTATES: Mapping[str, int] = MappingProxyType(
    {
        "42501": 403,
        "22003": 400,
        "22P02": 400,
        "22021": 400,
        "22P05": 400,
        "57014": 503,
        "40001": 409,
        "40P01": 409,
    }
)
"""What an error of PostgreSQL is to a visitor: refused by the wall, not a value, too slow, or a collision."""

COLLISIONS = ("40001", "40P01")
COLLIDED = _(
    "Somebody else was changing the same at the same moment, and one of you had to wait. Nothing of yours was"
    " done: do it once more."
)

UNAVAILABLE = 503

ONLY_READ = "25006"
"""What PostgreSQL says where nothing may be written (security/scope.only_read)."""

UNSENDABLE = "22021"
"""What the driver refuses to send, a text with a NUL for example, has no state: it is no value either."""


def sentence(error: Any) -> str:
    """An error, or a lazy text, as a sentence in the reader's language."""
    return said(error, language())


def catch(web: Flask) -> None:
    """Answer every error with a page, or with JSON where JSON was asked for."""
    web.register_error_handler(HTTPException, _http)
    web.register_error_handler(CSRFError, lambda _error: answer(400, EXPIRED))
    web.register_error_handler(Forbidden, lambda _error: answer(403))
    web.register_error_handler(NotFound, lambda _error: answer(404))
    web.register_error_handler(ReasonMissing, lambda error: answer(400, error))
    web.register_error_handler(OnlyLooking, lambda error: answer(403, error))
    web.register_error_handler(TooOften, lambda error: answer(429, error))
    web.register_error_handler(Refused, lambda error: answer(409, error))
    web.register_error_handler(Invalid, lambda error: answer(400, error))
    web.register_error_handler(Faulty, _faulty)
    web.register_error_handler(DBAPIError, _database)
    web.register_error_handler(500, lambda _error: answer(500))


def _http(error: HTTPException) -> Any:
    if error.response is not None:
        return error.response
    code = error.code or 500
    if code < 400:  # noqa: PLR2004 -- a redirect that was raised
        return error
    return answer(code if code in WORDS else 400 if code < 500 else 500, headers=dict(error.get_headers()))  # noqa: PLR2004 -- the two families of errors


def _faulty(error: Faulty) -> Any:
    wrong = {key: [sentence(each) for each in told] for key, told in error.problems.items()}
    return answer(400, " ".join(each for told in wrong.values() for each in told), fields=wrong)


def _database(error: DBAPIError) -> Any:
    state = getattr(error.orig, "sqlstate", None) or (UNSENDABLE if isinstance(error, DataError) else "")
    if state == ONLY_READ and g.get("who") and g.who.seeing:
        return answer(403, OnlyLooking())
    code = SQLSTATES.get(
        state, 503 if error.connection_invalidated or state.startswith(("08", "57P")) else 500
    )
    log.error("request %s: database error %s", g.get("request_id", ""), state, exc_info=code >= 500)  # noqa: PLR2004 -- only what is ours to mend is told in full
    return answer(code, COLLIDED if state in COLLISIONS else "")


def answer(
    code: int, told: Any = "", *, fields: Any = None, headers: Mapping[str, str] | None = None
) -> Response:
    """The page, or the JSON, of an error. `told` is a more exact sentence than the code's own."""
    title, explanation = (str(each) for each in WORDS[code])
    if told:
        explanation = sentence(told)
    if _json_wanted():
        body = {"message": explanation, "request": g.get("request_id", "")} | (
            {"fields": fields} if fields else {}
        )
        made = jsonify(body)
    else:
        made = current_app.make_response(_page(code, title, explanation))
    made.status_code = code
    if headers and "Allow" in headers:
        made.headers["Allow"] = headers["Allow"]
    if headers and "Retry-After" in headers:
        made.headers["Retry-After"] = headers["Retry-After"]
    return made


def _json_wanted() -> bool:
    best = request.accept_mimetypes.best_match(("text/html", "application/json"), default="text/html")
    return request.path.startswith("/api/") or best == "application/json"


def _page(code: int, title: str, explanation: str) -> str:
    words = {
        "code": code,
        "title": title,
        "explanation": explanation,
        "request_id": g.get("request_id", ""),
        "symbol": "lock" if code in {401, 403} else "search" if code == 404 else "alert",  # noqa: PLR2004 -- HTTP
        "acts": (),
    }
    if code == UNAVAILABLE or not _reachable():
        return _frameless(words)
    try:
        db().rollback()  # what was refused is undone before the menu asks anything
        return render_template("errors/error.html", **words)
    except Exception:  # whatever it is: the menu asks the database, which may be what is broken
        if code < 500:  # noqa: PLR2004 -- HTTP
            raise
        log.exception("request %s: no frame around the error", words["request_id"])
        return _frameless(words)


def _frameless(words: Mapping[str, Any]) -> str:
    """An error page that asks nothing of anybody."""
    return current_app.jinja_env.get_template("errors/error.html").render(shell=None, **words)


def _reachable() -> bool:
    """Whether the request came to a host of ours: for another one no address can be made, so no menu."""
    try:
        return bool(request.host)
    except SecurityError:
        return False
