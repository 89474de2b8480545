"""Training plans: declared by an organisation for a year, filed by its superior, corrected and sent again."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.invalid import Invalid
from app.declare.province import province
from app.declare.words import _
from app.models.review import Review
from app.models.training_plan import MOST_CLASSES, TrainingPlan
from app.security import audit
from app.security.actor import Actor, actor_of
from app.security.scope import Forbidden, reach, require
from app.services import differences, opened, records, reviews, rows
from app.services.class_rules import class_rules
from app.services.errors import Decided, Faulty, NotEligible, NotFound
from app.services.integrity import refusals
from app.services.values import declared

NOUN = TrainingPlan.__tablename__
ASKED = ("title", "year", "subject", "form", "audience", "classes", "hours", "program")
"""What a plan says, in the order of its form."""

NOT_THE_YEAR = _("Plans of %(year)s cannot be declared at present.")
NO_CLASS = _("Please give at least one class, and at most %(most)s.")
NO_FORM = _("A class does not count as this learning form in the chosen subject.")
NO_HOURS = _("Please give the hours of one class: more than 0, at most 999, by tenths.")
ABOVE_CAP = _("%(form)s counts at most %(cap)s hours.")


def plans(actor: Actor) -> bool:
    """Whether the acting organisation declares plans in this province."""
    training = province().training
    return training is not None and actor.kind in training.planned_by and actor.may(f"{NOUN}.create")


def years(session: Session) -> tuple[int, ...]:
    """The years for which plans may be declared: the next one, and this one while it is open or reopened.

    A plan of a year that is over would have no day left for a class: none begins before it is filed.
    """
    today = clock.today()
    ahead = [today.year + 1] if today.year + 1 in province().rules else []
    return (*ahead, *(year for year in opened.years(session) if year >= today.year and year not in ahead))


def declare(session: Session, typed: Mapping[str, Any]) -> TrainingPlan:
    """Declare a plan; the province's chain files it. Raises Faulty by field, Forbidden, NotEligible."""
    actor = actor_of(session)
    if not plans(actor):
        raise Forbidden(f"{NOUN}.create")
    with transaction(session), refusals(TrainingPlan):
        said = checked(session, typed)
        made = TrainingPlan(organization_id=actor.organization_id, declared_at=clock.now(), **said)
        session.add(made)
        session.flush()
        require(session, reach(actor, "create", TrainingPlan), made)
        reviews.submit(session, kind(actor), made, title=called(made))
    return made


def correct(session: Session, plan_id: int, version: int, typed: Mapping[str, Any]) -> TrainingPlan:
    """Correct what was rejected and send it once more; `version` is that of the review that was read.

    Raises Faulty, NotFound, Forbidden, NotEligible for what was not rejected, Stale.
    """
    with transaction(session), refusals(TrainingPlan):
        review = reviews.held(session, NOUN, plan_id)
        plan = records.locked(session, TrainingPlan, plan_id)
        if review is None:
            raise NotFound
        if plan.state != "returned":
            raise NotEligible
        require(session, reach(actor_of(session), "update", TrainingPlan), plan)
        before = differences.facts(session, plan)
        for key, value in checked(session, typed).items():
            setattr(plan, key, value)
        session.flush()
        reviews.resubmit(session, review.id, version, before, title=called(plan))
        audit.record_on(session, "update", plan, after=audit.facts(plan))
    return plan


def withdraw(session: Session, plan_id: int, version: int) -> None:
    """Take back what nobody has filed yet. Raises NotFound, Forbidden, Decided, Stale."""
    plan = session.get(TrainingPlan, plan_id)
    if plan is None:
        raise NotFound
    if plan.state != "submitted":
        raise Decided
    review = review_of(session, plan)
    if review is None:
        raise NotFound
    reviews.withdraw(session, review.id, version)


def review_of(session: Session, plan: TrainingPlan) -> Review | None:
    """The review of a plan, within reach."""
    return session.scalar(select(Review).where(Review.subject == NOUN, Review.subject_id == plan.id))


def called(plan: TrainingPlan) -> str:
    """What a plan is called where only a line is left for it."""
    return f"{plan.title} · {plan.year}"


def checked(session: Session, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, as it is kept. Raises Faulty with what is wrong by field, NotEligible."""
    training = class_rules()
    columns = {key: declared(TrainingPlan)[key] for key in ASKED}
    row = rows.read(columns, {key: typed.get(key) for key in ASKED}, whole=True)
    said, wrong = row.values, row.problems
    if "year" in said and said["year"] not in years(session):
        wrong["year"] = [Invalid(NOT_THE_YEAR, year=said["year"])]
    if "classes" in said and not 1 <= said["classes"] <= MOST_CLASSES:
        wrong["classes"] = [Invalid(NO_CLASS, most=MOST_CLASSES)]
    form = province().form(str(said.get("form")))
    if "form" in said and (
        form is None
        or form.key not in training.forms
        or ("subject" in said and said["subject"] not in form.subjects)
    ):
        wrong["form"] = [NO_FORM]
    if "hours" in said:
        if not 0 < said["hours"] <= 999 or said["hours"] % Decimal("0.1"):  # noqa: PLR2004 -- as in the sentence
            wrong["hours"] = [NO_HOURS]
        elif form is not None and form.item_cap is not None and said["hours"] > form.item_cap:
            wrong["hours"] = [Invalid(ABOVE_CAP, form=form.label, cap=form.item_cap)]
    if wrong:
        raise Faulty(wrong)
    return said


def kind(actor: Actor) -> str:
    """The kind of review that files the plans of the acting organisation."""
    return f"institution_{NOUN}" if actor.kind == "institution" else NOUN
