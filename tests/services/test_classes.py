"""From a filed plan to hours that count: who joins, who was there, and what one approval does for all."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from app.database import connect, sessions
from app.models.hour_record import HourRecord
from app.models.review import Review
from app.models.training_class import TrainingClass
from app.security import doors
from app.security.scope import set_actor
from app.services import (
    attendances,
    classes,
    listed_people,
    revoking,
    rosters,
)
from app.services.errors import Faulty, NotEligible, NotFound
from app.services.reckoning import reckoning
from app.services.rosters import Named
from tests.cast import ID_NUMBERS
from tests.services.reviewing import approve, photograph, really, reject, sums_agree
from tests.services.test_plans import wrong
from tests.services.training import CLASS, HALF_DAYS, at, attended, declared, filed, made, sent

pytestmark = pytest.mark.usefixtures("today")
EACH = pytest.mark.parametrize("province", ["hubei", "shandong"], indirect=True)
HOURS = "SELECT person_id, hours, source, state FROM hour_record ORDER BY person_id"


@EACH
def test_one_approval_credits_everybody_by_what_he_attended(session_for, cast, owner):
    found, review = sent(session_for, cast, person_1=4, person_2=3, person_3=1)
    assert review.measure == Decimal("28.0")
    approve(session_for(cast.administrator(3)), review.id)
    assert really(owner, HOURS) == [(1, 16, "class", "approved"), (2, 12, "class", "approved")]
    assert sums_agree(owner)
    mine = session_for(cast.professional(1)).scalars(select(HourRecord)).one()
    assert (mine.title, mine.origin_id, mine.values["organizer"]) == (found.title, found.id, "荆州市中心医院")
    half = session_for(cast.professional(2)).scalars(select(HourRecord)).one()
    assert reckoning(half) == ("3 of 4 half days attended of a class of 16 hours.",)


def test_a_class_is_made_for_a_filed_plan_alone_and_not_more_than_planned(liu, session_for, cast):
    with pytest.raises(NotEligible, match="once its training plan is filed"):
        classes.make(liu, declared(liu).id, CLASS)
    plan = filed(session_for, cast, classes="1")
    liu.expire_all()
    first = classes.make(liu, plan.id, CLASS)
    with pytest.raises(NotEligible, match="All 1 classes"):
        classes.make(liu, plan.id, CLASS)
    classes.cancel(liu, first.id)
    assert classes.make(liu, plan.id, CLASS).half_days == HALF_DAYS
    with pytest.raises(NotFound):
        classes.make(session_for(cast.administrator(5)), plan.id, CLASS)


def test_what_is_wrong_with_a_class_stands_at_its_field(liu, session_for, cast):
    plan = filed(session_for, cast)
    for changed, problem in (
        (
            {"last_day": "2026-11-22", "first_day": "2026-11-23"},
            {"last_day": "The last day is before the first."},
        ),
        ({"capacity": "0"}, {"capacity": "Please give at least one seat, and at most 2000."}),
        ({"first_day": "2027-02-29"}, {"first_day": "Please give a date like 2020-01-31."}),
        ({"last_day": "2027-01-04"}, {"last_day": "The day must lie in the year 2026 of the plan."}),
        (
            {"first_day": "2026-11-21"},
            {"first_day": "The plan was filed on 2026-11-22: no class begins before that."},
        ),
        (
            {"first_day": "2026-11-28", "last_day": "2026-11-29"},
            {"first_day": "On these days nobody works. Choose others, or teach on days off too."},
        ),
        (
            {"last_day": "2026-11-23"},
            {"last_day": "16.0 hours need at least 4 half days; these are 2."},
        ),
        ({"parts": "x"}, {"parts": "Please choose one that is offered."}),
    ):
        with pytest.raises(Faulty) as refused:
            classes.make(liu, plan.id, CLASS | changed)
        assert wrong(refused) == problem
    weekend = classes.make(
        liu, plan.id, CLASS | {"first_day": "2026-11-28", "last_day": "2026-11-29", "days_off": True}
    )
    assert len(weekend.half_days) == 4


def test_people_are_picked_or_taken_from_a_list_all_or_nobody(liu, session_for, cast):
    found = made(session_for, cast, people=())
    assert rosters.pick(liu, found.id, [1, 2]) == 2
    assert rosters.pick(liu, found.id, [1, 2]) == 0
    pasted = f"{ID_NUMBERS[3].lower()}\t王强\n孙悦，{ID_NUMBERS[6]}\n\n"
    assert listed_people.pasted(pasted) == [Named(ID_NUMBERS[3], "王强"), Named(ID_NUMBERS[6], "孙悦")]
    assert rosters.take_over(liu, found.id, listed_people.pasted(pasted)) == 2
    liu.expire_all()
    assert liu.get(TrainingClass, found.id).enrolled == 4
    for listed, said in (
        (
            [Named(ID_NUMBERS[1], "张力")],
            "Line 1: nobody within your reach has this number and this name (张力).",
        ),
        (
            [Named(ID_NUMBERS[4], "赵敏")],
            "Line 1: nobody within your reach has this number and this name (赵敏).",
        ),
        ([], "Please choose at least one person."),
    ):
        with pytest.raises(Faulty) as refused:
            rosters.take_over(liu, found.id, listed)
        assert wrong(refused) == {"people": said}
    with pytest.raises(Faulty) as refused:
        listed_people.pasted("张丽")
    assert wrong(refused) == {"people": "Line 1 has no number and name of somebody: “张丽”."}
    with pytest.raises(Faulty):
        rosters.pick(liu, found.id, [4])
    member = attendances.members(liu, found.id)[0]
    rosters.remove(liu, found.id, member.id)
    assert [each.person_id for each in attendances.members(liu, found.id)] == [2, 3, 6]
    with pytest.raises(NotFound):
        rosters.remove(session_for(cast.administrator(8)), found.id, member.id)


def test_a_professional_enrols_by_himself_where_the_class_is_open_to_him(zhang, session_for, cast):
    closed = made(session_for, cast, people=())
    found = made(session_for, cast, plan=plan_of(closed), people=(), enrolment="self")
    assert [each.id for each in rosters.own(zhang)] == [found.id]
    rosters.enrol(zhang, found.id)
    rosters.enrol(zhang, found.id)
    assert [each.joined_by for each in rosters.own(zhang)] == ["self"]
    with pytest.raises(NotFound):
        rosters.enrol(zhang, closed.id)
    stranger = session_for(cast.professional(4))
    assert rosters.own(stranger) == []
    with pytest.raises(NotFound):
        rosters.enrol(stranger, found.id)
    rosters.leave(zhang, found.id)
    assert [each.member_id for each in rosters.own(zhang)] == [None]
    rosters.enrol(zhang, found.id)
    with at(23, 8), pytest.raises(NotEligible, match="has begun"):
        rosters.leave(zhang, found.id)
    assert doors.classes_of(stranger, 1, date(2026, 11, 22)) == []


def plan_of(found):
    class Plan:
        id = found.plan_id

    return Plan


def test_of_many_who_want_the_last_seats_as_many_as_there_are_get_one(session_for, cast, owner, database):
    engine = connect(database.app, pool=64)
    found = made(session_for, cast, people=(), enrolment="self", capacity="3")
    with owner.begin() as connection:
        connection.exec_driver_sql("SELECT set_config('xueshi.actor', 'test', true)")
        connection.exec_driver_sql(
            "INSERT INTO person (id, uid, organization_id, name, document_type, id_number_sealed,"
            " id_number_index, id_number_tail, state) SELECT 5000 + n, gen_random_uuid(), 4, '学员' || n,"
            " 'id_card', '\\x00', decode(lpad(to_hex(n), 32, '0'), 'hex'), '\\x00', 'active'"
            " FROM generate_series(1, 64) n"
        )
    start, told = Barrier(64), []

    def want(person):
        with sessions(engine)() as session:
            set_actor(session, replace(cast.professional(1), person_id=person, self_id=person))
            start.wait()
            entry = {"person_id": person, "name": "学员", "masked_number": "", "unit": ""}
            try:
                rosters._put(session, found, "self", [entry])
                session.commit()
                told.append("in")
            except Faulty as full:
                told.append(str(full.problems["people"][0]))

    threads = [Thread(target=want, args=(5001 + number,)) for number in range(64)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    engine.dispose()
    assert sorted(told) == ["No seat is left in this class."] * 61 + ["in"] * 3
    assert really(owner, "SELECT enrolled FROM training_class") == [(3,)]


def test_hours_are_declared_after_the_class_with_proof_and_somebody_there(liu, session_for, cast):
    found = made(session_for, cast)
    with at(24, 18), pytest.raises(NotEligible, match="has not ended"):
        classes.send(liu, found.id, [photograph()])
    with at(24, 19):
        with pytest.raises(Faulty) as refused:
            classes.send(liu, found.id, [])
        assert wrong(refused) == {"evidence": "Please add the proof: a photograph or a PDF."}
        with pytest.raises(NotEligible, match="Nobody attended enough"):
            classes.send(liu, found.id, [photograph()])
        attended(liu, found, person_1=1)
        with pytest.raises(NotEligible, match="Nobody attended enough"):
            classes.send(liu, found.id, [photograph()])
        attended(liu, found, person_1=2)
        assert classes.send(liu, found.id, [photograph()]).measure == Decimal("8.0")


def test_what_was_rejected_is_completed_and_sent_again(liu, department, session_for, cast, owner):
    found, review = sent(session_for, cast, person_1=2)
    reject(department, review.id, "签到记录与证明材料不符")
    liu.expire_all()
    with at(26, 9):
        attended(liu, found, person_1=4)
        again = classes.send(liu, found.id, [], liu.get(Review, review.id).version)
    assert (again.id, again.round, again.measure) == (review.id, 2, Decimal("16.0"))
    department.expire_all()
    approve(department, review.id)
    assert really(owner, HOURS) == [(1, 16, "class", "approved")]


def test_a_revoked_approval_takes_all_of_it_back_and_another_gives_it_again(
    liu, department, session_for, cast, owner
):
    _found, review = sent(session_for, cast)
    approve(department, review.id)
    department.expire_all()
    revoking.revoke(department, review.id, department.get(Review, review.id).version, "签到表有误")
    assert really(owner, "SELECT person_id, total FROM person_year ORDER BY 1") == [(1, 0), (2, 0)]
    assert really(owner, "SELECT state FROM training_class") == [("submitted",)]
    department.expire_all()
    approve(department, review.id)
    assert really(owner, "SELECT person_id, total FROM person_year ORDER BY 1") == [(1, 16), (2, 8)]
    assert sums_agree(owner)
