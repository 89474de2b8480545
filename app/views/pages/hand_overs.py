"""A hand-over is taken back: offered on its record, for a day, to the organisation above."""

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.models.hand_over import HandOver
from app.services import hand_overs, lists
from app.services.errors import Faulty, LoginRefused, Refused
from app.views.access import allowed
from app.views.database import db
from app.views.forms import refuse
from app.views.messages import sentence
from app.views.page import Page
from app.views.parts import Act, Paper
from app.views.second_factor import ProvenForm


class HandOversPage(Page):
    """What the generated list of hand-overs leads to."""

    route_base = "/hand-overs"
    default_view = "take_back"
    noun = "hand_over"
    acts_for = "hand_over"

    def acts_on(self, row: Any) -> Iterable[Act]:
        """The way back, while there is one."""
        if hand_overs.may_take_back(db(), row):
            url = url_for("HandOversPage.take_back", pk=row.id)
            yield Act(label=_("Take back"), url=url, icon="swap", look="primary")

    @allowed("hand_over.take_back")
    @expose("/<pk>/take-back", methods=["GET", "POST"])
    def take_back(self, pk: str) -> Response | str:
        """What it means, one's password, and it is done."""
        row, form = lists.one(db(), HandOver, pk) or abort(404), ProvenForm(factor=g.who.factor)
        record = url_for("HandOverScreen.show", pk=row.id)
        if form.validate_on_submit():
            try:
                hand_overs.take_back(db(), g.who, row, *form.typed, address=request.remote_addr or "")
            except Faulty as faulty:
                refuse(form, faulty)
            except LoginRefused as refused:
                form.form_errors = [sentence(refused)]
            except Refused as refused:
                flash(sentence(refused), "warning")
                return redirect(record)
            else:
                flash(_("%(name)s is the super-administrator again.", name=row.former), "success")
                return redirect(record)
        paper = Paper(
            title=_("Take the hand-over to %(name)s back", name=row.name),
            form=form,
            sections=((None, form.shown()),),
            submit=_("Take back"),
            cancel_url=record,
            trail=((HandOver.screen.label, url_for("HandOverScreen.list")),),
        )
        return render_template("pages/take_back.html", paper=paper, row=row)
