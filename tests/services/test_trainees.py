"""An institution declares for whom it trained: found by number and name alone (HDC-07)."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from app.models.hour_record import HourRecord
from app.models.person import Person
from app.security.permissions import catalogue
from app.security.scope import Forbidden
from app.services import attachments, called, hour_declarations, trainees
from app.services.errors import NotEligible
from tests.cast import ID_NUMBERS
from tests.services.reviewing import approve, photograph, training

pytestmark = pytest.mark.usefixtures("today")

BASE = 50


@pytest.fixture
def base(session_for, cast, owner):
    """The administrator of an institution below the HR office of the other city."""
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(
            text(
                "INSERT INTO organization (id, parent_id, kind, name, state, no_code_reason)"
                " VALUES (:id, 6, 'institution', '宜昌继续教育基地', 'active', '尚在办理')"
            ),
            {"id": BASE},
        )
    actor = replace(
        cast.administrator(8),
        kind="institution",
        name="基地管理员",
        organization_id=BASE,
        depth=3,
        permissions=catalogue()["super_institution"],
    )
    return session_for(actor)


def begun(session):
    row = hour_declarations.begin(session, training(5))
    attachments.keep(session, row, photograph())
    session.commit()
    return row


def test_who_is_named_exactly_gets_hours_that_those_above_the_unit_review(base, department, office, sql):
    row = begun(base)
    trainees.admit(base, row, ID_NUMBERS[1], " 张丽 ")
    trainees.admit(base, row, ID_NUMBERS[4].lower(), "赵敏")
    assert hour_declarations.send(base, row, 2).count == 2

    found = "SELECT person_id, organization_id, declarer_id, hours, state FROM hour_record ORDER BY 1"
    assert sql(found) == [(1, 4, BASE, 40, "submitted"), (4, 8, BASE, 40, "submitted")]
    assert sql("SELECT waiting_id, step FROM review ORDER BY person_id") == [(3, 0), (7, 0)]
    (review,) = sql("SELECT id FROM review WHERE person_id = 1")[0]
    approve(department, review)
    approve(office, review)
    assert sql("SELECT person_id, total FROM person_year WHERE total > 0") == [(1, 40)]


def test_it_sees_the_records_that_it_declared_by_the_names_it_gave_and_nothing_else(base, wang, sql):
    row = begun(base)
    trainees.admit(base, row, ID_NUMBERS[1], "张丽")
    hour_declarations.send(base, row, 1)

    record = base.query(HourRecord).one()
    assert called.names(base, {"person": {1}}) == {("person", 1): "张丽"}
    assert base.query(Person).count() == 0
    assert sql("SELECT learner FROM hour_record") == [("张丽",)]
    assert [each.id for each in wang.query(HourRecord)] == [record.id]


@pytest.mark.parametrize(
    ("number", "name"),
    [(ID_NUMBERS[1], "张莉"), ("421000199001011230", "张丽"), ("", ""), (ID_NUMBERS[4], "张丽")],
)
def test_whoever_is_not_found_gets_one_answer(base, number, name):
    with pytest.raises(NotEligible) as refused:
        trainees.admit(base, begun(base), number, name)
    assert refused.value.message is trainees.NOBODY


def test_tries_that_find_nobody_are_counted_and_others_are_not(base):
    row = begun(base)
    for _try in range(trainees.TRIES):
        trainees.admit(base, row, ID_NUMBERS[1], "张丽")
        with pytest.raises(NotEligible):
            trainees.admit(base, row, ID_NUMBERS[1], "李四")
    with pytest.raises(NotEligible) as refused:
        trainees.admit(base, row, ID_NUMBERS[2], "李娜")
    assert refused.value.message is trainees.TOO_OFTEN
    assert [each["person_id"] for each in row.people] == [1]


def test_a_unit_looks_for_nobody_elsewhere(wang, base):
    with pytest.raises(Forbidden):
        trainees.admit(wang, begun(base), ID_NUMBERS[4], "赵敏")


def test_people_are_never_taken_from_what_a_form_says(base):
    row = begun(base)
    hour_declarations.add(base, row, [1, 4])
    assert row.people == []
