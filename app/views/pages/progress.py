"""How a registration stands, for whoever holds its receipt code; the code is never in an address."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired

from app.models.registration import STATES
from app.services import receipts
from app.services.errors import NotFound, Refused
from app.views.access import public
from app.views.cells import TONES
from app.views.database import db
from app.views.messages import sentence
from app.views.page import Page
from app.views.parts import Cell


class ReceiptForm(FlaskForm):
    """The receipt code."""

    receipt = StringField(
        _l("Receipt code"),
        [InputRequired(_l("Enter the receipt code."))],
        description=_l(
            "It was shown when the registration was sent, five groups of four letters and digits."
        ),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "maxlength": 60},
    )


class ProgressPage(Page):
    """Where a registration waits, what became of it, and taking it back."""

    route_base = "/progress"
    default_view = "progress"

    @public
    @expose("", methods=["GET", "POST"])
    def progress(self) -> Response | str:
        """Ask for the code and show how that registration stands."""
        form = ReceiptForm()
        found = None
        if form.validate_on_submit():
            try:
                found = receipts.progress(db(), form.receipt.data)
            except NotFound:
                form.receipt.errors = [_("There is no registration with this receipt code.")]
        return _page(form, found)

    @public
    @expose("/withdraw", methods=["POST"])
    def withdraw(self) -> Response | str:
        """Take the registration back, as long as nobody has decided it."""
        try:
            receipts.withdraw(db(), request.form.get("receipt", ""))
        except Refused as refused:
            flash(sentence(refused), "danger")
        else:
            flash(_("The registration is withdrawn."), "success")
        return redirect(url_for("ProgressPage.progress"))


def _page(form: ReceiptForm, found: receipts.Progress | None) -> Any:
    state = Cell(text=STATES[found.state], tone=TONES.get(found.state, "calm")) if found else None
    return render_template("pages/progress.html", form=form, found=found, state=state)
