"""What the generated liaison list leads to: handing it in, and taking somebody off (RUL-05)."""

from flask import abort, flash, redirect, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.models.liaison import Liaison
from app.services import liaisons, lists, records
from app.services.errors import Refused
from app.views.access import allowed
from app.views.database import db
from app.views.messages import sentence
from app.views.page import Page


class LiaisonsPage(Page):
    """The list of one's own organisation as a whole."""

    route_base = "/liaisons"
    default_view = "hand_in"
    noun = "liaison"

    @allowed("liaison.hand_in")
    @expose("/hand-in", methods=["POST"])
    def hand_in(self) -> Response:
        """Date the list today: whoever asked for it sees it as handed in."""
        try:
            people = liaisons.hand_in(db())
        except Refused as refused:
            flash(sentence(refused), "warning")
        else:
            said = ngettext(
                "Handed in today, with %(num)s person on it.",
                "Handed in today, with %(num)s people on it.",
                people,
            )
            flash(said, "success")
        return redirect(url_for("LiaisonScreen.list"))

    @allowed("liaison.delete")
    @expose("/<pk>/remove", methods=["POST"])
    def remove(self, pk: str) -> Response:
        """Take somebody off the list."""
        row = lists.one(db(), Liaison, pk)
        if row is None:
            abort(404)
        records.delete(db(), Liaison, row.id)
        flash(_("The person is off the list."), "success")
        return redirect(url_for("LiaisonScreen.list"))
