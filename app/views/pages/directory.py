"""What public pickers offer while one types: a few names, which are public facts."""

from flask import jsonify, request
from flask_appbuilder import expose
from werkzeug.wrappers import Response

from app.services import lookups
from app.services.known_units import known_units
from app.views.access import public
from app.views.database import db
from app.views.messages import sentence
from app.views.page import Page
from app.views.public_pickers import SOURCES


class DirectoryPage(Page):
    """The directory of organisations for those who register, and the divisions."""

    route_base = "/directory"

    @public
    @expose("/<any(organizations, divisions):source>")
    def find(self, source: str) -> Response:
        """Up to twenty rows whose name holds `q`, as {"results": [{"value", "text", "hint"}]}.

        Of organisations those below which the kind of user `kind` may register.
        """
        lookups.note(db(), request.remote_addr or "")
        offer, _names = SOURCES[source]
        found = offer(request.args.get("q", "")[:100], request.args.get("kind", ""))
        return jsonify(results=[{"value": str(one.id), "text": one.text, "hint": one.hint} for one in found])

    @public
    @expose("/units")
    def units(self) -> Response:
        """Registered units with the credit code or the words of `q`, as {"results": [sentence, …]}."""
        lookups.note(db(), request.remote_addr or "")
        found = known_units(db(), request.args.get("q", ""))
        return jsonify(results=[sentence(each.told) for each in found])
