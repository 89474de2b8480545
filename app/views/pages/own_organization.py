"""基本信息管理: the data of one's own organisation, at once or by a request to the one above."""

from collections.abc import Iterable
from typing import Any

from flask import abort, g, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.models.organization import Organization
from app.services import changes, lists
from app.views import changing, changing_page
from app.views.access import allowed
from app.views.database import db
from app.views.page import Page
from app.views.parts import Act

SHOWN = 3
"""So many requests that wait are led to from the organisation's page."""


class OwnOrganizationPage(Page):
    """Where an organisation changes itself, instead of on the generated form."""

    route_base = "/own_organization"
    default_view = "change"
    noun = "organization"
    acts_for = "organization"

    def edits(self, row: Any) -> str:
        """One's own organisation is changed here."""
        own = row.id == g.actor.organization_id and row.parent_id is not None
        return url_for("OwnOrganizationPage.change") if own else ""

    def acts_on(self, row: Any) -> Iterable[Act]:
        """The requests that wait, from the page of one's own organisation."""
        if row.id == g.actor.organization_id and g.actor.may("change_request.create"):
            for each in changes.requests_of(db(), row, SHOWN):
                if each.state in {"submitted", "rejected"}:
                    url = url_for("ChangesPage.show", pk=each.id)
                    yield Act(label=_("Change that was asked for"), url=url, icon="checklist")

    @allowed("organization.update")
    @expose("/change", methods=["GET", "POST"])
    def change(self) -> Response | str | tuple[str, int]:
        """At once what needs no review, by a request to the organisation above what does."""
        own = lists.one(db(), Organization, g.actor.organization_id)
        if own is None:
            abort(404)
        back = url_for("OrganizationScreen.show", pk=own.id)
        return changing_page.answer(own, changing.parts(Organization)["unit"], back, own.name)
