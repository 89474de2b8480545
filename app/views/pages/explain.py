"""Why can X do Y to Z? Role, permission, data scope, step of the chain; and which of them is missing."""

from collections.abc import Iterable
from typing import Any

from flask import g, jsonify, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import Form, SelectField, StringField
from wtforms.validators import InputRequired

from app.declare.words import language
from app.models.appointment import Appointment
from app.security import doors
from app.services import explanations
from app.services.errors import Faulty
from app.services.explanations import PARTS, Answer
from app.services.functions import ACTIONS, everything
from app.views import pickers
from app.views.access import allowed
from app.views.database import db
from app.views.forms import refuse
from app.views.page import Page
from app.views.parts import Act, Event
from app.views.pickers import PickerField

LONGEST = 300
"""Characters of an address."""


class PostField(PickerField):
    """A post within reach; of two of one name the organisation tells which."""

    def process(self, formdata: Any, *args: Any, **words: Any) -> None:
        """Ask this page for names."""
        super().process(formdata, *args, **words)
        self.render_kw["data-url"] = url_for("ExplainPage.posts")

    def pre_validate(self, form: Any) -> None:
        """Nothing: a post out of reach is not found, as everywhere."""


class QuestionForm(Form):
    """Whom, what, and on which record. It is sent by GET, so that an answer has an address."""

    whom = PostField(
        _l("Whom"),
        [InputRequired(_l("Please choose an administrator."))],
        noun="appointment",
        key="id",
        table="appointment",
    )
    what = SelectField(
        _l("What"),
        [InputRequired(_l("Please choose one that is offered."))],
        validate_choice=False,
    )
    on = StringField(
        _l("On which record"),
        description=_l("The address of its page, as the browser shows it. Empty: on any."),
        render_kw={"autocomplete": "off", "maxlength": LONGEST, "spellcheck": "false"},
    )


class ExplainPage(Page):
    """What a record of a post and the list of administrators lead to."""

    route_base = "/explain"
    default_view = "ask"
    noun = "appointment"
    acts_for = "appointment"

    def acts_on(self, row: Any) -> Iterable[Act]:
        """From the record of a post: why it may do something, or not."""
        if g.actor.may("appointment.read"):
            yield Act(label=_("Explain rights"), url=url_for("ExplainPage.ask", whom=row.id), icon="info")

    @allowed("appointment.read")
    @expose("/")
    def ask(self) -> str:
        """The question and, once it is asked, the answer."""
        form, answer = QuestionForm(request.args), None
        form.what.choices = {
            "": [("", str(_l("Please choose")))],
            **{
                " · ".join((*each.under, str(each.label))): [
                    (each.permission(action), f"{each.label} · {ACTIONS[action]}") for action in each.actions
                ]
                for each in everything(g.actor.kind)
            },
        }
        if "what" in request.args and form.validate():
            try:
                answer = explanations.explain(
                    db(), form.whom.data, form.what.data, (form.on.data or "")[:LONGEST]
                )
            except Faulty as faulty:
                refuse(form, faulty)
        title = _("Why may somebody do something?")
        return render_template(
            "pages/explain.html",
            title=title,
            form=form,
            answer=answer,
            asked=explanations.spoken(form.what.data or "", g.actor.kind),
            course=_course(answer) if answer else (),
        )

    @allowed("appointment.read")
    @expose("/posts")
    def posts(self) -> Response:
        """Posts within reach whose holder's name holds `q`, while one types."""
        found = dict(pickers.offers(db(), "appointment", request.args.get("q", "")[:100].strip()))
        chosen = select(Appointment.id, Appointment.organization_id).where(Appointment.id.in_(found))
        stands = {row.id: row.organization_id for row in db().execute(chosen)}
        places = doors.names(db(), stands.values())
        return jsonify(
            results=[
                {"value": str(key), "text": name, "hint": places[stands[key]].name}
                for key, name in found.items()
            ]
        )


def _course(answer: Answer) -> list[Event]:
    """The links as one reads them from above to below."""
    return [
        Event(label=PARTS[link.part], state="ok" if link.holds else "bad", where=link.told.in_(language()))
        for link in answer.links
    ]
