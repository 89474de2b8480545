"""A forgotten password (POR-10): ask for a code, then take a new password with it. Works without scripts."""

from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired

from app.services import recovery
from app.services.errors import Faulty, Refused
from app.views import human
from app.views.access import public
from app.views.database import db
from app.views.forms import refuse
from app.views.messages import sentence
from app.views.new_password import NewPasswordForm
from app.views.page import Page

ASKED = "recovery"
"""Where the browser's own cookie keeps the name of its request."""


class AskForm(FlaskForm):
    """Who one is, and where one is reached."""

    number = StringField(
        _l("ID number"),
        [InputRequired(_l("Enter your ID number."))],
        render_kw={"autocomplete": "username", "autocapitalize": "characters", "maxlength": 40},
    )
    contact = StringField(
        _l("Registered e-mail address or mobile phone"),
        [InputRequired(_l("Enter the e-mail address or the mobile phone that you registered."))],
        render_kw={"autocomplete": "email", "autocapitalize": "none", "maxlength": 200},
    )


class RecoveryForm(NewPasswordForm):
    """The code, and the new password twice."""

    code = StringField(
        _l("Code"),
        [InputRequired(_l("Enter the code."))],
        description=_l("Six digits, valid for ten minutes."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 20},
    )


class RecoveryPage(Page):
    """Two pages, before the login."""

    route_base = ""
    default_view = "forgotten"

    @public
    @expose("/password/forgotten", methods=["GET", "POST"])
    def forgotten(self) -> Response | str:
        """Ask for a code. The answer is the same for everybody."""
        form = AskForm()
        reaches = current_app.config["SETTINGS"].reaches
        if reaches and form.validate_on_submit() and human.confirmed(form):
            try:
                asked = recovery.ask(
                    db(),
                    form.number.data,
                    form.contact.data,
                    reaches=reaches,
                    network_address=request.remote_addr or "",
                )
            except Faulty as faulty:
                refuse(form, faulty)
            except Refused as refused:
                form.form_errors = [*form.form_errors, sentence(refused)]
            else:
                session[ASKED] = str(asked)
                return redirect(url_for("RecoveryPage.recover"))
        return render_template("pages/forgotten.html", form=form, reaches=reaches)

    @public
    @expose("/password/recover", methods=["GET", "POST"])
    def recover(self) -> Response | str:
        """Take a new password for the code."""
        form = RecoveryForm()
        if ASKED not in session:
            return redirect(url_for("RecoveryPage.forgotten"))
        if form.validate_on_submit():
            try:
                recovery.finish(db(), UUID(session[ASKED]), form.code.data, form.new.data)
            except Faulty as faulty:
                refuse(form, faulty)
            except Refused as refused:
                form.form_errors = [*form.form_errors, sentence(refused)]
            else:
                del session[ASKED]
                flash(_("Your password is changed and every session has ended. Log in with it."), "success")
                return redirect(url_for("LoginPage.login"))
        return render_template("pages/recover.html", form=form)
