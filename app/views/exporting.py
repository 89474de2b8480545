"""What a button of exporting answers: the workbook, or the page of the one that a job writes."""

from collections.abc import Mapping
from types import SimpleNamespace
from uuid import UUID

from flask import flash, redirect, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.database import clock
from app.declare.words import language
from app.models.export import Export
from app.services import exporting
from app.services.errors import NotEligible
from app.views import downloads
from app.views.database import db
from app.views.downloads import WORKBOOK
from app.views.local import local
from app.views.messages import sentence


def answer(
    source: str, words: Mapping[str, str], name: str, *, full: bool = False, reason: str = ""
) -> Response:
    """A short export as a file called `name`; of a long one its page."""
    try:
        found = exporting.order(db(), source, words, language(), full=full, reason=reason)
    except NotEligible as refused:
        flash(sentence(refused), "warning")
        return redirect(local(request.referrer or "", url_for("ExportsPage.own")))
    if isinstance(found, Export):
        return redirect(url_for("ExportsPage.show", uid=found.uid))
    named = f"{name}-{clock.today():%Y%m%d}.xlsx"
    return send_file(found, mimetype=WORKBOOK, as_attachment=True, download_name=named, etag=False)


def taken(uid: UUID) -> Response:
    """The finished file of an export of one's own."""
    row, pieces = exporting.file(db(), uid)
    name = f"{row.title}-{row.created_at:%Y%m%d}.xlsx"
    kept = SimpleNamespace(uid=row.uid, name=name, media_type=WORKBOOK, size=row.size)
    return downloads.file(kept, pieces, "attachment")


def state(row: Export) -> tuple[str, str]:
    """The state of an export in words, and its tone."""
    return {
        "waiting": (_("Waits to be written"), "wait"),
        "writing": (_("Being written"), "wait"),
        "done": (_("Can be downloaded"), "ok"),
        "failed": (_("Failed"), "bad"),
        "cancelled": (_("Cancelled"), "calm"),
        "expired": (_("Thrown away"), "calm"),
    }[row.state]
