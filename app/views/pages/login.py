"""Logging in and out."""

from urllib.parse import urlsplit

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from app.security import sessions
from app.security.manager import COOKIE
from app.services import accounts
from app.services.errors import Refused
from app.views.access import public, signed_in
from app.views.database import db
from app.views.page import Page

UNAUTHORIZED = 401


class LoginForm(FlaskForm):
    """The account is the ID number; it never reaches a log in clear."""

    number = StringField(
        _l("ID number"),
        [InputRequired(_l("Enter your ID number."))],
        render_kw={"autocomplete": "username", "autocapitalize": "characters", "inputmode": "text"},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )


class LoginPage(Page):
    """The login page and the two acts on a session."""

    route_base = ""
    default_view = "login"

    @public
    @expose("/login", methods=["GET", "POST"])
    def login(self) -> Response | tuple[str, int] | str:
        """Log in with ID number and password."""
        if g.who is not None:
            return redirect(url_for("HomePage.home"))
        form = LoginForm()
        status = 200
        if form.validate_on_submit():
            try:
                entry = accounts.log_in(db(), form.number.data, form.password.data, request.remote_addr or "")
            except Refused as refused:
                form.form_errors.append(str(refused))
                status = UNAUTHORIZED
            else:
                token = sessions.start(
                    db(),
                    entry.account_id,
                    entry.epoch,
                    entry.appointment_id,
                    address=request.remote_addr or "",
                    hours=current_app.config["SETTINGS"].session_hours,
                )
                return with_token(redirect(_next()), token)
        return render_template("pages/login.html", form=form), status

    @signed_in
    @expose("/logout", methods=["POST"])
    def logout(self) -> Response:
        """End this session and return to the portal (POR-12)."""
        sessions.end(db(), g.who.session_id)
        flash(_("You are logged out."), "success")
        answer = redirect(url_for("PortalPage.portal"))
        answer.delete_cookie(cookie_name())
        return answer


def cookie_name() -> str:
    """The cookie of the session."""
    return COOKIE


def with_token(answer: Response, token: str) -> Response:
    """The answer with a session's token in its cookie, out of reach of scripts and of other sites."""
    answer.set_cookie(
        cookie_name(),
        token,
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
        path="/",
    )
    return answer


def _next() -> str:
    """Where the visitor wanted to go, if that is a page of ours."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    ours = (
        wanted.startswith("/")
        and not wanted.startswith(("//", "/\\"))
        and not parts.netloc
        and not parts.scheme
    )
    return wanted if ours and wanted.isprintable() else url_for("HomePage.home")
