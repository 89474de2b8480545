"""Changing one's own password: the old one must be right (POR-11); every other session ends."""

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import PasswordField
from wtforms.validators import InputRequired

from app.services import accounts
from app.services.errors import Faulty, LoginRefused
from app.views.access import signed_in
from app.views.database import db
from app.views.forms import refuse
from app.views.messages import sentence
from app.views.new_password import NewPasswordForm
from app.views.page import Page
from app.views.pages.login import with_token
from app.views.parts import Paper


class PasswordForm(NewPasswordForm):
    """Old, new, new again."""

    old = PasswordField(
        _l("Old password"),
        [InputRequired(_l("Enter your old password."))],
        render_kw={"autocomplete": "current-password"},
    )


class PasswordPage(Page):
    """One's own password."""

    route_base = ""
    default_view = "change"

    @signed_in
    @expose("/password", methods=["GET", "POST"])
    def change(self) -> Response | str:
        """Change it and go on in a fresh session."""
        form = PasswordForm()
        if form.validate_on_submit():
            try:
                token = accounts.change_password(
                    db(),
                    g.who,
                    form.old.data,
                    form.new.data,
                    address=request.remote_addr or "",
                    hours=current_app.config["SETTINGS"].session_hours,
                )
            except Faulty as faulty:
                refuse(form, faulty)
            except LoginRefused as refused:
                form.form_errors = [*form.form_errors, sentence(refused)]
            else:
                flash(_("Your password is changed. Sessions on other devices have ended."), "success")
                return with_token(redirect(url_for("HomePage.home")), token)
        paper = Paper(
            title=_("Change password"),
            form=form,
            sections=((None, ("old", "new", "again")),),
            submit=_("Change password"),
            cancel_url=url_for("HomePage.home"),
        )
        return render_template("layout/form.html", paper=paper)
