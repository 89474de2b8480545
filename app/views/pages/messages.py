"""What one was told: the messages of whoever acts, the latest first."""

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.declare.words import language
from app.services import inbox
from app.services.lists import id_of
from app.views.access import signed_in
from app.views.database import db
from app.views.page import Page
from app.views.parts import Pager


class MessagesPage(Page):
    """One's own messages; the bell at the top of every page leads here."""

    route_base = "/messages"
    default_view = "messages"
    noun = "message"

    @signed_in
    @expose("/")
    def messages(self) -> str:
        """One page of them; reading the page changes nothing."""
        found = inbox.page(
            db(),
            language(),
            after=id_of(request.args.get("after")),
            before=id_of(request.args.get("before")),
        )
        return render_template("pages/messages.html", found=found, pager=_pager(found))

    @signed_in
    @expose("/read", methods=["POST"])
    def read(self) -> Response:
        """Mark one as read, or all."""
        one = request.form.get("message")
        if one is None:
            inbox.read(db())
            flash(_("All messages are marked as read."), "success")
        elif (key := id_of(one)) is not None:
            inbox.read(db(), key)
        return redirect(url_for("MessagesPage.messages"))


def _pager(found: inbox.Messages) -> Pager:
    if not found.lines:
        return Pager()
    here = url_for("MessagesPage.messages")
    return Pager(
        first=here if found.later else "",
        previous=url_for("MessagesPage.messages", before=found.lines[0].id) if found.later else "",
        next=url_for("MessagesPage.messages", after=found.lines[-1].id) if found.earlier else "",
    )
