"""Work for browsers: what a form before the login asks for when somebody begins to fill it in."""

from dataclasses import asdict

from flask import current_app, jsonify
from flask_appbuilder import expose
from werkzeug.wrappers import Response

from app.services import human
from app.views.access import public
from app.views.page import Page


class HumanPage(Page):
    """One challenge for whoever asks; it is signed and not kept."""

    route_base = "/human"
    default_view = "work"

    @public
    @expose("/work")
    def work(self) -> Response:
        """A new piece of work, as JSON."""
        return jsonify(asdict(human.work(current_app.config["SETTINGS"].human_work)))
