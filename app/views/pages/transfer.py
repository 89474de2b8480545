"""One transfer: from where to where, what goes along, how far it is; withdrawn here by whoever has asked."""

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.declare.column import value
from app.declare.words import language
from app.models.review import Review
from app.models.transfer import Transfer
from app.services import called, histories, lists, transfers
from app.services.values import declared
from app.views import cells, sheets
from app.views.access import allowed
from app.views.course import course
from app.views.database import db
from app.views.page import Page
from app.views.parts import Act, Fact, Section, Sheet

GOES = ("masked_number", "title", "organization_id", "to_id", "leaves_on", "started_by", "moved_at", "reason")
ALONG = ("year_hours", "certificates", "unfinished", "declarations")


class TransferPage(Page):
    """What the record of transfers leads to."""

    route_base = "/transfers"
    default_view = "show"
    noun = "transfer"
    acts_for = "transfer"

    def acts_on(self, row: Any) -> Iterable[Act]:
        """From the generated record to how far it is."""
        yield Act(label=_("Progress"), url=url_for("TransferPage.show", pk=row.id), icon="checklist")

    @allowed("transfer.read")
    @expose("/in")
    def incoming(self) -> Response:
        """The record of transfers to the acting organisation (TRF-05)."""
        return redirect(url_for("TransferScreen.list", to_id=g.actor.organization_id))

    @allowed("transfer.read")
    @expose("/out")
    def outgoing(self) -> Response:
        """The record of transfers from it."""
        return redirect(url_for("TransferScreen.list", organization_id=g.actor.organization_id))

    @allowed("transfer.read")
    @expose("/<pk>")
    def show(self, pk: str) -> str:
        """Both sides and the person see it, each with what he may do."""
        found = _found(pk)
        review = transfers.seen_review(db(), found)
        return render_template(
            "pages/transfer.html", sheet=_sheet(found, review), waits=found.state == "submitted"
        )

    @allowed("transfer.create")
    @expose("/<pk>/withdraw", methods=["POST"])
    def withdraw(self, pk: str) -> Response:
        """Take back what nobody has finished deciding."""
        found = _found(pk)
        transfers.withdraw(db(), found.id, lists.id_of(request.args.get("version")) or 0)
        flash(_("It is withdrawn."), "success")
        return redirect(url_for("TransferPage.show", pk=found.id))


def _found(pk: str) -> Transfer:
    found = lists.one(db(), Transfer, pk)
    if found is None:
        abort(404)
    return found


def _sheet(found: Transfer, review: Review | None) -> Sheet:
    columns = declared(Transfer)
    names = called.names(db(), {"organization": {found.organization_id, found.to_id}})
    state = cells.cell(columns["state"], found, {})

    def facts(keys: Iterable[str]) -> tuple[Fact, ...]:
        shown = [columns[key] for key in keys if value(found, columns[key]) not in (None, "")]
        return tuple(
            Fact(
                label=cells.worded(each.field.label),
                cell=cells.cell(each, found, names, language()),
                wide=each.field.long,
            )
            for each in shown
        )

    mine = g.actor.person_id is not None
    trail = () if mine else ((cells.worded(Transfer.screen.label), url_for("TransferScreen.list")),)
    return Sheet(
        title=_("Transfer: %(name)s", name=found.name),
        status=state,
        trail=trail,
        acts=tuple(_acts(found, review)),
        sections=(
            Section(facts=facts(GOES)),
            Section(label=_("What goes along"), facts=facts(ALONG)),
        ),
        files=sheets.attached(db(), found),
        events=course(histories.history(db(), review)) if review is not None else (),
    )


def _acts(found: Transfer, review: Review | None) -> Iterable[Act]:
    if review is None:
        return
    if transfers.may_withdraw(g.actor, found):
        yield Act(
            label=_("Withdraw"),
            url=url_for("TransferPage.withdraw", pk=found.id, version=review.version),
            icon="back",
            method="post",
            confirm=_("Withdraw it? You can ask again at any time."),
        )
    if (
        review.state == "open"
        and review.waiting_id == g.actor.organization_id
        and g.actor.may("transfer.review")
    ):
        at = review.chain[review.step]["at"]
        url = url_for("ReviewsPage.show", kind=review.kind, review_id=review.id, at=at)
        yield Act(label=_("Decide"), url=url, icon="checklist", look="primary")
