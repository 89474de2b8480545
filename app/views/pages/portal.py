"""The portal: the public front page with the login window (POR-01, 02, 03)."""

from flask import g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from werkzeug.wrappers import Response

from app.declare.province import province
from app.declare.words import language
from app.models.notice import AUDIENCES
from app.services import notices, proof
from app.views.access import public
from app.views.database import db
from app.views.guides import GUIDES
from app.views.page import Page
from app.views.pages.login import LoginForm


class PortalPage(Page):
    """What everybody sees first; whoever is signed in goes on to the home page."""

    route_base = ""
    default_view = "portal"

    @public
    @expose("/")
    def portal(self) -> Response | str:
        """The login window after the choice of a user type, or the entries of each type."""
        if g.who is not None:
            return redirect(url_for("HomePage.home"))
        profile = province()
        chosen = profile.user_type(request.args.get("as", "")) or profile.user_types[0]
        return render_template(
            "pages/portal.html",
            form=LoginForm(),
            chosen=chosen,
            demanded=proof.failed_before(db(), request.remote_addr or ""),
            profile=profile,
            notices=notices.page(db(), most=notices.FRONT).lines,
            audiences=AUDIENCES,
            guides=GUIDES,
            other="zh" if language() == "en" else "en",
        )
