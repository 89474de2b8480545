"""Notices as they are read (POR-04): all of them, one, and its files. The public ones need no login."""

from uuid import UUID

from flask import render_template, request, url_for
from flask_appbuilder import expose
from werkzeug.wrappers import Response

from app.models.notice import AUDIENCES
from app.services import notices
from app.services.errors import NotFound
from app.services.lists import id_of
from app.views import downloads
from app.views.access import public
from app.views.database import db
from app.views.page import Page
from app.views.parts import Attached, Pager
from app.views.sheets import size


class NoticesPage(Page):
    """What is announced to whoever comes; who is signed in reads what is for him as well."""

    route_base = "/notices"
    default_view = "notices"
    noun = "notice"

    @public
    @expose("")
    def notices(self) -> str:
        """One page of them, pinned ones first."""
        after = id_of(request.args.get("after"))
        found = notices.page(db(), after=after)
        pager = Pager(
            first=url_for("NoticesPage.notices") if after else "",
            next=url_for("NoticesPage.notices", after=found.lines[-1].id) if found.more else "",
        )
        return render_template("pages/notices.html", found=found, pager=pager, audiences=AUDIENCES)

    @public
    @expose("/<pk>")
    def show(self, pk: str) -> str:
        """One notice."""
        notice, files = notices.one(db(), _key(pk))
        attached = tuple(
            Attached(
                name=file.name,
                url=url_for("NoticesPage.download", pk=pk, uid=file.uid),
                size=size(file.size),
            )
            for file in files
        )
        return render_template("pages/notice.html", notice=notice, files=attached, audiences=AUDIENCES)

    @public
    @expose("/<pk>/files/<uuid:uid>")
    def download(self, pk: str, uid: UUID) -> Response:
        """A file of a notice, to be saved: whoever may read the notice may have it."""
        return downloads.file(*notices.open_file(db(), _key(pk), uid), "attachment")


def _key(pk: str) -> int:
    key = id_of(pk)
    if key is None:
        raise NotFound
    return key
