"""The language of the pages, remembered in a cookie, and that of letters to whoever is signed in.

It changes by POST: a link must not change anything.
"""

from urllib.parse import urlsplit

from flask import abort, current_app, g, redirect, request, url_for
from flask_appbuilder import expose
from werkzeug.wrappers import Response

from app.services import accounts
from app.views.access import public
from app.views.database import db
from app.views.page import Page
from app.views.shell import LOCALE_COOKIE

YEAR = 365 * 24 * 3600  # seconds


class LanguagePage(Page):
    """Choose a language."""

    route_base = ""
    default_view = "choose"

    @public
    @expose("/language", methods=["POST"])
    def choose(self) -> Response:
        """Take the language and go back to where the visitor was."""
        chosen = request.form.get("locale", "")
        if chosen not in current_app.config["LANGUAGES"]:
            abort(400)
        if g.who is not None:
            accounts.speak(db(), g.who, chosen)
        answer = redirect(_back())
        answer.set_cookie(
            LOCALE_COOKIE,
            chosen,
            max_age=YEAR,
            samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
        return answer


def _back() -> str:
    """The page that the visitor comes from, if the browser says so and it is one of ours."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # it is no address
        return url_for("PortalPage.portal")
    back = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return back if back.startswith("/") and not back.startswith("//") else url_for("PortalPage.portal")
