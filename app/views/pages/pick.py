"""What a picker offers while one types."""

from typing import Any

from flask import abort, g, jsonify, request
from flask_appbuilder import expose

from app.security.scope import scoped
from app.services.called import target
from app.services.values import declared
from app.views import pickers
from app.views.access import signed_in
from app.views.database import db
from app.views.page import Page


class PickPage(Page):
    """Answers for the relations of generated forms and searches, to whoever may fill in such a one."""

    route_base = "/pick"

    @signed_in
    @expose("/<noun>/<key>")
    def pick(self, noun: str, key: str) -> Any:
        """Rows within reach whose name holds `q`, as {"results": [{"value", "text"}]}."""
        model = next((each for each in scoped() if each.__tablename__ == noun), None)
        column = declared(model).get(key) if model is not None else None
        if column is None or column.kind != "relation":
            abort(404)
        actions = ("create", "update", *(["read"] if column.field.search else []))
        if not any(g.actor.may(f"{noun}.{action}") for action in actions):
            abort(403)
        words = request.args.get("q", "")[:100].strip()
        found = pickers.offers(db(), target(column), words, own=column.field.own)
        return jsonify(results=[{"value": str(key), "text": text} for key, text in found])
