"""Changing the post one acts as. Rights of two posts are never merged: the token changes with the post."""

from flask import abort, current_app, g, redirect, request, url_for
from flask_appbuilder import expose
from werkzeug.wrappers import Response

from app.services import accounts
from app.services.reading import natural
from app.views.access import signed_in
from app.views.database import db
from app.views.page import Page
from app.views.pages.login import with_token


class ActAsPage(Page):
    """Act as another of one's posts, or as the professional one is."""

    route_base = ""
    default_view = "act_as"

    @signed_in
    @expose("/act-as", methods=["POST"])
    def act_as(self) -> Response:
        """Take the post (0 or nothing: oneself) and start over at home."""
        wanted = request.form.get("post", "")
        post = natural(wanted or 0)
        if post is None:
            abort(404)
        token = accounts.act_as(
            db(),
            g.who,
            post or None,
            address=request.remote_addr or "",
            hours=current_app.config["SETTINGS"].session_hours,
        )
        return with_token(redirect(url_for("HomePage.home")), token)
