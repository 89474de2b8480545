"""Files that belong to records: to be saved, or looked at. No byte of them runs as a page of ours."""

from uuid import UUID

from flask import abort
from flask_appbuilder import expose
from werkzeug.wrappers import Response

from app.services import attachments
from app.views import downloads
from app.views.access import signed_in
from app.views.database import db
from app.views.page import Page

SHOWN = frozenset({"image/jpeg", "image/png", "application/pdf"})
"""What browsers show by themselves; each was inspected as such when it came."""


class FilesPage(Page):
    """Whoever may see a record may have its files; to all others they are not there."""

    route_base = "/files"
    default_view = "download"
    noun = "attachment"

    @signed_in
    @expose("/<uuid:uid>")
    def download(self, uid: UUID) -> Response:
        """The file, to be saved."""
        return _sent(uid, "attachment")

    @signed_in
    @expose("/<uuid:uid>/view")
    def view(self, uid: UUID) -> Response:
        """The file, to be looked at: inside a page, or in a tab of its own."""
        return _sent(uid, "inline")


def _sent(uid: UUID, kind: str) -> Response:
    """A file within reach; for another's file the answer is the same as for none."""
    attachment, pieces = attachments.open_file(db(), uid)
    if kind == "inline" and attachment.media_type not in SHOWN:
        abort(404)
    framed = kind == "inline" and attachment.media_type == "application/pdf"
    return downloads.file(attachment, pieces, kind, framed=framed)
