"""A training plan is declared, filed by whom the province says, corrected, withdrawn; classes come after."""

from datetime import UTC, date, datetime

import pytest

from app.database import clock
from app.declare.province import serve
from app.models.reopening import Reopening
from app.models.review import Review
from app.models.training_plan import TrainingPlan
from app.services import classes, plans, records, revoking, todo
from app.services.errors import Decided, Faulty, NotEligible
from tests.services.reviewing import approve, reject
from tests.services.test_limits import ruled
from tests.services.training import CLASS, PLAN, declared, filed, made

pytestmark = pytest.mark.usefixtures("today")

EACH = pytest.mark.parametrize("province", ["hubei", "shandong"], indirect=True)


def wrong(refused):
    return {key: str(each[0]) for key, each in refused.value.problems.items()}


@EACH
def test_the_department_files_what_a_unit_plans(liu, department, session_for, cast):
    plan = declared(liu)
    review = plans.review_of(liu, plan)
    assert (review.kind, review.waiting_id) == ("training_plan", 3)
    assert [step["at"] for step in review.chain] == ["authority"]
    approve(department, review.id)
    liu.expire_all()
    assert liu.get(TrainingPlan, plan.id).state == "approved"
    assert session_for(cast.administrator(7)).get(TrainingPlan, plan.id) is None


@EACH
def test_its_queue_stands_beside_that_of_hours(liu, department, province):
    declared(liu)
    lines = todo.todo(department)
    kinds = [line.kind for line in todo.together(lines, "hours")]
    bases = ["institution_training_plan"] if province.code == "shandong" else []  # a menu of its own in Hubei
    assert kinds == ["hours", "training_plan", *bases, "class_hours"]
    assert [line.kind for line in todo.together(lines, "training_plan")] == kinds
    assert {line.kind: line.count for line in lines}["training_plan"] == 1


@pytest.mark.parametrize("province", ["hainan"], indirect=True)
def test_where_the_province_has_no_plans_there_are_none(liu):
    assert not plans.plans(liu.info["actor"])


def test_what_is_wrong_stands_at_its_field(liu):
    for changed, problem in (
        ({"classes": "0"}, {"classes": "Please give at least one class, and at most 500."}),
        (
            {"hours": "0"},
            {"hours": "Please give the hours of one class: more than 0, at most 999, by tenths."},
        ),
        (
            {"hours": "-4"},
            {"hours": "Please give the hours of one class: more than 0, at most 999, by tenths."},
        ),
        (
            {"hours": "1000"},
            {"hours": "Please give the hours of one class: more than 0, at most 999, by tenths."},
        ),
        (
            {"hours": "7.25"},
            {"hours": "Please give the hours of one class: more than 0, at most 999, by tenths."},
        ),
        ({"hours": "65"}, {"hours": "培训班、研修班、进修班 counts at most 64 hours."}),
        ({"year": "2024"}, {"year": "Plans of 2024 cannot be declared at present."}),
        (
            {"form": "conference"},
            {"form": "A class does not count as this learning form in the chosen subject."},
        ),
        ({"title": "  "}, {"title": "Please fill in this field."}),
    ):
        with pytest.raises(Faulty) as refused:
            declared(liu, **changed)
        assert wrong(refused) == problem
    assert liu.query(TrainingPlan).count() == 0


def test_a_rejected_plan_is_corrected_and_the_reviewer_sees_what_changed(liu, department):
    plan = declared(liu)
    review = plans.review_of(liu, plan)
    reject(department, review.id, "拟计学时不合理")
    liu.expire_all()
    with pytest.raises(NotEligible):
        classes.make(liu, plan.id, CLASS)
    plans.correct(liu, plan.id, plans.review_of(liu, plan).version, PLAN | {"hours": "12"})
    department.expire_all()
    again = department.get(Review, review.id)
    assert (again.round, again.state, again.before["hours"]) == (2, "open", "16.0")
    approve(department, review.id)
    assert department.get(TrainingPlan, plan.id).state == "approved"


def test_what_waits_is_withdrawn_by_the_unit_and_what_is_filed_is_not(liu, wang, session_for, cast):
    first = declared(liu)
    plans.withdraw(wang, first.id, plans.review_of(wang, first).version)
    assert wang.get(TrainingPlan, first.id).state == "withdrawn"
    second = filed(session_for, cast)
    wang.expire_all()
    with pytest.raises(Decided):
        plans.withdraw(wang, second.id, 1)


def test_a_filing_stands_once_a_class_was_made(session_for, cast, department):
    plan = filed(session_for, cast)
    review = plans.review_of(department, plan)
    assert revoking.objection(department, review) is None
    made(session_for, cast, plan=plan)
    assert str(revoking.objection(department, review)) == "Classes of this plan have been made."


def test_a_year_that_was_reopened_can_be_planned_for_again(liu, office, province):
    with clock.fixed(datetime(2026, 12, 28, 2, 0, tzinfo=UTC)):
        serve(ruled(province, closes=date(2026, 12, 20)))
        assert plans.years(liu) == (2027,)
        with pytest.raises(Faulty):
            declared(liu)
        until = date(2026, 12, 31)
        records.create(office, Reopening(organization_id=4, year=2026, until=until, reason="系统停机"))
        assert plans.years(liu) == (2027, 2026)
        assert declared(liu).year == 2026
