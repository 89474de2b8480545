"""Feedback travels up the tree, is merged and answered, and all who wrote are told the answer (RUL-07)."""

import pytest

from app.models.feedback import Feedback
from app.security.scope import Forbidden
from app.services import feedback
from app.services.errors import Faulty, NotEligible, Stale
from tests.services.reviewing import photograph

pytestmark = pytest.mark.usefixtures("today")


def about(title):
    return Feedback(title=title, topic="problem", body="上传证明后页面没有反应。")


@pytest.fixture
def written(session_for):
    """Writes as this actor; returns the id."""
    return lambda actor, title: feedback.write(session_for(actor), about(title), []).id


@pytest.fixture
def waits(session_for, cast):
    """What waits for the organisation of this number, by its titles."""
    return lambda place: [row.title for row in feedback.waiting(session_for(cast.administrator(place)))]


def state(sql, key):
    return sql("SELECT state, answer, answerer_id FROM feedback WHERE id = :key", key=key)[0]


def told(sql, kind):
    return sql("SELECT account_id, params ->> 'title' FROM message WHERE kind = :kind ORDER BY id", kind=kind)


def test_it_waits_at_ones_own_unit_or_at_the_one_above_and_is_told_there(written, waits, cast, sql):
    written(cast.professional(1), "个人的问题")
    written(cast.administrator(4), "医院的问题")
    assert [waits(place) for place in (4, 3, 2, 9)] == [["个人的问题"], ["医院的问题"], [], []]
    assert told(sql, "feedback_received") == [(4, "个人的问题"), (21, "个人的问题"), (3, "医院的问题")]


def test_it_goes_up_merged_at_each_level_and_the_answer_comes_down_to_all(
    written, waits, session_for, cast, sql
):
    one, other = written(cast.professional(1), "个人的问题"), written(cast.administrator(4), "医院的问题")
    hospital = session_for(cast.administrator(4))
    first = feedback.pass_on(hospital, [one], about("医院汇总")).id
    commission = session_for(cast.administrator(3))
    assert waits(3) == ["医院的问题", "医院汇总"]
    second = feedback.pass_on(commission, [other, first], about("卫健委汇总")).id
    assert [waits(place) for place in (4, 3, 2)] == [[], [], ["卫健委汇总"]]
    assert [row.id for row in feedback.parts(commission, commission.get(Feedback, second))] == [other, first]

    feedback.answer(session_for(cast.administrator(2)), second, "已修复，请重试。")
    for key in (one, other, first, second):
        assert state(sql, key) == ("answered", "已修复，请重试。", 2)
    assert told(sql, "feedback_answered") == [
        (3, "卫健委汇总"), (4, "医院的问题"), (4, "医院汇总"), (31, "个人的问题"),
    ]  # fmt: skip
    assert session_for(cast.professional(1)).get(Feedback, one).answer == "已修复，请重试。"


def test_only_where_it_waits_it_is_answered_and_once(written, session_for, cast, sql):
    key = written(cast.professional(1), "个人的问题")
    for place in (3, 5, 2):
        with pytest.raises(Stale):
            feedback.answer(session_for(cast.administrator(place)), key, "答复")
    with pytest.raises(Stale):
        feedback.answer(session_for(cast.professional(1)), key, "答复")
    with pytest.raises(Faulty):
        feedback.answer(session_for(cast.administrator(4)), key, " ")
    feedback.answer(session_for(cast.administrator(4)), key, "答复")
    with pytest.raises(Stale):
        feedback.answer(session_for(cast.administrator(4, 21)), key, "第二次")
    assert state(sql, key) == ("answered", "答复", 4)


def test_others_neither_see_it_nor_pass_it_on(written, session_for, cast):
    key = written(cast.professional(1), "个人的问题")
    assert session_for(cast.administrator(5)).get(Feedback, key) is None
    assert session_for(cast.professional(4)).get(Feedback, key) is None
    with pytest.raises(Stale):
        feedback.pass_on(session_for(cast.administrator(5)), [key], about("抢来的"))


def test_at_the_head_of_the_province_it_ends(written, session_for, cast):
    head = session_for(cast.administrator(1))
    key = written(cast.administrator(2), "荆州的问题")
    with pytest.raises(NotEligible):
        feedback.pass_on(head, [key], about("再往上"))
    head.rollback()
    with pytest.raises(NotEligible):
        feedback.write(head, about("自己的"), [])
    head.rollback()
    assert [row.id for row in feedback.waiting(head)] == [key]


def test_nothing_is_passed_on_where_nothing_is_chosen(session_for, cast):
    with pytest.raises(Faulty) as none:
        feedback.pass_on(session_for(cast.administrator(4)), [], about("空的"))
    assert list(none.value.problems) == ["chosen"]


def test_it_may_show_what_it_is_about_and_is_written_down(session_for, cast, sql):
    row = feedback.write(session_for(cast.administrator(4)), about("医院的问题"), [photograph("截图.jpg")])
    assert sql("SELECT subject, subject_id, name FROM attachment") == [("feedback", row.id, "截图.jpg")]
    done = "SELECT action FROM audit_event WHERE noun = 'feedback' ORDER BY id"
    assert [action for (action,) in sql(done)] == ["create", "attach"]


def test_who_may_not_answer_does_not(session_for, cast, written):
    key = written(cast.professional(1), "个人的问题")
    reader = cast.administrator(4)
    silent = type(reader)(
        **{each: getattr(reader, each) for each in reader.__slots__ if each != "permissions"},
        permissions=reader.permissions - {"feedback.answer"},
    )
    with pytest.raises(Forbidden):
        feedback.answer(session_for(silent), key, "答复")
