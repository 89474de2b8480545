"""Sample checks: one approval looked at once more; and a lot drawn again from its seed."""

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField

from app.declare.words import language
from app.models.review import Review
from app.models.sample_check import REASONS, REMARK, STATES, SampleCheck, SampleDraw
from app.reviews import KINDS
from app.security import doors
from app.services import differences, histories, lists, samples
from app.services.errors import Faulty, NotFound, Refused
from app.views import sheets
from app.views.access import allowed
from app.views.course import course
from app.views.database import db
from app.views.forms import refuse
from app.views.messages import sentence
from app.views.page import Page
from app.views.parts import Act, Cell, Fact, Section, Sheet

TONES = {"open": "wait", "right": "ok", "wrong": "bad"}


class CheckForm(FlaskForm):
    """What was found."""

    result = RadioField(_l("Was it right to approve this?"), validate_choice=False)
    remark = TextAreaField(
        _l("Remark"),
        description=_l("If it was wrong: what is wrong. Those who decided are told."),
        render_kw={"maxlength": REMARK, "rows": 3},
    )


class SampleChecksPage(Page):
    """What the generated lists of sample checks and of random samples lead to."""

    route_base = "/sample-checks"
    default_view = "check"
    noun = "sample_check"
    acts_for = "sample_check"

    def acts_on(self, row: Any) -> tuple[Act, ...]:
        """From the record of a check to its review, where the decision is revoked, for those who may."""
        if not g.actor.may(KINDS[row.kind].permission):
            return ()
        url = url_for("ReviewsPage.show", kind=row.kind, review_id=row.review_id)
        return (Act(label=_("Go to the review"), url=url, icon="checklist"),)

    @allowed("sample_check.check")
    @expose("/<pk>", methods=["GET", "POST"])
    def check(self, pk: str) -> Response | str:
        """The matter as its reviewer saw it, and what is found now."""
        found, form = samples.checked(db(), pk), CheckForm()
        form["result"].choices = [(key, STATES[key]) for key in samples.RESULTS]
        here = url_for("SampleCheckScreen.show", pk=found.id)
        if form.validate_on_submit():
            try:
                samples.conclude(db(), found.id, form.result.data or "", form.remark.data or "")
            except Faulty as faulty:
                refuse(form, faulty)
            except Refused as refused:
                form.form_errors.append(sentence(refused))
            else:
                flash(_("%(title)s: checked.", title=found.title), "success")
                return redirect(here)
        if found.state != "open" and not form.errors:
            return redirect(here)
        return render_template("pages/sample_check.html", sheet=_sheet(found), form=form)


class SampleDrawsPage(Page):
    """What the generated list of random samples leads to."""

    route_base = "/sample-draws"
    default_view = "again"
    noun = "sample_draw"

    @allowed("sample_draw.read")
    @expose("/<pk>")
    def again(self, pk: str) -> str:
        """The sample of a month drawn once more from its seed, beside the one that was drawn."""
        lot = lists.one(db(), SampleDraw, pk)
        if lot is None:
            raise NotFound
        found = samples.again(db(), lot.id)
        names = doors.names(db(), [lot.decider_id])
        facts = (
            (_("Decided by"), names[lot.decider_id].name),
            (_("Kind"), str(KINDS[lot.kind].label)),
            (_("Month"), f"{lot.month:%Y-%m}"),
            (_("Per cent"), str(lot.percent)),
            (_("Seed"), lot.seed),
            (_("Approved in that month"), str(found.passed)),
            (_("Reviews drawn"), _numbers(found.drawn)),
            (_("Missing from the sample"), _numbers(found.missing)),
            (_("In the sample without being drawn"), _numbers(found.extra)),
        )
        sheet = Sheet(
            title=_("Drawn again"),
            status=Cell(text=_("The same sample"), tone="ok")
            if found.same
            else Cell(text=_("Another sample"), tone="bad"),
            trail=((_("Random samples"), url_for("SampleDrawScreen.list")),),
            sections=(
                Section(
                    facts=tuple(Fact(label=label, cell=Cell(text=text), wide=True) for label, text in facts)
                ),
            ),
        )
        return render_template("layout/show.html", sheet=sheet)


def _numbers(found: tuple[int, ...]) -> str:
    return ", ".join(map(str, found)) or "—"


def _sheet(found: SampleCheck) -> Sheet:
    review = lists.one(db(), Review, found.review_id)
    row = differences.subject_of(db(), review) if review is not None else None
    names = doors.names(db(), [found.decider_id])
    facts = differences.seen(db(), review, row, language()) if review is not None and row is not None else ()
    return Sheet(
        title=found.title,
        status=Cell(text=str(STATES[found.state]), tone=TONES[found.state]),
        trail=((_("Sample checks"), url_for("SampleCheckScreen.list")),),
        sections=(
            Section(
                facts=(
                    Fact(label=_("Decided by"), cell=Cell(text=names[found.decider_id].name)),
                    Fact(label=_("Why it is checked"), cell=Cell(text=str(REASONS[found.reason]))),
                )
            ),
            Section(
                facts=tuple(
                    Fact(label=fact.label, cell=Cell(text=fact.text), wide="\n" in fact.text)
                    for fact in facts
                    if fact.text
                )
            ),
        ),
        files=sheets.attached(db(), row) if row is not None else (),
        files_label=_("Proof"),
        events=course(histories.history(db(), review)) if review is not None else (),
    )
