"""Asking for a decision on what is one's own and waits (催办)."""

from collections.abc import Iterable
from typing import Any

from flask import redirect, request, url_for
from flask_appbuilder import expose
from werkzeug.wrappers import Response

from app.services import lists, reminders
from app.services.errors import NotFound
from app.views import reminding
from app.views.access import signed_in
from app.views.database import db
from app.views.local import local
from app.views.page import Page
from app.views.parts import Act


class RemindersPage(Page):
    """The button beside a course of review; on the page of a review's record too."""

    route_base = "/reminders"
    default_view = "remind"
    noun = "review"
    acts_for = "review"

    def acts_on(self, row: Any) -> Iterable[Act]:
        """On the record of a review: for whose matter it is, once a day."""
        if reminders.may_remind(db(), row):
            yield reminding.act(row.id)

    @signed_in
    @expose("/<review_id>", methods=["POST"])
    def remind(self, review_id: str) -> Response:
        """Ask once, and return to where one was."""
        key = lists.id_of(review_id)
        if key is None:
            raise NotFound
        reminding.tell(lambda: reminders.remind(db(), key))
        return redirect(local(request.args.get("back", ""), url_for("HomePage.home")))
