"""The questions of a bank: read, written one by one, taken out of use."""

import json
from io import BytesIO
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, send_file, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, TextAreaField

from app.declare.words import language
from app.models.question import KINDS, LETTERS, LONGEST, LONGEST_OPTION
from app.services import question_imports, questions
from app.services.errors import Faulty, NotFound
from app.services.lists import id_of
from app.views.access import allowed
from app.views.database import db
from app.views.downloads import WORKBOOK
from app.views.forms import Starred, refuse
from app.views.messages import sentence
from app.views.page import Page
from app.views.parts import Pager, Paper

REFUSED = 422
SHOWN = 50
"""So many failed rows are shown; the workbook has more."""

KEPT = 600_000
"""Characters of failed rows that a page carries, for the workbook of them: a form takes a megabyte."""

OPTIONS = tuple(LETTERS[:6].lower())
"""So many options the form has; a workbook may have two more."""


class SendForm(FlaskForm):
    """The workbook of questions."""

    file = FileField(
        _l("Workbook (.xlsx)"),
        [Starred()],
        description=_l("Questions that are in the bank already are not added again."),
        render_kw={"accept": f".xlsx,{WORKBOOK}"},
    )


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

    @allowed("question_bank.update")
    @expose("/<pk>/import", methods=["GET", "POST"])
    def send(self, pk: str) -> str | tuple[str, int]:
        """A workbook of them: sound rows are added, the others are named."""
        held, form = questions.bank(db(), id_of(pk)), SendForm()
        done, status = None, 200
        if form.validate_on_submit():
            try:
                done = question_imports.import_questions(db(), held.id, _file(form), language())
            except Faulty as faulty:
                refuse(form, faulty)
                status = REFUSED
        failed = done.failed if done is not None else ()
        labels = {column.key: column.title for column in question_imports.columns(language())}
        told = [
            (
                row.number,
                [f"{labels[key]}: {sentence(why)}" for key, why in row.reasons.items() if key in labels],
            )
            for row in failed[:SHOWN]
        ]
        page = render_template(
            "pages/question_import.html", bank=held, form=form, done=done, told=told, kept=_carried(failed)
        )
        return page, status

    @allowed("question_bank.update")
    @expose("/<pk>/template")
    def template(self, pk: str) -> Response:
        """The empty workbook."""
        held = questions.bank(db(), id_of(pk))
        return _book(BytesIO(question_imports.template(language())), _("Questions") + f"-{held.title}")

    @allowed("question_bank.update")
    @expose("/<pk>/failed", methods=["POST"])
    def failed(self, pk: str) -> Response:
        """The rows that failed, with the reason at each; the page has brought them along."""
        held = questions.bank(db(), id_of(pk))
        try:
            rows = json.loads(request.form.get("rows", ""))
            book = question_imports.failed_rows(rows, language())
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            abort(400)
        return _book(book, _("Failed rows") + f"-{held.title}")


def _file(form: SendForm) -> Any:
    sent = form.file.data
    if not isinstance(sent, FileStorage) or not sent.filename:
        raise Faulty({"file": [NO_FILE]})
    return sent.stream


NO_FILE = _l("Please choose the workbook.")


def _carried(failed: Any) -> str:
    """The failed rows as the page keeps them; of very many the first."""
    parts, size = [], 0
    for row in failed:
        part = json.dumps({"number": row.number, "values": dict(row.values)}, ensure_ascii=False)
        size += len(part)
        if size > KEPT:
            break
        parts.append(part)
    return f"[{','.join(parts)}]"


def _book(book: BytesIO, name: str) -> Response:
    return send_file(book, mimetype=WORKBOOK, as_attachment=True, download_name=f"{name}.xlsx", etag=False)
