"""A class is changed until its hours are declared, and whoever is on its list is told what is different."""

import pytest

from app.models.training_class import TrainingClass
from app.security.scope import Forbidden
from app.services import class_changes, messages, rosters
from app.services.class_form import typed_of
from app.services.errors import Faulty, NotEligible, NotFound, Overtaken
from tests.services.reviewing import approve, really
from tests.services.test_plans import wrong
from tests.services.training import HALF_DAYS, at, attended, made, sent

pytestmark = pytest.mark.usefixtures("today")
TOLD = "SELECT person_id, params FROM message WHERE kind = 'class_changed' ORDER BY person_id"


def change(session, found, seen=None, **changed):
    held = session.get_one(TrainingClass, found.id)
    typed = {key: str(told) for key, told in typed_of(held).items() if key != "days_off"} | changed
    return class_changes.change(session, found.id, typed, seen or class_changes.version(held))


def test_days_place_teacher_and_seats_are_changed_and_who_joined_is_told(liu, session_for, cast, owner):
    found = made(session_for, cast)
    changed = change(liu, found, first_day="2026-11-24", last_day="2026-11-25", place="图书馆", capacity="40")
    assert changed.half_days == ["2026-11-24a", "2026-11-24p", "2026-11-25a", "2026-11-25p"]
    assert (changed.place, changed.capacity, changed.teachers) == ("图书馆", 40, "刘教授")
    told = really(owner, TOLD)
    assert [person for person, _params in told] == [1, 2]
    assert messages.text("class_changed", told[0][1], "zh") == (
        "荆州市中心医院更改了培训班“护理急救第一期”：开始日期 2026-11-24；结束日期（含当天） 2026-11-25；"
        "培训地点 图书馆；上课时段 11-24 上午、11-24 下午、11-25 上午、11-25 下午。"
    )
    (before, after), = really(
        owner, "SELECT before, after FROM audit_event WHERE noun = 'training_class' AND action = 'update'"
    )  # fmt: skip
    assert (before["place"], after["place"]) == ("教学楼三楼", "图书馆")


def test_more_seats_or_nothing_are_told_to_nobody(liu, session_for, cast, owner):
    found = made(session_for, cast)
    change(liu, found, capacity="50")
    change(liu, found)
    assert really(owner, TOLD) == []
    assert really(owner, "SELECT count(*) FROM audit_event WHERE action = 'update'") == [(1,)]


def test_who_is_on_the_list_keeps_his_seat_and_who_was_there_his_half_day(liu, session_for, cast):
    found = made(session_for, cast)
    with at(23, 14):
        attended(liu, found, person_1=1)
        for changed, problem in (
            ({"capacity": "1"}, {"capacity": "2 people are on the list already."}),
            (
                {"first_day": "2026-11-24", "last_day": "2026-11-25"},
                {"first_day": "Somebody is known to have been there on 11-23 上午: the class is still"
                 " taught then."},
            ),
            ({"last_day": "2026-11-23"}, {"last_day": "16.0 hours need at least 4 half days; these are 2."}),
            ({"place": " "}, {"place": "Please fill in this field."}),
        ):  # fmt: skip
            with pytest.raises(Faulty) as refused:
                change(liu, found, **changed)
            assert wrong(refused) == problem
        assert change(liu, found, last_day="2026-11-25").half_days[:4] == HALF_DAYS


def test_of_two_who_change_it_the_second_is_told(liu, wang, session_for, cast):
    found = made(session_for, cast)
    seen = class_changes.version(liu.get_one(TrainingClass, found.id))
    rosters.pick(liu, found.id, [3])  # somebody more on the list is no change of the class
    change(wang, found, seen, teachers="陈教授")
    for changed in ({"place": "图书馆"}, {"parts": "a", "last_day": "2026-11-26"}):
        with pytest.raises(Overtaken) as refused:
            change(liu, found, seen, **changed)
        assert refused.value.items == ("teachers",)
    wang.expire_all()
    seen = class_changes.version(wang.get_one(TrainingClass, found.id))
    change(wang, found, seen, parts="a", last_day="2026-11-26")
    with pytest.raises(Overtaken) as refused:
        change(liu, found, seen, place="图书馆")
    assert refused.value.items == ("last_day", "half_days")


def test_what_is_declared_or_anothers_is_not_changed(liu, department, session_for, cast):
    found, review = sent(session_for, cast)
    held = liu.get_one(TrainingClass, found.id)
    with pytest.raises(NotEligible, match="declared already"):
        change(liu, held)
    approve(department, review.id)
    liu.expire_all()
    with pytest.raises(NotEligible, match="declared already"):
        change(liu, held)
    other = made(session_for, cast)
    typed = typed_of(liu.get_one(TrainingClass, other.id))
    with pytest.raises(Forbidden):
        class_changes.change(department, other.id, typed, "*")
    with pytest.raises(NotFound):
        class_changes.change(session_for(cast.administrator(8)), other.id, typed, "*")
