"""What is typed of a class: its days lie where they may, and make as many half days as its hours need."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.database import SHANGHAI
from app.declare.column import Column
from app.declare.invalid import Invalid
from app.declare.words import _
from app.models.training_class import MOST, TrainingClass
from app.models.training_plan import TrainingPlan
from app.services import half_days, plans, rows, working_days
from app.services.class_rules import class_rules
from app.services.errors import Faulty
from app.services.values import declared

ASKED = ("title", "first_day", "last_day", "place", "teachers", "capacity", "enrolment")
"""What is asked of a class beside its half days; the rest is its plan's."""
OTHER_YEAR = _("The day must lie in the year %(year)s of the plan.")
ENDS_FIRST = _("The last day is before the first.")
TOO_LONG = _("A class lasts at most %(days)s days from the first to the last.")
NO_HALF_DAY = _("On these days nobody works. Choose others, or teach on days off too.")
TOO_SHORT = _("%(hours)s hours need at least %(needed)s half days; these are %(half_days)s.")
NO_SEAT = _("Please give at least one seat, and at most %(most)s.")
NO_PARTS = _("Please choose one that is offered.")
BEFORE_FILED = _("The plan was filed on %(day)s: no class begins before that.")


def checked(session: Session, plan: TrainingPlan, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed of a class of this plan, as it is kept: ASKED and `half_days`.

    `typed` holds ASKED, `parts` (half_days.PARTS) and `days_off`. Raises Faulty by field.
    """
    columns: dict[str, Column] = {key: declared(TrainingClass)[key] for key in ASKED}
    row = rows.read(columns, {key: typed.get(key) for key in ASKED}, whole=True)
    known, wrong = row.values, row.problems
    if not 1 <= known.get("capacity", 1) <= MOST:
        wrong["capacity"] = [Invalid(NO_SEAT, most=MOST)]
    parts = str(typed.get("parts") or "ap")
    if parts not in half_days.PARTS:
        wrong["parts"] = [NO_PARTS]
    _check_days(session, plan, known, wrong)
    if not wrong:
        known["half_days"] = half_days.between(
            known["first_day"], known["last_day"], parts, days_off=bool(typed.get("days_off"))
        )
        most = class_rules().half_day_hours
        if not known["half_days"]:
            wrong["first_day"] = [NO_HALF_DAY]
        elif plan.hours > most * len(known["half_days"]):
            needed = -(-plan.hours // most)
            wrong["last_day"] = [
                Invalid(TOO_SHORT, hours=plan.hours, needed=int(needed), half_days=len(known["half_days"]))
            ]
    if wrong:
        raise Faulty(wrong)
    return known


def typed_of(found: TrainingClass) -> dict[str, Any]:
    """What somebody would have typed for a class to be as it is."""
    letters = {each[-1] for each in found.half_days}
    days_off = any(not working_days.is_one(half_days.day_of(each)) for each in found.half_days)
    said = {key: getattr(found, key) for key in ASKED}
    return said | {"parts": "".join(sorted(letters)), "days_off": days_off}


def _check_days(
    session: Session, plan: TrainingPlan, known: Mapping[str, Any], wrong: dict[str, list[Any]]
) -> None:
    """The days lie in the plan's year and after its filing, the last not before the first."""
    for key in ("first_day", "last_day"):
        if key in known and known[key].year != plan.year:
            wrong[key] = [Invalid(OTHER_YEAR, year=plan.year)]
    first, last = known.get("first_day"), known.get("last_day")
    if first is None or last is None or {"first_day", "last_day"} & wrong.keys():
        return
    review = plans.review_of(session, plan)
    filed = review.decided_at.astimezone(SHANGHAI).date() if review and review.decided_at else None
    if last < first:
        wrong["last_day"] = [ENDS_FIRST]
    elif (last - first).days >= half_days.LONGEST:
        wrong["last_day"] = [Invalid(TOO_LONG, days=half_days.LONGEST)]
    if filed is not None and first < filed:
        wrong["first_day"] = [Invalid(BEFORE_FILED, day=filed.isoformat())]
