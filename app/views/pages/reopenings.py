"""A reopened year is closed again; the list and the form are the generated screen's."""

from flask import abort, flash, redirect, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.models.reopening import Reopening
from app.services import lists, records
from app.views.access import allowed
from app.views.database import db
from app.views.page import Page


class ReopeningsPage(Page):
    """What the generated screen has no word for."""

    route_base = "/reopenings"
    default_view = "close"
    noun = "reopening"

    @allowed("reopening.delete")
    @expose("/<pk>/close", methods=["POST"])
    def close(self, pk: str) -> Response:
        """Nobody declares by it any more; what was sent stays."""
        row = lists.one(db(), Reopening, pk)
        if row is None:
            abort(404)
        records.delete(db(), Reopening, row.id)
        flash(_("The year is closed again."), "success")
        return redirect(url_for("ReopeningScreen.list"))
