"""Anybody compares a certificate with what the platform knows of it: no login, no script, by code or QR."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, request
from flask_appbuilder import expose
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import Form, StringField
from wtforms.validators import InputRequired

from app.database import transaction
from app.models.certificate import STATES
from app.security.addresses import network
from app.services import throttle, verification
from app.services.verification import Verified
from app.views.access import public
from app.views.cells import TONES
from app.views.database import db
from app.views.page import Page
from app.views.parts import Cell, Fact

TRIES = 60
"""Wrong codes that one address may try in a quarter of an hour. A right one does not count."""

LONGEST = 64
"""Characters of a code that the page repeats."""

SENTENCES = {
    "valid": _l("This certificate is valid."),
    "superseded": _l("This certificate has been replaced by a newer one and is no longer valid."),
    "revoked": _l("This certificate has been revoked and is not valid."),
}


class CodeForm(Form):
    """The code that stands on the paper."""

    code = StringField(
        _l("Verification code"),
        [InputRequired(_l("Enter the code that stands on the certificate."))],
        description=_l("Sixteen letters and digits. Hyphens, blanks and small letters make no difference."),
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "maxlength": LONGEST,
        },
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page says about a code. `facts` is empty where no certificate has it."""

    status: int
    sentence: str
    tone: str
    code: str = ""
    state: Cell | None = None
    facts: tuple[Fact, ...] = ()


class VerifyPage(Page):
    """The public verification of certificates (CER-03)."""

    route_base = ""
    default_view = "ask"
    noun = "certificate"

    @public
    @expose("/verify")
    def ask(self) -> Response:
        """The form; with a code in the address, what is known of it."""
        if "code" not in request.args:
            return _page(CodeForm(), None)
        form = CodeForm(request.args)
        return _page(form, _answer(form.code.data or "") if form.validate() else None)

    @public
    @expose("/verify/<code>")
    def verify(self, code: str) -> Response:
        """What the paper with this code must say: where its QR code leads."""
        return _page(CodeForm(data={"code": code[:LONGEST]}), _answer(code))


def _answer(typed: str) -> Answer:
    """Look a code up. An address that tries many codes in vain is asked to wait."""
    session, shown = db(), typed.strip()[:LONGEST]
    limit = throttle.limit("verify", network(request.remote_addr or ""), TRIES)
    if not (noted := throttle.attempt(session, [limit])):
        return Answer(
            429, _("Too many codes were tried from here. Wait a quarter of an hour and try again."), "wait"
        )
    found = verification.verify(session, typed)
    if found is None:
        told = _(
            "No certificate has the code %(code)s. Compare it with the certificate and enter it again.",
            code=shown,
        )
        return Answer(404, told, "wait")
    with transaction(session):
        throttle.take_back(session, noted)
    tone = TONES.get(found.state, "bad")
    return Answer(
        status=200,
        sentence=str(SENTENCES[found.state]),
        tone=tone,
        code=shown,
        state=Cell(text=STATES[found.state], tone=tone),
        facts=_facts(found),
    )


def _facts(found: Verified) -> tuple[Fact, ...]:
    """Line by line what the paper must say; subjects and issuer in the paper's own words."""
    hours = [(subject, _("%(hours)s hours", hours=number)) for subject, number in found.subjects]
    lines: list[tuple[Any, Any]] = [
        (_("Full name"), found.name),
        (_("Year"), found.year),
        *hours,
        (_("Certificate number"), found.number),
        (_("Issued by"), found.issuer),
        (_("Issued on"), found.issued_on),
        (_("State"), STATES[found.state]),
        (_("Looked up"), format_datetime(format="yyyy-MM-dd HH:mm")),
    ]
    return tuple(Fact(label=label, cell=Cell(text=text)) for label, text in lines)


def _page(form: CodeForm, answer: Answer | None) -> Response:
    page = current_app.make_response(render_template("pages/verify.html", form=form, answer=answer))
    page.status_code = answer.status if answer else 400 if form.errors else 200
    page.headers["Cache-Control"] = "no-store"
    page.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    page.headers["Referrer-Policy"] = "no-referrer"
    return page
