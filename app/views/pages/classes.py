"""培训班: made from a filed plan; its page has the roster, the attendance and what can be done about both."""

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.declare.words import language
from app.models.training_class import TrainingClass
from app.models.training_plan import TrainingPlan
from app.security.actor import Actor
from app.services import called, classes, half_days, histories, lists
from app.services.errors import Faulty, Refused
from app.services.values import declared
from app.views import cells, rosters, sheets
from app.views.access import allowed, may_open
from app.views.class_form import class_form, sections
from app.views.course import course
from app.views.database import db
from app.views.forms import refuse
from app.views.messages import sentence
from app.views.page import Page
from app.views.parts import Act, Cell, Fact, Paper, Section, Sheet

REFUSED = 422
FACTS = ("organization_id", "plan_id", "year", "subject", "form", "hours", "place", "teachers", "enrolment")


class ClassesPage(Page):
    """What the generated lists of plans and of classes lead to."""

    route_base = "/classes"
    default_view = "new"
    noun = "training_class"
    acts_for = "training_class"

    def acts_on(self, row: Any) -> Iterable[Act]:
        """From the generated record to the roster."""
        url = url_for("ClassesPage.show", pk=row.id)
        yield Act(label=_("Roster and attendance"), url=url, icon="users", look="primary")

    @allowed("training_class.create")
    @expose("/new/<int:plan_id>", methods=["GET", "POST"])
    def new(self, plan_id: int) -> Response | str | tuple[str, int]:
        """A class of a plan that is filed."""
        plan = lists.one(db(), TrainingPlan, plan_id)
        if plan is None or plan.organization_id != g.actor.organization_id:
            abort(404)
        form = class_form({"title": plan.title, "parts": "ap", "enrolment": "picked"})
        if form.validate_on_submit():
            try:
                made = classes.make(db(), plan.id, form.data)
            except Faulty as faulty:
                db().rollback()
                refuse(form, faulty)
            except Refused as refused:
                form.form_errors.append(sentence(refused))
            else:
                flash(_("The class is made. Now say who takes part."), "success")
                return redirect(url_for("ClassPeoplePage.people", pk=made.id))
        page = render_template(
            "layout/form.html",
            paper=Paper(
                title=_("New class: %(plan)s", plan=plan.title),
                form=form,
                sections=sections(),
                submit=_("Make the class"),
                cancel_url=url_for("TrainingPlanScreen.show", pk=plan.id),
            ),
        )
        return (page, REFUSED) if form.errors or form.form_errors else page

    @allowed("training_class.read")
    @expose("/<pk>")
    def show(self, pk: str) -> str:
        """The class with a page of its roster."""
        found = class_of(pk)
        mine = keeps(found)
        return render_template(
            "pages/training_class.html",
            sheet=_sheet(found),
            found=found,
            roster=rosters.roster(found, after=rosters.after(request.args.get("after")), codes=mine),
            mine=mine,
            after=rosters.after(request.args.get("after")),
        )

    @allowed("training_class.update")
    @expose("/<pk>/cancel", methods=["POST"])
    def cancel(self, pk: str) -> Response:
        """Call the class off."""
        found = class_of(pk)
        classes.cancel(db(), found.id)
        flash(_("The class is cancelled. Everybody on its list is told."), "success")
        return redirect(url_for("ClassesPage.show", pk=found.id))


def class_of(pk: str) -> TrainingClass:
    """A class within reach; anything else is not found."""
    found = lists.one(db(), TrainingClass, pk)
    if found is None:
        abort(404)
    return found


def keeps(found: TrainingClass) -> bool:
    """Whether the acting one keeps its roster now."""
    actor: Actor = g.actor
    here = found.organization_id == actor.organization_id
    return here and actor.may("training_class.update") and found.state in {"open", "returned"}


def _sheet(found: TrainingClass) -> Sheet:
    columns = declared(TrainingClass)
    names = called.of_rows(db(), [found], [columns[key] for key in FACTS], {})
    review = classes.review_of(db(), found)
    facts = [
        Fact(
            label=cells.worded(columns[key].field.label),
            cell=cells.cell(columns[key], found, names, language()),
        )
        for key in FACTS
    ]
    facts.insert(2, Fact(label=_("When"), cell=Cell(text=rosters.half_days_of(found))))
    facts.append(Fact(label=_("Seats taken"), cell=rosters.seats(found)))
    return Sheet(
        title=_("Class: %(name)s", name=found.title),
        status=cells.cell(columns["state"], found, {}),
        trail=((cells.worded(TrainingClass.screen.label), url_for("TrainingClassScreen.list")),),
        acts=tuple(_acts(found)),
        sections=(Section(facts=tuple(facts), label=_("The class"), folded=True),),
        files=sheets.attached(db(), found),
        events=course(histories.history(db(), review)) if review is not None else (),
    )


def _acts(found: TrainingClass) -> Iterable[Act]:
    if found.state == "submitted" and found.organization_id == g.actor.organization_id:
        review = classes.review_of(db(), found)
        if review is not None and g.actor.may("training_class.update"):
            yield Act(
                label=_("Withdraw"),
                url=url_for("ClassHoursPage.withdraw", pk=found.id, version=review.version),
                icon="back",
                method="post",
                confirm=_("Withdraw the hours of this class? They can be declared again."),
            )
    if found.enrolled and may_open("ClassPeoplePage.roster"):
        url = url_for("ClassPeoplePage.roster", pk=found.id)
        yield Act(label=_("Export"), url=url, icon="download", method="post", again=True)
    if not keeps(found):
        return
    if found.state == "open":
        url = url_for("ClassEditPage.edit", pk=found.id)
        yield Act(label=_("Change the class"), url=url, icon="edit")
        yield Act(
            label=_("Cancel the class"),
            url=url_for("ClassesPage.cancel", pk=found.id),
            icon="no",
            method="post",
            confirm=_("Cancel this class? Everybody on its list is told. It cannot be opened again."),
        )
    ended = half_days.ended(found.half_days)
    url = url_for("ClassPeoplePage.people", pk=found.id)
    yield Act(label=_("Add people"), url=url, icon="user-plus", look="" if found.enrolled else "primary")
    if (now := half_days.present(found.half_days)) is not None:
        url = url_for("ClassAttendancePage.code", pk=found.id, half_day=now)
        yield Act(label=_("Sign-in code"), url=url, icon="qr", look="primary")
    if ended:
        url = url_for("ClassHoursPage.declare", pk=found.id)
        yield Act(label=_("Declare the hours"), url=url, icon="checklist", look="primary")
