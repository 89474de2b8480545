"""One's own certificates: issued when their owner asks, printed by whoever may see them."""

from collections.abc import Iterable
from typing import Any

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.documents.certificate import CertificateContent
from app.models.certificate import STATES, Certificate
from app.services import certificates, lists
from app.services.certificates import NotComplete
from app.services.errors import Refused
from app.views.access import allowed
from app.views.cells import TONES
from app.views.database import db
from app.views.downloads import disposition
from app.views.messages import sentence
from app.views.page import Page
from app.views.parts import Act, Cell, Fact

YEARS = range(2000, 2101)


class CertificatePage(Page):
    """CER-01, CER-02."""

    route_base = ""
    default_view = "show"
    noun = "certificate"
    acts_for = "certificate"

    def acts_on(self, row: Any) -> Iterable[Act]:
        """The paper of a certificate, to be printed, and what everybody can verify of it."""
        paper = url_for("CertificatePage.paper", pk=row.id)
        verified = url_for("VerifyPage.verify", code=row.code)
        yield Act(label=_("See what others see"), url=verified, icon="search")
        yield Act(label=_("Open the certificate (PDF)"), url=paper, icon="print", look="primary")

    @allowed("certificate.read")
    @expose("/my/certificates/<int:year>")
    def show(self, year: int) -> Response | str:
        """The certificate of one's own year: number, code, and how others verify it."""
        return _shown(year, year)

    @allowed("certificate.read")
    @expose("/my/certificates/<int:since>-<int:year>")
    def span(self, since: int, year: int) -> Response | str:
        """The same of one over several years."""
        if since == year:
            return redirect(url_for("CertificatePage.show", year=year))
        return _shown(since, year)

    @allowed("certificate.issue")
    @expose("/my/certificates/<int:year>", methods=["POST"])
    def issue(self, year: int) -> Response:
        """Issue it, or find it again, and show the paper. With `since`, over the years from then on."""
        since = lists.id_of(request.form.get("since")) or year
        me, site = _me(year), current_app.config["SETTINGS"].url
        try:
            if since == year:
                issued = certificates.issue(db(), me, year, site=site)
            else:
                issued = certificates.issue_span(db(), me, since, year, site=site)
        except NotComplete as refused:
            flash(" ".join([sentence(refused), *(sentence(each) for each in refused.why)]), "warning")
            return redirect(url_for("MyYearPage.year", year=year))
        except Refused as refused:
            flash(sentence(refused), "warning")
            return redirect(url_for("MyYearPage.year", year=year))
        return redirect(url_for("CertificatePage.paper", pk=issued.id), code=303)

    @allowed("certificate.read")
    @expose("/certificates/<pk>.pdf")
    def paper(self, pk: str) -> Response:
        """The paper, for everybody within whose reach the certificate stands."""
        found = lists.one(db(), Certificate, pk)
        if found is None:
            abort(404)
        page = current_app.response_class(certificates.paper(db(), found.id), mimetype="application/pdf")
        page.headers["Content-Disposition"] = disposition("inline", f"{found.number}.pdf")
        return page


def _shown(since: int, year: int) -> Response | str:
    found = certificates.valid_span(db(), _me(year), since, year)
    if found is None:
        return redirect(url_for("MyYearPage.year", year=year))
    content = CertificateContent.thawed(found.content)
    return render_template(
        "pages/certificate.html",
        certificate=found,
        content=content,
        state=Cell(text=STATES[found.state], tone=TONES.get(found.state, "calm")),
        facts=facts(found, content),
        outdated=certificates.outdated(db(), found),
    )


def _me(year: int) -> int:
    if g.actor.person_id is None:
        abort(403)
    if year not in YEARS:
        abort(404)
    return int(g.actor.person_id)


def facts(found: Certificate, content: CertificateContent) -> tuple[Fact, ...]:
    """What the paper says, in its own words."""
    lines = [
        (_("Full name"), content.name),
        (_("Year"), content.year),
        *((subject, _("%(hours)s hours", hours=number)) for subject, number in content.subjects),
        (_("Certificate number"), content.number),
        (_("Issued by"), content.issuer),
        (_("Issued on"), format_datetime(found.issued_at, "yyyy-MM-dd")),
    ]
    return tuple(Fact(label=label, cell=Cell(text=text)) for label, text in lines)
