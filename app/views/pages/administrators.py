"""Administrators of one's own organisation: the wizard, another role, the end of a post, the hand-over."""

from typing import Any

from flask import abort, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.models.appointment import Appointment
from app.services import administrators, candidates, hand_overs, lists
from app.services.errors import Faulty, LoginRefused, Refused
from app.services.functions import spoken
from app.views.access import allowed
from app.views.appointing import (
    STEPS,
    WAYS,
    RoleForm,
    candidate_form,
    own_people,
    post_form,
    role_name,
)
from app.views.database import db
from app.views.forms import refuse
from app.views.messages import sentence
from app.views.page import Page
from app.views.pages.login import with_token
from app.views.parts import Paper, Tab
from app.views.second_factor import ProvenForm


class AdministratorsPage(Page):
    """What the generated list of administrators leads to."""

    route_base = "/administrators"
    default_view = "new"
    noun = "appointment"

    @allowed("appointment.create")
    @expose("/new", methods=["GET", "POST"])
    def new(self) -> str:
        """Step one: who it is, by one of three ways (ADM-04 to 07)."""
        way = request.values.get("way", "own")
        if way not in WAYS:
            abort(404)
        form = candidate_form(way)
        if request.method == "POST" and request.form.get("reload") != "1":
            typed = {key: request.form.get(key, "") for key in (*candidates.ASKED[way], *candidates.PLACE)}
            try:
                found = candidates.find(db(), way, typed, address=request.remote_addr or "")
            except Faulty as faulty:
                form.form_errors = []
                refuse(form, faulty)
            except Refused as refused:
                form.form_errors = [sentence(refused)]
            else:
                return _rights(found)
        here = url_for("AdministratorsPage.new")
        tabs = tuple(
            Tab(label=label, url=f"{here}?way={key}", current=key == way) for key, label in WAYS.items()
        )
        return render_template("pages/administrator.html", paper=_who(form, way), tabs=tabs, offered=())

    @allowed("appointment.create")
    @expose("/people")
    def people(self) -> Response:
        """Names of the organisation's own people, while one types."""
        found = own_people(db(), request.args.get("q", "")[:100].strip(), g.actor.organization_id)
        return jsonify(results=[{"value": str(key), "text": text} for key, text in found])

    @allowed("appointment.create")
    @expose("/rights", methods=["POST"])
    def rights(self) -> Response | str:
        """Step two: the role, its rights in plain words (ROL-03); confirmed, the post is given."""
        try:
            candidate = candidates.opened(db(), request.form.get("token", ""))
            role_id = lists.id_of(request.form.get("role_id"))
            if role_id is None:
                return _rights(candidate)
            made = administrators.appoint(db(), candidate, role_id)
        except Faulty as faulty:
            flash(str(faulty).removeprefix(": "), "warning")
        except Refused as refused:
            flash(sentence(refused), "warning")
        else:
            return redirect(url_for("AdministratorsPage.done", pk=made.id))
        return redirect(url_for("AdministratorsPage.new"))

    @allowed("appointment.create")
    @expose("/<pk>/done")
    def done(self, pk: str) -> str:
        """Step three: it is done, and what comes next."""
        return render_template("pages/administrator_done.html", post=_post(pk), steps=STEPS, at=2)

    @allowed("appointment.update")
    @expose("/<pk>/role", methods=["GET", "POST"])
    def role(self, pk: str) -> Response | str:
        """Another role or department for an administrator."""
        post = _post(pk)
        form = post_form(post)
        offered = list(administrators.roles(db()))
        if form.validate_on_submit():
            try:
                administrators.change(db(), post.id, form.role_id.data, department_id=form.department_id.data)
            except Faulty as faulty:
                refuse(form, faulty)
            except Refused as refused:
                form.form_errors = [sentence(refused)]
            else:
                flash(_("Saved. %(name)s logs in again with the new rights.", name=post.name), "success")
                return redirect(url_for("AppointmentScreen.show", pk=post.id))
        form.offer(offered, post.role_id)
        sections = ((None, ("department_id", "role_id")),)
        paper = _paper(post, form, _("Role of %(name)s", name=post.name), _("Save"), sections)
        return render_template("pages/administrator.html", paper=paper, tabs=(), offered=_worded(offered))

    @allowed("appointment.delete")
    @expose("/<pk>/remove", methods=["POST"])
    def remove(self, pk: str) -> Response:
        """End a post (ADM-03)."""
        post = _post(pk)
        try:
            administrators.remove(db(), post.id)
        except Refused as refused:
            flash(sentence(refused), "warning")
            return redirect(url_for("AppointmentScreen.show", pk=post.id))
        flash(_("%(name)s is no longer an administrator.", name=post.name), "success")
        return redirect(url_for("AppointmentScreen.list"))

    @allowed("appointment.hand_over")
    @expose("/<pk>/hand-over", methods=["GET", "POST"])
    def hand_over(self, pk: str) -> Response | str:
        """Make another the super-administrator: what it means, one's password, and it is done (ADM-02)."""
        post, form = _post(pk), ProvenForm(factor=g.who.factor)
        if form.validate_on_submit():
            hours = current_app.config["SETTINGS"].session_hours
            words = {"address": request.remote_addr or "", "hours": hours}
            try:
                token = hand_overs.hand_over(db(), g.who, post.id, *form.typed, **words)
            except Faulty as faulty:
                refuse(form, faulty)
            except LoginRefused as refused:
                form.form_errors = [sentence(refused)]
            except Refused as refused:
                flash(sentence(refused), "warning")
                return redirect(url_for("AppointmentScreen.list"))
            else:
                flash(_("%(name)s is now the super-administrator.", name=post.name), "success")
                return with_token(redirect(url_for("AppointmentScreen.list")), token)
        title = _("Make %(name)s the super-administrator", name=post.name)
        paper = _paper(post, form, title, _("Hand over"), (("", form.shown()),))
        return render_template("pages/hand_over.html", paper=paper, post=post)


