"""问题反馈: written, answered, merged and passed on; the generated list holds all of it (RUL-07)."""

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from app.database import SHANGHAI
from app.models.feedback import LONGEST, TOPICS, Feedback
from app.services import called, feedback, lists, rows
from app.services.errors import Faulty, Refused
from app.views.access import allowed
from app.views.database import db
from app.views.forms import DeclaredForm, Starred, form_for, refuse
from app.views.messages import sentence
from app.views.page import MenuEntry, Page
from app.views.parts import Act, Cell, Paper, Row
from app.views.parts import Column as Head
from app.views.registering import uploads

WRITTEN = ("title", "topic", "body")
COLUMNS = (
    Head(key="title", label=_l("Title")),
    Head(key="topic", label=_l("What it is about")),
    Head(key="place", label=_l("From")),
    Head(key="day", label=_l("Written on"), kind="date"),
    Head(key="body", label=_l("Text")),
)
EXCERPT = 80
"""Characters of a text in a list."""


class WritingForm(DeclaredForm):
    """What one writes, with files."""

    evidence = MultipleFileField(
        _l("Files"),
        description=_l("PDF, JPG or PNG. Several files may be chosen."),
        render_kw={"accept": ".pdf,image/jpeg,image/png"},
    )


class MergingForm(DeclaredForm):
    """What is merged; below it stands what is sent upwards."""

    chosen = SelectMultipleField(
        _l("What is merged"),
        coerce=lists.id_of,
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class AnswerForm(FlaskForm):
    """The answer; everybody whose feedback it is reads it."""

    answer = TextAreaField(_l("Answer"), [Starred()], render_kw={"maxlength": LONGEST, "rows": 6})


class FeedbackPage(Page):
    """What the generated list and record of feedback lead to."""

    route_base = "/feedback-desk"
    default_view = "waiting"
    noun = "feedback"
    acts_for = "feedback"

    def entries(self, _lines: Any) -> Iterable[MenuEntry]:
        """For professionals; the generated list stands in the menu of those who act for an organisation."""
        if g.actor.person_id:
            yield MenuEntry(label=_l("Feedback"), endpoint="FeedbackScreen.list", icon="mail", position=40)

    def acts_on(self, row: Any) -> Iterable[Act]:
        """Answering what waits here, and what went into a merged one."""
        if g.actor.organization_id is None:
            return
        if row.person_id is None and feedback.has_parts(db(), row.id):
            url = url_for("FeedbackPage.parts", pk=row.id)
            yield Act(label=_("What it was merged from"), url=url, icon="list")
        if row.state == "open" and g.actor.may("feedback.answer") and feedback.waits_here(db(), row.id):
            url = url_for("FeedbackPage.answer", pk=row.id)
            yield Act(label=_("Answer"), url=url, icon="edit", look="primary")

    @allowed("feedback.create")
    @expose("/write", methods=["GET", "POST"])
    def write(self) -> Response | str:
        """Write to one's own unit, or to the organisation above."""
        form = form_for(Feedback, WRITTEN, WritingForm)()
        if form.validate_on_submit():
            row = Feedback()
            rows.put(row, form.columns, form.values)
            if _kept(form, lambda: feedback.write(db(), row, uploads(form))):
                flash(_("Sent. You will be told the answer."), "success")
                return redirect(url_for("FeedbackScreen.list"))
        paper = Paper(
            title=_("Write feedback"),
            form=form,
            sections=((None, (*WRITTEN, "evidence")),),
            submit=_("Send"),
            cancel_url=url_for("FeedbackScreen.list"),
            trail=_trail(),
            intro=_("Professionals write to their unit, an organization to the one above it."),
            files=True,
        )
        return render_template("layout/form.html", paper=paper)

    @allowed("feedback.answer")
    @expose("/", methods=["GET", "POST"])
    def waiting(self) -> Response | str:
        """What waits here, to be answered one by one, or merged into one and passed on."""
        found = feedback.waiting(db())
        form = form_for(Feedback, WRITTEN, MergingForm)()
        form["chosen"].choices = [(each.id, each.title) for each in found]
        if form.validate_on_submit():
            row, chosen = Feedback(), [key for key in form["chosen"].data or () if key]
            rows.put(row, form.columns, form.values)
            if _kept(form, lambda: feedback.pass_on(db(), chosen, row)):
                flash(_("Passed on. All who wrote are told the answer."), "success")
                return redirect(url_for("FeedbackPage.waiting"))
        paper = Paper(
            title=_("Merge and pass on"),
            form=form,
            sections=((None, ("chosen",)), (_("What is sent to the organization above"), WRITTEN)),
            submit=_("Pass on"),
            cancel_url=url_for("FeedbackScreen.list"),
        )
        return self._listed(_("Feedback that waits here"), found, paper)

    @allowed("feedback.read")
    @expose("/<pk>/parts")
    def parts(self, pk: str) -> str:
        """What was merged into one."""
        row = _feedback(pk)
        title = _("Merged into: %(title)s", title=row.title)
        return self._listed(title, feedback.parts(db(), row), None, row)

    @allowed("feedback.answer")
    @expose("/<pk>/answer", methods=["GET", "POST"])
    def answer(self, pk: str) -> Response | str:
        """Answer what waits here, with all that was merged into it."""
        row, form = _feedback(pk), AnswerForm()
        here = url_for("FeedbackScreen.show", pk=row.id)
        if form.validate_on_submit() and _kept(
            form, lambda: feedback.answer(db(), row.id, form.answer.data or "")
        ):
            flash(_("Answered. Those who wrote are told."), "success")
            return redirect(here)
        paper = Paper(
            title=_("Answer: %(title)s", title=row.title),
            form=form,
            sections=((None, ("answer",)),),
            submit=_("Answer"),
            cancel_url=here,
            trail=_trail((row.title, here)),
            intro=row.body,
        )
        return render_template("layout/form.html", paper=paper)

    def _listed(
        self, title: str, found: Iterable[Feedback], paper: Paper | None, upper: Feedback | None = None
    ) -> str:
        listed = list(found)
        names = called.names(db(), {"organization": {each.organization_id for each in listed}})
        there = (upper.title, url_for("FeedbackScreen.show", pk=upper.id)) if upper else None
        return render_template(
            "pages/feedback.html",
            title=title,
            trail=_trail(there) if there else _trail(),
            columns=COLUMNS,
            rows=[_row(each, names, answers=paper is not None) for each in listed],
            paper=paper,
        )


def _kept(form: Any, write: Any) -> bool:
    try:
        write()
    except Faulty as faulty:
        refuse(form, faulty)
    except Refused as refused:
        form.form_errors.append(sentence(refused))
    else:
        return True
    return False


def _feedback(pk: str) -> Feedback:
    row = lists.one(db(), Feedback, pk)
    if row is None:
        abort(404)
    return row


def _trail(*further: tuple[Any, str]) -> tuple[tuple[Any, str], ...]:
    return ((_("Feedback"), url_for("FeedbackScreen.list")), *further)


def _row(row: Feedback, names: called.Names, *, answers: bool) -> Row:
    text = row.body if len(row.body) <= EXCERPT else f"{row.body[:EXCERPT]}…"
    answer = Act(label=_("Answer"), url=url_for("FeedbackPage.answer", pk=row.id))
    return Row(
        id=row.id,
        url=url_for("FeedbackScreen.show", pk=row.id),
        cells=(
            Cell(text=row.title),
            Cell(text=str(TOPICS[row.topic])),
            Cell(text=names.get(("organization", row.organization_id), "")),
            Cell(text=row.created_at.astimezone(SHANGHAI).date().isoformat()),
            Cell(text=text),
        ),
        acts=(answer,) if answers else (),
    )
