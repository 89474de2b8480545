"""Operation guides for each audience, with pictures of this product (POR-05)."""

from flask import abort, current_app, render_template
from flask_appbuilder import expose
from werkzeug.wrappers import Response

from app.declare.province import province
from app.declare.words import language
from app.views.access import public
from app.views.guides import GUIDES, guide, picture
from app.views.page import Page


class GuidePage(Page):
    """Short, and read without a login."""

    route_base = "/guide"
    default_view = "guides"

    @public
    @expose("")
    def guides(self) -> str:
        """All of them, and whom to ask."""
        return render_template("pages/guides.html", guides=GUIDES, portal=province().portal)

    @public
    @expose("/<name>")
    def guide(self, name: str) -> str:
        """One guide."""
        if name not in GUIDES:
            abort(404)
        title, text = guide(name, language())
        return render_template(
            "pages/guide.html", title=title, text=text, guides=GUIDES, chosen=name, portal=province().portal
        )

    @public
    @expose("/pictures/<name>.png")
    def picture(self, name: str) -> Response:
        """A picture that a guide shows."""
        found = picture(name)
        if found is None:
            abort(404)
        answer = current_app.response_class(found, mimetype="image/png")
        answer.headers["Cache-Control"] = "public, max-age=86400"
        return answer