def _post(pk: str) -> Appointment:
    post = lists.one(db(), Appointment, pk)
    if post is None:
        abort(404)
    return post


def _worded(offered: list[administrators.Offered]) -> list[tuple[str, list[tuple[Any, list[Any]]], int]]:
    """Each role by its name, with its rights in plain words and how many of them the giver lacks."""
    kind = g.actor.kind
    return [(role_name(each.role), spoken(kind, each.permissions), len(each.missing)) for each in offered]


def _rights(candidate: candidates.Candidate) -> str:
    form, offered = RoleForm(formdata=None), list(administrators.roles(db()))
    form.token.data = candidates.sealed(db(), candidate)
    form.offer(offered)
    paper = Paper(
        title=_("New administrator: %(name)s", name=candidate.name),
        form=form,
        sections=((None, ("role_id",)),),
        submit=_("Confirm and add"),
        cancel_url=url_for("AdministratorsPage.new"),
        way=STEPS,
        at=1,
    )
    action = url_for("AdministratorsPage.rights")
    return render_template(
        "pages/administrator.html", paper=paper, tabs=(), offered=_worded(offered), action=action
    )


def _who(form: Any, way: str) -> Paper:
    return Paper(
        title=_("New administrator"),
        form=form,
        sections=((None, (*candidates.ASKED[way], *candidates.PLACE)),),
        submit=_("Next step"),
        cancel_url=url_for("AppointmentScreen.list"),
        trail=((Appointment.screen.label, url_for("AppointmentScreen.list")),),
        way=STEPS,
    )


def _paper(post: Appointment, form: Any, title: str, submit: str, sections: Any = None) -> Paper:
    return Paper(
        title=title,
        form=form,
        sections=sections or ((None, ("role_id",)),),
        submit=submit,
        cancel_url=url_for("AppointmentScreen.show", pk=post.id),
        trail=((Appointment.screen.label, url_for("AppointmentScreen.list")),),
    )
