"""Batches of certificates: how far one is, its file, and who is left out (CER-01)."""

from collections.abc import Iterable
from uuid import UUID

from flask import current_app, flash, jsonify, redirect, render_template, url_for
from flask_appbuilder import expose
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.declare.words import language
from app.models.printing import Printing
from app.services import printing
from app.views.access import allowed
from app.views.database import db
from app.views.downloads import INERT, disposition
from app.views.page import Page
from app.views.parts import Act, Cell, Column, Listing, Row

BATCHES = {
    "waiting": (_l("Being made"), "info"),
    "done": (_l("Ready"), "ok"),
    "failed": (_l("Failed"), "bad"),
    "cancelled": (_l("Stopped"), "calm"),
    "expired": (_l("Expired"), "calm"),
}
MEDIA = {"pdf": "application/pdf", "zip": "application/zip"}


class PrintingBatchPage(Page):
    """What became of what was printed."""

    route_base = "/printing"
    default_view = "batches"
    noun = "printing"

    @allowed("printing.read")
    @expose("/batches")
    def batches(self) -> str:
        """The latest batches of the acting organisation."""
        return render_template("layout/list.html", listing=_batches(printing.latest(db(), 50)))

    @allowed("printing.read")
    @expose("/batches/<uuid:uid>")
    def batch(self, uid: UUID) -> str:
        """One batch: how far it is, or its file and who is not in it."""
        found = printing.find(db(), uid)
        label, tone = BATCHES[found.state]
        return render_template(
            "pages/printing_batch.html",
            batch=found,
            state=Cell(text=label, tone=tone),
            text=_("You may leave this page; it goes on without you."),
            refused=_refused(found),
            columns=(Column(key="name", label=_("Full name")), Column(key="why", label=_("Reason"))),
        )

    @allowed("printing.read")
    @expose("/batches/<uuid:uid>/progress")
    def progress(self, uid: UUID) -> Response:
        """How far the job is, for the page that waits for it."""
        found = printing.find(db(), uid)
        return jsonify(
            done=found.progress,
            total=100,
            text=_("You may leave this page; it goes on without you."),
            finished=found.state != "waiting",
            next=url_for("PrintingBatchPage.batch", uid=uid),
        )

    @allowed("printing.read")
    @expose("/batches/<uuid:uid>/cancel", methods=["POST"])
    def cancel(self, uid: UUID) -> Response:
        """Stop it; what was issued stays issued."""
        printing.cancel(db(), printing.find(db(), uid))
        flash(_("The batch is stopped. Certificates that were issued before stay issued."), "success")
        return redirect(url_for("PrintingBatchPage.batch", uid=uid))

    @allowed("printing.read")
    @expose("/batches/<uuid:uid>/file", methods=["POST"])
    def file(self, uid: UUID) -> Response:
        """The file of a batch; it is recorded."""
        found = printing.find(db(), uid)
        answer = current_app.response_class(printing.file(db(), found), mimetype=MEDIA[found.kind])
        name = f"{_('Certificates')}-{found.year}-{found.id}.{found.kind}"
        answer.headers["Content-Disposition"] = disposition("attachment", name)
        answer.headers["Content-Length"] = str(found.size)
        answer.headers["Content-Security-Policy"] = INERT
        return answer


def _batches(found: Iterable[Printing]) -> Listing:
    return Listing(
        title=_("Latest batches of certificates"),
        columns=(
            Column(key="when", label=_("Begun"), kind="date"),
            Column(key="year", label=_("Year")),
            Column(key="people", label=_("Professionals"), kind="number"),
            Column(key="printed", label=_("Certificates"), kind="number"),
            Column(key="state", label=_("State")),
        ),
        rows=tuple(
            Row(
                id=each.id,
                url=url_for("PrintingBatchPage.batch", uid=each.uid),
                cells=(
                    Cell(text=format_datetime(each.created_at, "yyyy-MM-dd HH:mm")),
                    Cell(text=str(each.year)),
                    Cell(text=f"{each.total:,}"),
                    Cell(text=f"{each.printed:,}"),
                    Cell(text=BATCHES[each.state][0], tone=BATCHES[each.state][1]),
                ),
            )
            for each in found
        ),
        found="",
        empty=_("No batch has been printed yet."),
        empty_act=Act(label=_("Query and print certificates"), url=url_for("PrintingPage.people")),
    )


def _refused(batch: Printing) -> tuple[Row, ...]:
    spoken = language()
    return tuple(
        Row(
            id=each["person_id"],
            url="",
            cells=(Cell(text=each["name"]), Cell(text=each["why"][spoken])),
        )
        for each in batch.refused
    )
