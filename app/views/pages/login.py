"""Logging in and out."""

from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, session, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, RadioField, StringField
from wtforms.validators import InputRequired

from app.declare.part import Text
from app.declare.profile import UserType
from app.declare.province import province
from app.declare.words import language
from app.security import sessions
from app.security.manager import cookie
from app.services import accounts, proof, second_step
from app.services.errors import LoginRefused
from app.views import human
from app.views.access import public, signed_in
from app.views.database import db
from app.views.local import local
from app.views.messages import sentence
from app.views.page import Page

UNAUTHORIZED = 401

HALF = "half_login"
"""Where the browser's own cookie keeps that the password was right, and where it wants to go."""


class LoginForm(FlaskForm):
    """The account is the ID number; it never reaches a log in clear.

    As which type of user one comes decides as what one acts first. The portal asks it, or this form does.
    """

    user_type = RadioField(
        _l("User type"), validate_choice=False, render_kw={"data-control": "cards"}, default=""
    )
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

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.user_type.more_lang = "zh-CN" if language() == "en" else "en"
        self.user_type.choices = [(each.key, titled(each.label)) for each in province().user_types]

    @property
    def chosen(self) -> UserType | None:
        """The type of user that was chosen, if one was."""
        return province().user_type(self.user_type.data or "")


def titled(label: Text) -> str:
    """A label with the same in the other language below it, as the portals of provinces have it."""
    other = "zh" if language() == "en" else "en"
    return f"{label}|{label.in_(other)}"


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
        refused: LoginRefused | None = None
        demanded = proof.failed_before(db(), request.remote_addr or "")
        if form.validate_on_submit() and (not demanded or human.confirmed(form)):
            try:
                return self._let_in(form)
            except LoginRefused as error:
                refused, demanded = error, True
                form.form_errors = [*form.form_errors, sentence(error)]
        chosen = province().user_type(form.user_type.data or request.args.get("as", ""))
        page = render_template(
            "pages/login.html",
            form=form,
            chosen=chosen,
            asked=refused.asked if refused else None,
            demanded=demanded,
        )
        return page, UNAUTHORIZED if form.form_errors else 200

    def _let_in(self, form: LoginForm) -> Response:
        """Check the password, and open a session or ask for the second factor. Raises LoginRefused."""
        address = request.remote_addr or ""
        entry = accounts.log_in(db(), form.number.data, form.password.data, address)
        if entry.factor:
            session[HALF] = {"token": second_step.wait(db(), entry, form.chosen), "next": _next()}
            return redirect(url_for("SecondFactorPage.code"))
        hours = current_app.config["SETTINGS"].session_hours
        token = accounts.session_for(db(), entry, address=address, hours=hours, chosen=form.chosen)
        return with_token(after_login(entry.must_change_password, _next()), token)

    @signed_in
    @expose("/logout", methods=["POST"])
    def logout(self) -> Response:
        """End this session and return to the portal (POR-12)."""
        accounts.log_out(db(), g.who)
        flash(_("You are logged out."), "success")
        answer = redirect(url_for("PortalPage.portal"))
        answer.delete_cookie(cookie())
        return answer


def after_login(must_change_password: bool, wanted: str) -> Response:
    """Where somebody goes who is signed in now."""
    if must_change_password:
        flash(_("Choose a password of your own before you go on."), "info")
        return redirect(url_for("PasswordPage.change"))
    return redirect(wanted)


def with_token(answer: Response, token: str) -> Response:
    """The answer with a session's token in its cookie, out of reach of scripts and of other sites."""
    sessions.note_device(db(), token, request.user_agent.string)
    answer.set_cookie(
        cookie(),
        token,
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
        path="/",
    )
    return answer


def _next() -> str:
    """Where the visitor wanted to go, if that is a page of ours."""
    return local(request.args.get("next", ""), url_for("HomePage.home"))
