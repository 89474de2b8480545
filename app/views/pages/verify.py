"""Anybody compares a certificate with what the platform knows of it: no login, no script, by code or QR."""

from flask import current_app, render_template, request
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import Form, StringField
from wtforms.validators import InputRequired

from app.database import transaction
from app.security.addresses import network
from app.services import throttle, verification
from app.views import verifying
from app.views.access import public
from app.views.database import db
from app.views.page import Page
from app.views.verifying import LONGEST, Answer

TRIES = 60
"""Wrong codes or names that one address may try in a quarter of an hour. Right ones do not count."""


class CodeForm(Form):
    """The code that stands on the paper, and the name to whom wants it confirmed."""

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
    name = StringField(
        _l("Full name on the certificate"),
        description=_l("Not needed. If it is entered, the answer says whether it is the right one."),
        render_kw={"autocomplete": "off", "maxlength": LONGEST},
    )


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
        found = _answer(form.code.data or "", form.name.data or "") if form.validate() else None
        return _page(form, found)

    @public
    @expose("/verify/<code>")
    def verify(self, code: str) -> Response:
        """What the paper with this code must say: where its QR code leads."""
        return _page(CodeForm(data={"code": code[:LONGEST]}), _answer(code, ""))


def _answer(typed: str, name: str) -> Answer:
    """Look a code up. An address that tries many codes or names in vain is asked to wait."""
    session, shown = db(), typed.strip()[:LONGEST]
    limit = throttle.limit("verify", network(request.remote_addr or ""), TRIES)
    if not (noted := throttle.attempt(session, [limit])):
        return Answer(429, verifying.WAIT, "wait")
    found = verification.verify(session, typed, name[:LONGEST])
    if found is None:
        return Answer(404, verifying.unknown(shown), "wait")
    if found.named is not False:
        with transaction(session):
            throttle.take_back(session, noted)
    return verifying.answer(found)


def _page(form: CodeForm, answer: Answer | None) -> Response:
    page = render_template("pages/verify.html", form=form, answer=answer, at="code")
    return verifying.guarded(
        current_app.make_response(page), answer.status if answer else 400 if form.errors else 200
    )
