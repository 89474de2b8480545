"""What becomes of a certificate: a newer version of it, or its end for a reason that everybody may read."""

from collections.abc import Iterable
from typing import Any

from flask import abort, current_app, flash, g, redirect, render_template, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app.documents.certificate import CertificateContent
from app.models.certificate import Certificate
from app.services import certificates, lists
from app.services.certificates import LONGEST
from app.services.errors import Refused
from app.views.access import allowed
from app.views.database import db
from app.views.messages import sentence
from app.views.page import Page
from app.views.parts import Act, Paper


class RevokeForm(FlaskForm):
    """Why a certificate ends."""

    reason = TextAreaField(
        _l("Reason"),
        [
            InputRequired(_l("Please give a reason.")),
            Length(max=LONGEST, message=_l("At most 500 characters fit here.")),
        ],
        description=_l("Whoever verifies the certificate reads it, and so does the professional."),
        render_kw={"rows": 3, "maxlength": LONGEST},
    )


class CertificateStatesPage(Page):
    """CER-01, CER-03: superseded and revoked."""

    route_base = "/certificates"
    default_view = "revoke"
    noun = "certificate"
    acts_for = "certificate"

    def acts_on(self, row: Any) -> Iterable[Act]:
        """What may be done with a valid certificate."""
        if row.state != "valid":
            return
        if g.actor.may("certificate.issue") and certificates.outdated(db(), row):
            url = url_for("CertificateStatesPage.renew", pk=row.id)
            yield Act(label=_("Issue a new version"), url=url, icon="refresh", method="post")
        if g.actor.may("certificate.revoke"):
            url = url_for("CertificateStatesPage.revoke", pk=row.id)
            yield Act(label=_("Revoke"), url=url, icon="no")

    @allowed("certificate.issue")
    @expose("/<pk>/renew", methods=["POST"])
    def renew(self, pk: str) -> Response:
        """A newer version, where something of it has changed since."""
        found = _found(pk)
        try:
            new = certificates.renew(db(), found.id, site=current_app.config["SETTINGS"].url)
        except Refused as refused:
            flash(sentence(refused), "warning")
            return redirect(_back(found))
        flash(
            _("The certificate %(number)s replaces %(old)s.", number=new.number, old=found.number),
            "success",
        )
        return redirect(_back(new))

    @allowed("certificate.revoke")
    @expose("/<pk>/revoke", methods=["GET", "POST"])
    def revoke(self, pk: str) -> Response | str | tuple[str, int]:
        """Its end, for a reason."""
        found, form = _found(pk), RevokeForm()
        if found.state != "valid":
            abort(404)
        back = _back(found)
        if form.validate_on_submit():
            try:
                certificates.revoke(db(), found.id, form.reason.data or "")
            except Refused as refused:
                form.form_errors.append(sentence(refused))
            else:
                flash(_("The certificate %(number)s is revoked.", number=found.number), "success")
                return redirect(back)
        name = CertificateContent.thawed(found.content).name
        paper = Paper(
            title=_("Revoke the certificate of %(name)s", name=name),
            form=form,
            sections=((None, ("reason",)),),
            submit=_("Revoke"),
            cancel_url=back,
            trail=((found.number, back),),
            intro=_(
                "It stays in the system and verifies as revoked. Certificates over several years that hold"
                " this year are revoked with it."
            ),
        )
        page = render_template("layout/form.html", paper=paper)
        return (page, 422) if form.errors or form.form_errors else page


def _found(pk: str) -> Certificate:
    found = lists.one(db(), Certificate, pk)
    if found is None:
        abort(404)
    return found


def _back(found: Certificate) -> str:
    """The record for those who act for an organisation, the own page for its person."""
    if g.actor.organization_id:
        return url_for("CertificateScreen.show", pk=found.id)
    return url_for("CertificatePage.span", since=found.since, year=found.year)
