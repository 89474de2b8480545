"""What becomes of verdicts: taken back at once, revoked with a reason, taken off the list of the reviewed."""

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.declare.words import language
from app.models.review import Review
from app.services import chains, hiding, left_out, lists, revoking
from app.services.errors import NotEligible, NotFound, ReasonMissing, Stale
from app.views import queue
from app.views.access import signed_in
from app.views.database import db
from app.views.downloads import WORKBOOK
from app.views.messages import sentence
from app.views.page import Page
from app.views.parts import Paper
from app.views.reviewing import ReasonForm, kept, place_of, require, review_of

UNREADABLE = 400


class VerdictsPage(Page):
    """Where the queue and the page of a review lead once something has been decided."""

    route_base = "/verdicts"
    default_view = "left_out"
    noun = "review"

    @signed_in
    @expose("/<kind>/take-back/<uuid:batch>", methods=["POST"])
    def take_back(self, kind: str, batch: UUID) -> Response:
        """Undo what one has just confirmed: all of it, or nothing."""
        require(kind)
        try:
            count = revoking.take_back(db(), batch)
        except Stale as stale:
            db().rollback()
            flash(f"{sentence(stale)} {_named(stale)}", "warning")
        except NotEligible as late:
            db().rollback()
            flash(sentence(late), "warning")
        else:
            told = ngettext(
                "Taken back: %(num)d waits again. Nobody is told.",
                "Taken back: %(num)d wait again. Nobody is told.",
                count,
            )
            flash(told, "success")
        return redirect(queue.address(kind, kept(kind)))

    @signed_in
    @expose("/<kind>/<review_id>/revoke", methods=["GET", "POST"])
    def revoke(self, kind: str, review_id: str) -> Response | str | tuple[str, int]:
        """What revoking means, the reason, and it is done."""
        require(kind)
        review, came = review_of(kind, review_id), kept(kind)
        place = place_of(kind, review.id, came)
        form = ReasonForm()
        if request.method == "GET":
            if (barred := revoking.objection(db(), review)) is not None:
                flash(sentence(barred), "warning")
                return redirect(place)
            form.version.data, form.filter.data = str(review.version), came
        elif form.validate_on_submit():
            try:
                revoking.revoke(db(), review.id, lists.id_of(form.version.data) or 0, form.reason.data or "")
            except ReasonMissing as missing:
                form.reason.errors = [sentence(missing)]
            except NotEligible as barred:
                db().rollback()
                flash(sentence(barred), "warning")
                return redirect(place)
            else:
                flash(_("The decision is revoked: %(title)s waits again.", title=review.title), "success")
                return redirect(place)
        page = render_template("pages/revoke.html", paper=_revoking(review, form, place), review=review)
        return (page, UNREADABLE) if form.errors else page

    @signed_in
    @expose("/<kind>/hide", methods=["POST"])
    def hide(self, kind: str) -> Response | str | tuple[str, int]:
        """Ask why these verdicts are taken off the list, and take them off."""
        require(kind)
        form, came = ReasonForm(), kept(kind)
        chosen = request.form.getlist("id") or (form.ids.data or "").split()
        ids = [number for key in chosen if (number := lists.id_of(key)) is not None]
        if not ids:
            flash(_("Choose at least one row."), "warning")
            return redirect(queue.address(kind, came))
        if len(ids) < len(chosen):
            raise NotFound
        form.ids.data = " ".join(map(str, ids))
        if "reason" in request.form and form.validate_on_submit():
            try:
                count = hiding.hide(db(), kind, ids, form.reason.data or "")
            except ReasonMissing as missing:
                form.reason.errors = [sentence(missing)]
            else:
                flash(ngettext("%(num)d record deleted.", "%(num)d records deleted.", count), "success")
                return redirect(queue.address(kind, came))
        page = render_template("pages/hide.html", paper=_hiding(kind, len(ids), form, came))
        return (page, UNREADABLE) if form.errors else page

    @signed_in
    @expose("/<kind>/left-out", methods=["POST"])
    def left_out(self, kind: str) -> Response:
        """What waits here and the reviewer cannot pass, each with the reason, as a workbook."""
        require(kind)
        choice = queue.filter_of(kind, dict(parse_qsl(kept(kind))))
        book = left_out.export(db(), choice, language())
        name = f"{chains.chain_of(kind).label}.xlsx"
        return send_file(book, mimetype=WORKBOOK, as_attachment=True, download_name=name, etag=False)


def _named(stale: Stale) -> str:
    """Those that others have gone on with, by name."""
    return "、".join(each.title for each in stale.items[:5])


def _revoking(review: Review, form: Any, place: str) -> Paper:
    return Paper(
        title=_("Revoke the decision: %(title)s", title=review.title),
        form=form,
        sections=((None, ("reason",)),),
        submit=_("Revoke the decision"),
        cancel_url=place,
        trail=((chains.chain_of(review.kind).label, url_for("ReviewsPage.queue", kind=review.kind)),),
    )


def _hiding(kind: str, count: int, form: Any, came: str) -> Paper:
    back = queue.address(kind, came)
    return Paper(
        title=ngettext("Delete %(num)d record of a review", "Delete %(num)d records of reviews", count),
        form=form,
        sections=((None, ("reason",)),),
        submit=_("Delete"),
        cancel_url=back,
        trail=((chains.chain_of(kind).label, back),),
    )
