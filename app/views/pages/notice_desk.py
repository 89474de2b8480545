"""What the generated screen of notices leads to: its files, how readers see it, publishing, withdrawing."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from werkzeug.wrappers import Response

from app.models.notice import AUDIENCES, Notice
from app.security import doors
from app.services import lists, notices
from app.services.errors import Faulty, Refused
from app.views import sheets
from app.views.access import allowed
from app.views.database import db
from app.views.forms import refuse
from app.views.messages import sentence
from app.views.page import Page
from app.views.registering import uploads


class FilesForm(FlaskForm):
    """Files of a notice."""

    evidence = MultipleFileField(
        _l("PDF or pictures"),
        description=_l("PDF, JPG or PNG. Several files may be chosen."),
        render_kw={"accept": ".pdf,image/jpeg,image/png"},
    )


class NoticeDeskPage(Page):
    """Beside the generated list, record and form of notices."""

    route_base = "/notice-desk"
    default_view = "files"
    noun = "notice"

    @allowed("notice.publish")
    @expose("/<pk>/files", methods=["GET", "POST"])
    def files(self, pk: str) -> Response | str:
        """The files of a draft: add some, take one off."""
        notice, form = _notice(pk), FilesForm()
        if form.validate_on_submit():
            try:
                notices.attach(db(), notice.id, uploads(form))
            except Faulty as faulty:
                refuse(form, faulty)
            else:
                return redirect(url_for("NoticeDeskPage.files", pk=notice.id))
        return render_template(
            "pages/notice_files.html",
            notice=notice,
            form=form,
            files=notices.files(db(), notice),
            size=sheets.size,
        )

    @allowed("notice.publish")
    @expose("/files/<uuid:uid>/remove", methods=["POST"])
    def remove(self, uid: UUID) -> Response:
        """Take a file off a draft."""
        notice = notices.detach(db(), uid)
        flash(_("The file is removed."), "success")
        return redirect(url_for("NoticeDeskPage.files", pk=notice))

    @allowed("notice.read")
    @expose("/<pk>/preview")
    def preview(self, pk: str) -> str:
        """A notice as its readers see it, published or not."""
        notice = _notice(pk)
        place = doors.names(db(), [notice.organization_id])[notice.organization_id].name
        return render_template(
            "pages/notice.html",
            notice=notice,
            place=place,
            files=sheets.attached(db(), notice),
            audiences=AUDIENCES,
            trail=(
                (_("Notices"), url_for("NoticeScreen.list")),
                (notice.title, url_for("NoticeScreen.show", pk=notice.id)),
            ),
        )

    @allowed("notice.publish")
    @expose("/<pk>/publish", methods=["POST"])
    def publish(self, pk: str) -> Response:
        """Let it be read."""
        notice = _notice(pk)
        try:
            notices.publish(db(), notice.id)
        except Refused as refused:
            flash(sentence(refused), "warning")
        else:
            flash(_("The notice is published."), "success")
        return redirect(url_for("NoticeScreen.show", pk=notice.id))

    @allowed("notice.withdraw")
    @expose("/<pk>/withdraw", methods=["POST"])
    def withdraw(self, pk: str) -> Response:
        """Let it be read no longer."""
        notice = _notice(pk)
        notices.withdraw(db(), notice.id)
        flash(_("The notice is withdrawn."), "success")
        return redirect(url_for("NoticeScreen.show", pk=notice.id))


def _notice(pk: str) -> Notice:
    """A notice that the actor may see to. Anything else is not found."""
    notice = lists.one(db(), Notice, pk)
    if notice is None:
        abort(404)
    return notice
