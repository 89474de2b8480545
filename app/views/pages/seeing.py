"""Seeing as a role, and the way back. Every page says so meanwhile (templates/layout/topbar.html)."""

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, g, redirect, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.models.role import RoleProfile
from app.services import lists, seeing
from app.services.errors import Refused
from app.views.access import allowed, signed_in
from app.views.database import db
from app.views.messages import sentence
from app.views.page import Page
from app.views.parts import Act


class SeeingPage(Page):
    """What the page of a role leads to."""

    route_base = "/roles"
    default_view = "back"
    noun = "role"
    acts_for = "role"

    def acts_on(self, row: Any) -> Iterable[Act]:
        """The way to see as a role, from its record; not for whoever sees as one already."""
        if not g.who.seeing and seeing.may_see(g.actor, row):
            yield act(row.id)

    @allowed("role.read")
    @expose("/<pk>/see", methods=["POST"])
    def see(self, pk: str) -> Response:
        """See as this role, and begin at home."""
        role = lists.one(db(), RoleProfile, pk) or abort(404)
        try:
            seeing.begin(db(), g.who, role)
        except Refused as refused:
            flash(sentence(refused), "warning")
            return redirect(url_for("RolesPage.holders", pk=role.id))
        return redirect(url_for("HomePage.home"))

    @signed_in
    @expose("/seen", methods=["POST"])
    def back(self) -> Response:
        """Return to one's own rights, and to the role."""
        role = g.who.seeing
        seeing.end(db(), g.who)
        return redirect(url_for("RolesPage.holders", pk=role) if role else url_for("HomePage.home"))


def act(role: int) -> Act:
    """The button that begins it."""
    return Act(
        label=_("See as this role"),
        url=url_for("SeeingPage.see", pk=role),
        icon="eye",
        method="post",
        confirm=_("You will see every page as its holders do, and cannot change anything until you return."),
    )
