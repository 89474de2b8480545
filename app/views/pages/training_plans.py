"""计划申报: a training plan is declared, followed, and corrected after a rejection."""

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.declare.province import province
from app.declare.words import language
from app.models.review import Review
from app.models.training_plan import TrainingPlan
from app.services import chains, classes, lists, plans
from app.services.class_rules import class_rules
from app.services.errors import Faulty, Refused
from app.services.values import declared
from app.services.wording import said
from app.views.access import allowed
from app.views.database import db
from app.views.forms import field_for, refuse
from app.views.messages import sentence
from app.views.page import Page
from app.views.parts import Act, Paper

REFUSED = 422


class TrainingPlansPage(Page):
    """What the generated list of training plans leads to."""

    route_base = "/training-plans"
    default_view = "new"
    noun = "training_plan"
    acts_for = "training_plan"

    def acts_on(self, row: Any) -> Iterable[Act]:
        """What becomes of a plan: withdrawn or corrected by whom it belongs to."""
        if row.organization_id != g.actor.organization_id or not plans.plans(g.actor):
            return
        if left := classes.missing(db(), row):
            url = url_for("ClassesPage.new", plan_id=row.id)
            yield Act(label=_("New class (%(left)d left)", left=left), url=url, icon="plus", look="primary")
        review = plans.review_of(db(), row) if row.state in {"submitted", "returned"} else None
        if review is None:
            return
        if row.state == "submitted":
            yield Act(
                label=_("Withdraw"),
                url=url_for("TrainingPlansPage.withdraw", pk=row.id, version=review.version),
                icon="back",
                method="post",
                confirm=_("Withdraw this plan? A new one can be declared at any time."),
            )
        else:
            url = url_for("TrainingPlansPage.correct", pk=row.id)
            yield Act(label=_("Correct and send again"), url=url, icon="edit", look="primary")

    @allowed("training_plan.create")
    @expose("/new", methods=["GET", "POST"])
    def new(self) -> Response | str | tuple[str, int]:
        """The form of a plan."""
        if not plans.plans(g.actor):
            abort(404)
        form = _form({"year": min(plans.years(db()), default=""), "classes": 1})
        if form.validate_on_submit():
            try:
                made = plans.declare(db(), form.data)
            except Faulty as faulty:
                refuse(form, faulty)
            except Refused as refused:
                form.form_errors.append(sentence(refused))
            else:
                flash(_("Sent. You will be told what was decided."), "success")
                return redirect(url_for("TrainingPlanScreen.show", pk=made.id))
        return _paper(form, _("New training plan"), url_for("TrainingPlanScreen.list"))

    @allowed("training_plan.update")
    @expose("/<pk>/correct", methods=["GET", "POST"])
    def correct(self, pk: str) -> Response | str | tuple[str, int]:
        """The form once more, with what the reviewer objected to."""
        plan, review = _mine(pk)
        if plan.state != "returned":
            abort(404)
        form = _form({key: getattr(plan, key) for key in plans.ASKED})
        here = url_for("TrainingPlanScreen.show", pk=plan.id)
        if form.validate_on_submit():
            version = lists.id_of(request.form.get("version")) or 0
            try:
                plans.correct(db(), plan.id, version, form.data)
            except Faulty as faulty:
                refuse(form, faulty)
            except Refused as refused:
                form.form_errors.append(sentence(refused))
            else:
                flash(_("Sent. You will be told what was decided."), "success")
                return redirect(here)
        return _paper(form, _("Correct: %(name)s", name=plan.title), here, review)

    @allowed("training_plan.create")
    @expose("/<pk>/withdraw", methods=["POST"])
    def withdraw(self, pk: str) -> Response:
        """Take back what nobody has filed yet."""
        plan, _review = _mine(pk)
        plans.withdraw(db(), plan.id, lists.id_of(request.args.get("version")) or 0)
        flash(_("It is withdrawn."), "success")
        return redirect(url_for("TrainingPlanScreen.show", pk=plan.id))


def _mine(pk: str) -> tuple[TrainingPlan, Review]:
    """A plan of the acting organisation itself, with its review."""
    plan = lists.one(db(), TrainingPlan, pk)
    review = plans.review_of(db(), plan) if plan is not None else None
    if plan is None or review is None:
        abort(404)
    if plan.organization_id != g.actor.organization_id:
        abort(403)
    return plan, review


def _form(known: dict[str, Any]) -> Any:
    """The fields of a plan; of years and learning forms those that may be planned."""
    columns = declared(TrainingPlan)
    fields = {key: field_for("training_plan", columns[key]) for key in plans.ASKED}
    training = class_rules()
    form = type("TrainingPlanForm", (FlaskForm,), fields)(data=known)
    offered = [form_ for form_ in province().forms if form_.key in training.forms]
    form.form.choices = [
        ("", _("Please choose")),
        *((each.key, said(each.label, language())) for each in offered),
    ]
    return form


def _paper(form: Any, title: str, back: str, review: Review | None = None) -> str | tuple[str, int]:
    page = render_template(
        "pages/training_plan.html",
        paper=Paper(
            title=title,
            form=form,
            sections=(
                (_("What is planned"), ("title", "year", "subject", "form", "audience", "program")),
                (_("How much"), ("classes", "hours")),
            ),
            submit=_("Send"),
            cancel_url=back,
        ),
        review=review,
        steps=[step["label"][language()] for step in chains.steps_of(plans.kind(g.actor))],
    )
    return (page, REFUSED) if form.errors or form.form_errors else page
