"""Delegation while on leave: to whom, for what, from when to when; and its early end."""

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import DateField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired

from app.database import clock
from app.models.appointment import Appointment
from app.security import grants
from app.services import delegations, lists
from app.services.errors import Faulty, Refused
from app.services.functions import ACTIONS, functions, spoken
from app.views.access import allowed, signed_in
from app.views.database import db
from app.views.forms import refuse
from app.views.messages import sentence
from app.views.page import Page
from app.views.parts import Act

DAY = _l("Please enter a day.")


class DelegationForm(FlaskForm):
    """Who acts on one's behalf, and for how long; in what, the matrix below says."""

    colleague = RadioField(_l("Who acts on your behalf"), coerce=lists.id_of, validate_choice=False)
    first = DateField(_l("First day"), [InputRequired(DAY)])
    last = DateField(_l("Last day"), [InputRequired(DAY)])
    permission = SelectMultipleField(_l("What he or she may do"), validate_choice=False)


class DelegationsPage(Page):
    """What the list of administrators leads to."""

    route_base = "/delegations"
    default_view = "new"
    noun = "appointment"
    acts_for = "appointment"

    def acts_on(self, row: Any) -> Iterable[Act]:
        """What a delegation holds, and its early end."""
        if row.rights is not None:
            url = url_for("DelegationsPage.show", pk=row.id)
            yield Act(label=_("What is delegated"), url=url, icon="checklist")
        if delegations.may_end(g.actor, row):
            yield Act(
                label=_("End the delegation"),
                url=url_for("DelegationsPage.end", pk=row.id),
                icon="no",
                method="post",
                confirm=_("End this delegation today?"),
            )

    @allowed("appointment.delegate")
    @expose("/new", methods=["GET", "POST"])
    def new(self) -> Response | str:
        """Choose a colleague, the days, and what of one's own rights."""
        free = grants.delegable(g.actor)
        if not free:
            abort(403)
        form = DelegationForm()
        form.colleague.choices = [(each.id, each.name) for each in delegations.colleagues(db())]
        if form.validate_on_submit():
            try:
                chosen = form.colleague.data, form.permission.data or (), form.first.data, form.last.data
                made = delegations.delegate(db(), *chosen)
            except Faulty as faulty:
                refuse(form, faulty)
            else:
                said = _("%(name)s acts on your behalf from %(day)s on.", name=made.name, day=made.starts_on)
                flash(said, "success")
                return redirect(url_for("AppointmentScreen.show", pk=made.id))
        elif not form.is_submitted():
            form.first.data = clock.today()
            form.colleague.data = next((key for key, _name in form.colleague.choices), None)
        ticked = set(form.permission.data or (() if form.is_submitted() else free))
        return render_template("pages/delegation.html", form=form, lines=_matrix(free), ticked=ticked)

    @allowed("appointment.read")
    @expose("/<pk>")
    def show(self, pk: str) -> Response | str:
        """The rights of a delegation in plain words; a post in one's own right has its record."""
        post = lists.one(db(), Appointment, pk) or abort(404)
        if post.rights is None:
            return redirect(url_for("AppointmentScreen.show", pk=post.id))
        lines = spoken(g.actor.kind, post.rights)
        return render_template("pages/delegation_rights.html", post=post, lines=lines)

    @signed_in
    @expose("/<pk>/end", methods=["POST"])
    def end(self, pk: str) -> Response:
        """End it today; the one who delegated may, and the super-administrator."""
        post = lists.one(db(), Appointment, pk)
        if post is None or not delegations.may_end(g.actor, post):
            abort(404)
        try:
            delegations.end(db(), post)
        except Refused as refused:
            flash(sentence(refused), "warning")
        else:
            flash(_("The delegation has ended."), "success")
        return redirect(url_for("AppointmentScreen.show", pk=post.id))


def _matrix(free: frozenset[str]) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """The functions of the menu, each with the permissions that may be delegated."""
    lines = []
    for each in functions(g.actor.kind):
        held = [(each.permission(action), ACTIONS[action]) for action in each.actions]
        if rights := [(name, label) for name, label in held if name in free]:
            lines.append((each.label, rights))
    return lines
