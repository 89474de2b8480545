"""What the screen of programs leads to: a new secret, and what they asked and were told (CER-05)."""

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.models.api_client import ApiClient
from app.models.webhook_delivery import STATES
from app.services import api_clients, lists
from app.views.access import allowed
from app.views.database import db
from app.views.page import Page
from app.views.parts import Cell

TONES = {"waiting": "calm", "sending": "calm", "sent": "ok", "failed": "bad"}


class ApiClientsPage(Page):
    """Beside the generated list, record and form of programs."""

    route_base = "/api-clients"
    default_view = "use"
    noun = "api_client"

    @allowed("api_client.rotate")
    @expose("/<pk>/rotate", methods=["POST"])
    def rotate(self, pk: str) -> Response:
        """Make a new secret and show it this once."""
        client = _client(pk)
        secret = api_clients.rotate(db(), client.id)
        page = _page("pages/api_secret.html", client=client, secret=secret)
        page.headers["Cache-Control"] = "no-store"
        return page

    @allowed("api_client.rotate")
    @expose("/<pk>/end-former", methods=["POST"])
    def end_former(self, pk: str) -> Response:
        """Let the former secret hold no longer."""
        client = _client(pk)
        api_clients.end_former(db(), client.id)
        flash(_("The former secret no longer holds."), "success")
        return redirect(url_for("ApiClientsPage.use", pk=pk))

    @allowed("api_client.read")
    @expose("/<pk>/use")
    def use(self, pk: str) -> Response:
        """How much it asked day by day, and what it was told by itself."""
        client = _client(pk)
        found = api_clients.use(db(), client)
        return _page(
            "pages/api_use.html",
            client=client,
            days=found.days,
            deliveries=[
                (each, Cell(text=STATES[each.state], tone=TONES[each.state])) for each in found.deliveries
            ],
            former=api_clients.holds(client),
            document=f"{request.url_root}api/v1/openapi.json",
        )


def _client(pk: str) -> ApiClient:
    """A program that the actor may see to. Anything else is not found."""
    client = lists.one(db(), ApiClient, pk)
    if client is None:
        abort(404)
    return client


def _page(template: str, **words: Any) -> Response:
    return current_app.make_response(render_template(template, **words))
