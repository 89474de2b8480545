"""The questions of a bank: read, written one by one, taken out of use."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, TextAreaField

from app.models.question import KINDS, LETTERS, LONGEST, LONGEST_OPTION
from app.services import questions
from app.services.errors import Faulty, NotFound
from app.services.lists import id_of
from app.views.access import allowed
from app.views.database import db
from app.views.forms import Starred, refuse
from app.views.page import Page
from app.views.parts import Pager, Paper

REFUSED = 422
OPTIONS = tuple(LETTERS[:6].lower())
"""So many options the form has; a workbook may have two more."""


def _form() -> Any:
    fields: dict[str, Any] = {
        "kind": SelectField(_l("Kind"), [Starred()], validate_choice=False, render_kw={"data-reload": True}),
        "body": TextAreaField(_l("Question"), [Starred()], render_kw={"rows": 3, "maxlength": LONGEST}),
    }
    for letter in OPTIONS:
        fields[letter] = StringField(
            _l("Option %(letter)s", letter=letter.upper()),
            [Starred()] if letter in "ab" else [],
            render_kw={"maxlength": LONGEST_OPTION, "autocomplete": "off"},
        )
    fields["answers"] = StringField(
        _l("Right answer"),
        [Starred()],
        description=_l("Letters, for example A or ACD; of a judgement: true or false."),
        render_kw={"autocomplete": "off"},
    )
    fields["points"] = StringField(_l("Points"), render_kw={"inputmode": "numeric", "autocomplete": "off"})
    made: Any = type("QuestionForm", (FlaskForm,), fields)
    form = made(kind=request.args.get("kind", "single"), points="1")
    form.kind.choices = [(key, str(label)) for key, label in KINDS.items()]
    return form


class QuestionsPage(Page):
    """What the generated screen of banks leads to."""

    route_base = "/questions"
    default_view = "questions"
    noun = "question_bank"

    @allowed("question_bank.read")
    @expose("/<pk>")
    def questions(self, pk: str) -> str:
        """One page of them, the newest first."""
        held, before = questions.bank(db(), id_of(pk)), id_of(request.args.get("before"))
        found = questions.page(db(), held, before)
        older = url_for("QuestionsPage.questions", pk=pk, before=found.questions[-1].id) if found.more else ""
        pager = Pager(first=url_for("QuestionsPage.questions", pk=pk) if before else "", next=older)
        return render_template(
            "pages/questions.html",
            bank=held,
            found=found,
            pager=pager,
            kinds=KINDS,
            letters=LETTERS,
            writable=held.organization_id == g.actor.organization_id and g.actor.may("question_bank.update"),
        )

    @allowed("question_bank.update")
    @expose("/<pk>/add", methods=["GET", "POST"])
    def add(self, pk: str) -> Response | str | tuple[str, int]:
        """One question more."""
        held, form, status = questions.bank(db(), id_of(pk)), _form(), 200
        if form.validate_on_submit() and request.form.get("reload") != "1":
            try:
                questions.add(db(), held.id, form.data)
            except Faulty as faulty:
                refuse(form, faulty)
                status = REFUSED
            else:
                flash(_("The question is added."), "success")
                return redirect(url_for("QuestionsPage.add", pk=pk, kind=form.kind.data))
        options = () if form.kind.data == "judgement" else OPTIONS
        paper = Paper(
            title=_("Add a question"),
            form=form,
            sections=(("", ("kind", "body", *options, "answers", "points")),),
            submit=_("Add the question"),
            cancel_url=url_for("QuestionsPage.questions", pk=pk),
            trail=(
                (_("Question banks"), url_for("QuestionBankScreen.list")),
                (held.title, url_for("QuestionsPage.questions", pk=pk)),
            ),
        )
        return render_template("pages/lesson_form.html", paper=paper), status

    @allowed("question_bank.update")
    @expose("/<pk>/retire/<question>", methods=["POST"])
    def retire(self, pk: str, question: str) -> Response:
        """Ask it no more."""
        key = id_of(question)
        if key is None:
            raise NotFound
        questions.retire(db(), key)
        flash(_("The question is asked no more."), "success")
        return redirect(url_for("QuestionsPage.questions", pk=pk))
