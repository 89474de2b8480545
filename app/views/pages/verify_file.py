"""The file of a certificate: whether it is the one that was issued, and what in it is not (CER-03)."""

from flask import current_app, render_template, request
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response

from app.security.addresses import network
from app.services import paper_check
from app.services.errors import Faulty
from app.services.paper_check import CHANGED, RESAVED, SAME
from app.views import verifying
from app.views.access import public
from app.views.database import db
from app.views.forms import refuse
from app.views.page import Page

REFUSED = 422
VERDICTS = {
    SAME: (_l("This file is the certificate as it was issued."), "ok"),
    RESAVED: (
        _l("The text is that of the certificate, but the file is not the one that was issued."),
        "wait",
    ),
    CHANGED: (_l("This file says something else than the certificate with its code."), "bad"),
}
SIGNATURES = {
    "ours": (_l("Its signature is ours, and nothing was changed since."), "ok"),
    "foreign": (_l("Its signature is not ours."), "bad"),
    "broken": (_l("It was changed after it was signed."), "bad"),
    "none": (_l("It has no signature: it was printed and scanned, saved anew, or never signed."), "wait"),
}


class FileForm(FlaskForm):
    """The PDF."""

    file = FileField(
        _l("Certificate (PDF)"),
        [FileRequired(_l("Please choose the file."))],
        description=_l("At most 2 MB. Nothing of it is kept."),
        render_kw={"accept": ".pdf,application/pdf"},
    )


class VerifyFilePage(Page):
    """For whoever got a certificate as a file."""

    route_base = "/verify"
    default_view = "ask"
    noun = "certificate"

    @public
    @expose("/file", methods=["GET", "POST"])
    def ask(self) -> Response:
        """The form; and what the file that was sent is worth."""
        form, checked = FileForm(), None
        if form.validate_on_submit():
            try:
                checked = paper_check.check(db(), form.file.data.stream, network(request.remote_addr or ""))
            except Faulty as faulty:
                refuse(form, faulty)
        page = render_template(
            "pages/verify_file.html",
            form=form,
            checked=checked,
            answer=verifying.answer(checked.found) if checked else None,
            verdict=VERDICTS[checked.verdict] if checked else None,
            signature=SIGNATURES[checked.signature] if checked and _tells(checked.signature) else None,
        )
        return verifying.guarded(current_app.make_response(page), REFUSED if form.errors else 200)


def _tells(signature: str) -> bool:
    """Whether the signature is worth a sentence: where papers are not signed, none is missed."""
    return signature != "none" or bool(paper_check.signed_here())
