"""The matrix of a role: functions × actions, in the words of the menu; what changes; who holds it."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField, StringField
from wtforms.validators import InputRequired

from app.models.role import RoleProfile
from app.security import grants
from app.services import administrators, lists, roles, seeing
from app.services.errors import Faulty, Refused
from app.services.functions import ACTIONS, WIDTHS, Function, functions, spoken
from app.views.access import allowed
from app.views.appointing import role_name
from app.views.database import db
from app.views.forms import refuse
from app.views.messages import sentence
from app.views.page import Page
from app.views.pages.seeing import act as see_as


class RoleForm(FlaskForm):
    """The name of a role and what it may do; which rights may be ticked the matrix says."""

    label = StringField(
        lazy_gettext("Name of the role"),
        [InputRequired(lazy_gettext("Please fill in this field."))],
        render_kw={"autocomplete": "off", "maxlength": roles.LONGEST},
    )
    permission = SelectMultipleField(lazy_gettext("What one may do"), validate_choice=False)


@dataclass(slots=True)
class Table:
    """One matrix as it lies before somebody."""

    title: str
    action: str
    form: RoleForm


class RolesPage(Page):
    """What the generated list of roles leads to."""

    route_base = "/roles"
    default_view = "new"
    noun = "role"

    @allowed("role.create")
    @expose("/new", methods=["GET", "POST"])
    def new(self) -> Response | str:
        """A new role, from nothing (ROL-01)."""
        table = Table(title=_("New role"), action=url_for("RolesPage.new"), form=RoleForm())
        return _sent(table, None) if request.method == "POST" else _shown(table)

    @allowed("role.create")
    @expose("/<pk>/copy")
    def copy(self, pk: str) -> str:
        """A new role that begins as a copy, less what one cannot give."""
        role = _role(pk)
        label = _("%(name)s (copy)", name=role_name(role))[: roles.LONGEST]
        ticked = grants.permissions_of(db(), role.id) & grants.free(g.actor)
        form = RoleForm(formdata=None, label=label, permission=sorted(ticked))
        return _shown(Table(title=label, action=url_for("RolesPage.new"), form=form))

    @allowed("role.update")
    @expose("/<pk>/edit", methods=["GET", "POST"])
    def edit(self, pk: str) -> Response | str:
        """A change of a role of one's own organisation."""
        seen = _role(pk)
        if seen.organization_id is None:  # it came with the product: one may have a copy
            return redirect(url_for("RolesPage.copy", pk=seen.id))
        role = roles.one(db(), seen.id)
        held = sorted(grants.permissions_of(db(), role.id))
        table = Table(
            title=_("Change: %(name)s", name=role.label),
            action=url_for("RolesPage.edit", pk=role.id),
            form=RoleForm(label=role.label, permission=held),
        )
        return _sent(table, role.id) if request.method == "POST" else _shown(table)

    @allowed("role.read")
    @expose("/<pk>/holders", methods=["GET"])
    def holders(self, pk: str) -> str:
        """What a role may do and who holds it; from here it is given to another administrator (ROL-02)."""
        role = _role(pk)
        may = g.actor.may("appointment.update")
        sees = not g.who.seeing and seeing.may_see(g.actor, role)
        return render_template(
            "pages/role_holders.html",
            acts=(see_as(role.id),) if sees else (),
            role=role,
            name=role_name(role),
            lines=spoken(role.kind, grants.permissions_of(db(), role.id)) if not role.super else (),
            holders=roles.holders(db(), role.id),
            others=roles.others(db(), role.id)
            if may and role.kind == g.actor.kind and not role.super
            else (),
        )

    @allowed("appointment.update")
    @expose("/<pk>/give", methods=["POST"])
    def give(self, pk: str) -> Response:
        """Give the role to an administrator."""
        role, post = _role(pk), lists.id_of(request.form.get("post"))
        if post is None:
            flash(_("Please choose an administrator."), "warning")
        else:
            try:
                given = administrators.change(db(), post, role.id)
            except Refused as refused:
                flash(sentence(refused), "warning")
            else:
                flash(_("%(name)s now has this role.", name=given.name), "success")
        return redirect(url_for("RolesPage.holders", pk=role.id))

    @allowed("role.delete")
    @expose("/<pk>/remove", methods=["POST"])
    def remove(self, pk: str) -> Response:
        """Delete a role that nobody ever held."""
        role = _role(pk)
        try:
            roles.remove(db(), role.id)
        except Refused as refused:
            flash(sentence(refused), "warning")
            return redirect(url_for("RolesPage.holders", pk=pk))
        flash(_("The role is deleted."), "success")
        return redirect(url_for("RoleProfileScreen.list"))


def _role(pk: str) -> RoleProfile:
    role = lists.one(db(), RoleProfile, pk)
    if role is None:
        abort(404)
    return role


def _sent(table: Table, role_id: int | None) -> Response | str:
    """Show what would change; keep it once that was seen and confirmed."""
    form = table.form
    if request.form.get("again") or not form.validate():
        return _shown(table)
    label, ticked = form.label.data or "", form.permission.data or ()
    try:
        made = roles.draft(db(), role_id, label, ticked)
        if not request.form.get("confirmed"):
            return _confirm(table, made)
        saved = roles.save(db(), role_id, label, ticked)
    except Faulty as faulty:
        refuse(form, faulty)
        return _shown(table)
    except Refused as refused:
        form.form_errors.append(sentence(refused))
        return _shown(table)
    flash(_("Saved."), "success")
    return redirect(url_for("RolesPage.holders", pk=saved))


def _shown(table: Table) -> str:
    lines = groupby(functions(g.actor.kind), key=lambda each: each.under)
    free, ticked = grants.free(g.actor), frozenset(table.form.permission.data or ())

    def width(function: Function) -> str:
        held = any(function.permission(action) in ticked for action in function.actions)
        return function.width(ticked if held else free)

    return render_template(
        "pages/role.html", table=table, parts=[(under, list(some)) for under, some in lines], actions=ACTIONS,
        free=free, ticked=ticked, widths=WIDTHS, width=width,
    )  # fmt: skip


def _confirm(table: Table, made: roles.Draft) -> str:
    kind = g.actor.kind
    changes: list[tuple[Any, str, list[Any]]] = [
        (_("Rights added"), "ok", spoken(kind, made.added)),
        (_("Rights taken away"), "bad", spoken(kind, made.lost)),
    ]
    return render_template("pages/role_change.html", table=table, made=made, changes=changes)
