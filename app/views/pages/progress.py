"""How a registration stands, for whoever registered; neither code nor number is ever in an address."""

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField

from app.database import clock
from app.models.registration import STATES
from app.services import receipts
from app.services.errors import NotFound, Refused
from app.services.receipts import Claim
from app.views import human, reminding, timing
from app.views.access import public
from app.views.cells import TONES
from app.views.database import db
from app.views.messages import sentence
from app.views.page import Page
from app.views.parts import Cell

CLAIMED = "claimed"
"""Where the browser's own cookie keeps which registration was shown, signed, for WHILE seconds."""

WHILE = 20 * 60


class ProgressForm(FlaskForm):
    """The receipt code, or ID number and password."""

    receipt = StringField(
        _l("Receipt code"),
        description=_l(
            "It was shown when the registration was sent, five groups of four letters and digits."
        ),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "maxlength": 60},
    )
    number = StringField(
        _l("ID number"),
        render_kw={"autocomplete": "username", "autocapitalize": "characters", "maxlength": 40},
    )
    password = PasswordField(
        _l("Password"),
        description=_l("The one that was chosen at registering."),
        render_kw={"autocomplete": "current-password"},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """One way or the other is filled in."""
        sound = super().validate(extra_validators)
        if sound and not (self.receipt.data or (self.number.data and self.password.data)):
            self.receipt.errors = [_("Enter the receipt code, or ID number and password.")]
            return False
        return bool(sound)


class ProgressPage(Page):
    """Where a registration waits, what became of it, and taking it back."""

    route_base = "/progress"
    default_view = "progress"

    @public
    @expose("", methods=["GET", "POST"])
    def progress(self) -> Response | str:
        """Ask who one is and show how that registration stands."""
        form = ProgressForm()
        found = None
        if form.validate_on_submit() and human.confirmed(form):
            try:
                claim = _claim(form)
                found = receipts.progress(db(), claim)
                session[CLAIMED] = [claim.noun, claim.id, claim.organization_id, clock.now().timestamp()]
            except NotFound:
                _not_found(form)
            except Refused as refused:
                form.form_errors = [*form.form_errors, sentence(refused)]
        return _page(form, found)

    @public
    @expose("/withdraw", methods=["POST"])
    def withdraw(self) -> Response | str:
        """Take the registration back, as long as nobody has decided it."""
        try:
            receipts.withdraw(db(), claimed())
        except Refused as refused:
            flash(sentence(refused), "danger")
        else:
            flash(_("The registration is withdrawn."), "success")
        return redirect(url_for("ProgressPage.progress"))

    @public
    @expose("/remind", methods=["POST"])
    def remind(self) -> Response | str:
        """Ask those who decide to do so; once a day."""
        claim = claimed()
        reminding.tell(lambda: receipts.remind(db(), claim))
        return _page(ProgressForm(formdata=None), receipts.progress(db(), claim))


def claimed() -> Claim:
    """The registration that was shown to this browser a moment ago. Raises NotFound."""
    kept = session.get(CLAIMED)
    if kept is None or not 0 <= clock.now().timestamp() - kept[3] < WHILE:
        raise NotFound(_("Please look up the registration again."))
    return Claim(*kept[:3])


def _claim(form: ProgressForm) -> Claim:
    if form.receipt.data:
        return receipts.by_receipt(db(), form.receipt.data)
    number, password = form.number.data or "", form.password.data or ""
    return receipts.by_password(db(), number, password, request.remote_addr or "")


def _not_found(form: ProgressForm) -> None:
    if form.receipt.data:
        form.receipt.errors = [_("There is no registration with this receipt code.")]
    else:
        form.password.errors = [
            _("No registration that waits or was rejected fits this number and password.")
        ]


def _page(form: ProgressForm, found: receipts.Progress | None) -> Any:
    state = Cell(text=STATES[found.state], tone=TONES.get(found.state, "calm")) if found else None
    return render_template(
        "pages/progress.html",
        form=form,
        found=found,
        state=state,
        kind=session[CLAIMED][0] if found else "",
        clock=timing.sentence(found.timing) if found and found.timing else "",
    )
