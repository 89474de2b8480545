"""申诉: an applicant asks the organisation above the one that rejected, once, with a reason."""

from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.models.review import Review
from app.services import appeals, lists
from app.services.errors import NotEligible, NotFound, ReasonMissing
from app.views.access import signed_in
from app.views.database import db
from app.views.messages import sentence
from app.views.page import Page
from app.views.parts import Act, Paper
from app.views.reviewing import ReasonForm

UNREADABLE = 400


class AppealsPage(Page):
    """What the record of a rejected review leads its applicant to."""

    route_base = "/appeals"
    default_view = "appeal"
    noun = "review"
    acts_for = "review"

    def acts_on(self, row: Any) -> Iterable[Act]:
        """The button, for whose matter it is, while an appeal is possible."""
        if appeals.possible(db(), row):
            yield act(row)

    @signed_in
    @expose("/<review_id>", methods=["GET", "POST"])
    def appeal(self, review_id: str) -> Response | str | tuple[str, int]:
        """Who will decide, the reason, and it is sent."""
        review = lists.one(db(), Review, review_id)
        if review is None:
            raise NotFound
        place, form = url_for("ReviewScreen.show", pk=review.id), ReasonForm()
        if request.method == "GET":
            if (barred := appeals.objection(db(), review)) is not None:
                flash(sentence(barred), "warning")
                return redirect(place)
            form.version.data = str(review.version)
        elif form.validate_on_submit():
            try:
                appeals.appeal(db(), review.id, lists.id_of(form.version.data) or 0, form.reason.data or "")
            except ReasonMissing as missing:
                form.reason.errors = [sentence(missing)]
            except NotEligible as barred:
                db().rollback()
                flash(sentence(barred), "warning")
                return redirect(place)
            else:
                flash(_("Your appeal is sent. You will be told what was decided."), "success")
                return redirect(place)
        paper = Paper(
            title=_("Appeal: %(title)s", title=review.title),
            form=form,
            sections=((None, ("reason",)),),
            submit=_("Send the appeal"),
            cancel_url=place,
            trail=((review.title, place),),
        )
        page = render_template("pages/appeal.html", paper=paper)
        return (page, UNREADABLE) if form.errors else page


def act(review: Review) -> Act:
    """The button that leads to an appeal."""
    return Act(label=_("Appeal"), url=url_for("AppealsPage.appeal", review_id=review.id), icon="swap")
