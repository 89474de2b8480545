"""The second factor: asked after the password, set up, taken away, and reset for those who lost it."""

from typing import Any

from flask import abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.declare.province import province
from app.declare.words import language
from app.documents import qr
from app.models.appointment import Appointment
from app.models.person import Person
from app.services import lost_factor, second_factor, second_step
from app.services.errors import Faulty, LoginRefused, Refused, Stale
from app.services.lists import one
from app.views.access import allowed, lacks_factor, public, signed_in
from app.views.database import db
from app.views.forms import refuse
from app.views.messages import sentence
from app.views.page import Page
from app.views.pages.login import HALF, after_login, with_token
from app.views.parts import Paper
from app.views.second_factor import CodeForm, ProvenForm, SetUpForm


class SecondFactorPage(Page):
    """Of one's own account."""

    route_base = "/second-factor"
    default_view = "set_up"

    @public
    @expose("/code", methods=["GET", "POST"])
    def code(self) -> Response | str:
        """The second step of a login. Nobody is signed in before the code was right."""
        form = CodeForm()
        if g.who is not None or HALF not in session:
            return redirect(url_for("LoginPage.login"))
        if form.validate_on_submit():
            try:
                token, must_change = second_step.finish(
                    db(), session[HALF]["token"], form.code.data, **_where()
                )
            except Faulty as faulty:
                refuse(form, faulty)
            except LoginRefused as refused:
                form.form_errors = [sentence(refused)]
            else:
                wanted = session.pop(HALF)["next"]
                return with_token(after_login(must_change, wanted), token)
        return render_template("pages/second_step.html", form=form)

    @signed_in
    @expose("/set-up", methods=["GET", "POST"])
    def set_up(self) -> Response | str:
        """A key for the app, as a picture and as text; with the first code it counts."""
        form = SetUpForm(present=g.who.factor)
        platform = province().platform_name.in_(language())
        me, name = g.who.actor.account_id, g.who.actor.name
        try:
            setting = second_factor.begin(me, name, platform, form.token.data or "")
        except Stale:
            setting = second_factor.begin(me, name, platform)
        if form.validate_on_submit():
            try:
                codes, token = second_factor.set_up(
                    db(), g.who, setting.token, form.code.data, form.password.data,
                    present=form.present.data if form.present else "", **_where(),
                )  # fmt: skip
            except Faulty as faulty:
                refuse(form, faulty)
            except LoginRefused as refused:
                form.form_errors = [sentence(refused)]
            else:
                done = render_template("pages/backup_codes.html", codes=codes)
                return with_token(current_app.make_response(done), token)
        form.token.data = setting.token
        first = lacks_factor(g.who)
        paper = _paper(_("Set up the second factor"), form, _("Turn on"), cancel=not first)
        picture, key = qr.picture(setting.uri), " ".join(_fours(setting.secret))
        return render_template("pages/factor_set_up.html", paper=paper, picture=picture, key=key, first=first)

    @signed_in
    @expose("/remove", methods=["GET", "POST"])
    def remove(self) -> Response | str:
        """Take it away again, where it is not required."""
        form = ProvenForm(factor=True)
        if not g.who.factor or g.who.factor_asked:
            return redirect(url_for("SecondFactorPage.set_up"))
        if form.validate_on_submit():
            try:
                token = second_factor.remove(db(), g.who, form.code.data, form.password.data, **_where())
            except Faulty as faulty:
                refuse(form, faulty)
            except Refused as refused:
                form.form_errors = [sentence(refused)]
            else:
                flash(_("The second factor is taken away. Your password alone is asked for."), "success")
                return with_token(redirect(url_for("AccountPage.account")), token)
        paper = _paper(_("Take the second factor away"), form, _("Take away"))
        return render_template("layout/form.html", paper=paper)


class LostFactorPage(Page):
    """Of an administrator who lost it."""

    route_base = "/lost-factor/administrator"
    default_view = "reset"
    noun = "appointment"

    @allowed("appointment.reset")
    @expose("/<pk>", methods=["POST"])
    def reset(self, pk: str) -> Response:
        """Take it away, so that the holder logs in with the password and sets up a new one."""
        return _reset(Appointment, "AppointmentScreen", pk)


class LostFactorOfPersonPage(Page):
    """Of a professional who lost it."""

    route_base = "/lost-factor/person"
    default_view = "reset"
    noun = "person"

    @allowed("person.reset")
    @expose("/<pk>", methods=["POST"])
    def reset(self, pk: str) -> Response:
        """Take it away, so that the holder logs in with the password alone."""
        return _reset(Person, "PersonScreen", pk)


def _reset(model: Any, screen: str, pk: str) -> Response:
    row = one(db(), model, pk) or abort(404)
    try:
        lost_factor.reset(db(), row)
    except Refused as refused:
        flash(sentence(refused), "warning")
    else:
        flash(_("Reset. %(name)s was told and logs in with the password.", name=row.name), "success")
    return redirect(url_for(f"{screen}.show", pk=row.id))


def _where() -> dict[str, Any]:
    return {"address": request.remote_addr or "", "hours": current_app.config["SETTINGS"].session_hours}


def _fours(secret: str) -> list[str]:
    return [secret[at : at + 4] for at in range(0, len(secret), 4)]


def _paper(title: str, form: Any, submit: str, *, cancel: bool = True) -> Paper:
    return Paper(
        title=title,
        form=form,
        sections=((None, form.shown()),),
        submit=submit,
        cancel_url=url_for("AccountPage.account") if cancel else "",
    )
