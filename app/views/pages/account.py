"""One's own account: how it is reached, its second factor, its posts, and where it is signed in."""

from uuid import UUID

from flask import current_app, flash, g, redirect, render_template, request, session, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired

from app.services import accounts, contacts, digests, own_account, second_factor
from app.services.errors import Faulty, Refused
from app.views.access import signed_in
from app.views.database import db
from app.views.forms import refuse
from app.views.messages import sentence
from app.views.page import Page
from app.views.parts import Paper
from app.views.second_factor import CodeForm, ConfirmForm
from app.views.shell import role_of

ASKED = "contact_change"
"""Where the browser's own cookie keeps the name of its request."""


NOT_TOLD = _l("You are no longer told in the morning what waits for you.")


class ContactForm(ConfirmForm):
    """The new address; whether it is a telephone or an e-mail, it says itself."""

    contact = StringField(
        _l("New mobile phone or e-mail address"),
        [InputRequired(_l("Enter the new mobile phone or e-mail address."))],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "maxlength": 200},
    )


class AccountPage(Page):
    """What the menu with one's name leads to."""

    route_base = "/account"
    default_view = "account"

    @signed_in
    @expose("/")
    def account(self) -> str:
        """Everything at a glance."""
        me = g.who.actor.account_id
        held = accounts.posts(db(), me) if me is not None else ()
        idle = current_app.config["SETTINGS"].idle_minutes
        return render_template(
            "pages/account.html",
            reached=own_account.reached(db(), g.who),
            factor=g.who.factor,
            backups=second_factor.backups_left(db(), me) if g.who.factor else 0,
            digest=digests.wanted(db()),
            posts=[(post.organization, role_of(post.kind, post.on_behalf)) for post in held],
            places=own_account.places(db(), g.who, idle=idle),
            reaches=current_app.config["SETTINGS"].reaches,
        )

    @signed_in
    @expose("/contact", methods=["GET", "POST"])
    def contact(self) -> Response | str:
        """Ask for another telephone or e-mail; a code goes there."""
        form, reaches = ContactForm(), current_app.config["SETTINGS"].reaches
        if not reaches:
            return redirect(url_for("AccountPage.account"))
        if form.validate_on_submit():
            try:
                asked = contacts.ask(
                    db(), g.who, form.contact.data, form.password.data,
                    reaches=reaches, address=request.remote_addr or "",
                )  # fmt: skip
            except Faulty as faulty:
                refuse(form, faulty)
            except Refused as refused:
                form.form_errors = [sentence(refused)]
            else:
                session[ASKED] = str(asked)
                return redirect(url_for("AccountPage.code"))
        paper = _paper(_("Change phone or e-mail"), form, _("Send a code there"), ("contact", "password"))
        return render_template("layout/form.html", paper=paper)

    @signed_in
    @expose("/contact/code", methods=["GET", "POST"])
    def code(self) -> Response | str:
        """With the code that came there, it is the account's."""
        form = CodeForm()
        form.code.description = _("Six digits, valid for ten minutes.")
        if ASKED not in session:
            return redirect(url_for("AccountPage.contact"))
        if form.validate_on_submit():
            try:
                kept = contacts.finish(db(), g.who, UUID(session[ASKED]), form.code.data)
            except Faulty as faulty:
                refuse(form, faulty)
            except Refused as refused:
                form.form_errors = [sentence(refused)]
            else:
                del session[ASKED]
                flash(_("Changed: %(address)s", address=kept), "success")
                return redirect(url_for("AccountPage.account"))
        paper = _paper(_("Enter the code that was sent to you"), form, _("Confirm"), ("code",))
        return render_template("layout/form.html", paper=paper)

    @signed_in
    @expose("/digest", methods=["POST"])
    def digest(self) -> Response:
        """Whether one is told each working morning what waits."""
        wanted = request.form.get("wanted") == "1"
        digests.want(db(), wanted=wanted)
        told = _("You are told each working morning what waits for you.") if wanted else NOT_TOLD
        flash(told, "success")
        return redirect(url_for("AccountPage.account"))

    @signed_in
    @expose("/sessions/<int:pk>/end", methods=["POST"])
    def end(self, pk: int) -> Response:
        """End one of one's own sessions."""
        return _ended(own_account.end(db(), g.who, pk))

    @signed_in
    @expose("/sessions/end-others", methods=["POST"])
    def end_others(self) -> Response:
        """End all sessions but this one."""
        return _ended(own_account.end(db(), g.who, None))


def _ended(number: int) -> Response:
    flash(ngettext("%(num)d session has ended.", "%(num)d sessions have ended.", number), "success")
    return redirect(url_for("AccountPage.account"))


def _paper(title: str, form: ConfirmForm | CodeForm, submit: str, fields: tuple[str, ...]) -> Paper:
    return Paper(
        title=title,
        form=form,
        sections=((None, fields),),
        submit=submit,
        cancel_url=url_for("AccountPage.account"),
        trail=((_("My account"), url_for("AccountPage.account")),),
    )
