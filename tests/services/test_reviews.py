"""One thing is decided: by whom, with what effect, and what is never possible."""

from dataclasses import replace

import pytest

from app.models.review import Review
from app.security.scope import Forbidden
from app.services import differences, hours, reviews
from app.services.errors import Decided, Faulty, NotEligible, NotFound, ReasonMissing, Stale
from app.services.histories import history
from app.services.selection import Ids
from tests.services.reviewing import (
    approve,
    conference,
    declared,
    end_posts,
    one,
    photograph,
    really,
    reject,
    review_of,
    sums_agree,
)

pytestmark = pytest.mark.usefixtures("today")


def state_of_record(owner) -> str:
    ((state,),) = really(owner, "SELECT state FROM hour_record")
    return state


def test_the_last_approval_lets_the_hours_count(session_for, cast, owner, zhang, liu):
    review = review_of(zhang, declared(zhang))
    approve(liu, review.id)
    approve(session_for(cast.administrator(3)), review.id)
    assert really(owner, "SELECT count(*) FROM hour_entry") == [(0,)]
    outcome = approve(session_for(cast.administrator(2)), review.id)

    assert (outcome.count, outcome.measure, outcome.finished) == (1, 12, 1)
    assert state_of_record(owner) == "approved"
    assert really(owner, "SELECT person_id, year, subject, form, hours, sign, source FROM hour_entry") == [
        (1, 2026, "professional", "conference", 12, 1, "declaration")
    ]
    assert really(owner, "SELECT total, subjects, complete FROM person_year") == [
        (12, {"professional": 12.0}, False)
    ]
    assert really(
        owner, "SELECT step, organization_id, account_id, name, verdict FROM decision ORDER BY id"
    ) == [
        (0, 4, 21, "荆州市中心医院管理员", "approve"),
        (1, 3, 3, "荆州市卫生健康委员会管理员", "approve"),
        (2, 2, 2, "荆州市人力资源和社会保障局管理员", "approve"),
    ]
    assert really(owner, "SELECT person_id, kind FROM message") == [(1, "review_approved")]
    assert really(
        owner, "SELECT action, object_id FROM audit_event WHERE noun = 'hour_record' ORDER BY id"
    ) == [("create", 1), ("attach", 1), ("submit", 1), ("approve", 1), ("approve", 1), ("approve", 1)]


def test_a_second_reviewer_hears_who_was_faster(session_for, cast, owner, zhang, liu):
    review = review_of(zhang, declared(zhang))
    seen = one(review)
    approve(liu, review.id)

    with pytest.raises(Decided) as told:
        reviews.decide(session_for(cast.administrator(4)), seen, "reject", reason="重复申报")
    assert str(told.value) == "荆州市中心医院管理员 has approved it already."
    assert really(owner, "SELECT count(*) FROM decision") == [(1,)]


def test_nobody_decides_about_ones_own_hours(session_for, cast, owner):
    wang = session_for(cast.professional(3))
    review = review_of(wang, declared(wang))

    with pytest.raises(NotEligible, match="one's own"):
        approve(session_for(cast.administrator(4)), review.id)
    with pytest.raises(Forbidden):
        approve(wang, review.id)
    assert really(owner, "SELECT state FROM review") == [("open",)]


def test_nobody_decides_what_one_has_entered_or_corrected(session_for, cast, owner, zhang):
    review = review_of(zhang, declared(zhang))
    for changed in ("creator_id = 21, editor_id = NULL", "creator_id = 31, editor_id = 21"):
        with owner.begin() as connection:
            connection.exec_driver_sql(f"UPDATE review SET {changed}")
        with pytest.raises(NotEligible, match="one's own"):
            approve(session_for(cast.administrator(4, 21)), review.id)


@pytest.mark.parametrize("organization", [5, 6, 7, 8])
def test_a_unit_elsewhere_finds_nothing_to_decide(session_for, cast, owner, zhang, organization):
    review = review_of(zhang, declared(zhang))
    stranger = session_for(cast.administrator(organization))

    with pytest.raises(NotFound):
        reviews.decide(stranger, one(review), "approve")
    with pytest.raises(NotFound):
        reviews.decide(stranger, Ids(((999, 1),)), "approve")
    assert really(owner, "SELECT state, version FROM review") == [("open", 1)]


@pytest.mark.parametrize("organization", [1, 2, 3])
def test_an_organization_above_waits_for_its_turn(session_for, cast, owner, zhang, organization):
    review = review_of(zhang, declared(zhang))

    with pytest.raises(NotEligible, match="another organization"):
        reviews.decide(session_for(cast.administrator(organization)), one(review), "approve")
    assert really(owner, "SELECT state, version FROM review") == [("open", 1)]


def test_a_role_without_the_permission_decides_nothing(session_for, cast, zhang):
    review = review_of(zhang, declared(zhang))
    clerk = replace(cast.administrator(4, 21), permissions=frozenset({"review.read", "hour_record.read"}))

    with pytest.raises(Forbidden):
        reviews.decide(session_for(clerk), one(review), "approve")


def test_a_rejection_says_why_and_is_told(owner, zhang, liu):
    review = review_of(zhang, declared(zhang))

    for why in ({}, {"reason": "  "}, {"reason_key": "because"}):
        with pytest.raises(ReasonMissing):
            reviews.decide(liu, one(review), "reject", **why)
    reviews.decide(liu, one(review), "reject", reason_key="no_seal")

    assert really(owner, "SELECT state, step FROM review") == [("rejected", 0)]
    assert state_of_record(owner) == "returned"
    assert really(owner, "SELECT reason_key, reason FROM decision") == [("no_seal", "证明材料缺公章")]
    assert really(owner, "SELECT kind, params->>'reason' FROM message") == [
        ("review_rejected", "证明材料缺公章")
    ]


def test_what_was_corrected_comes_back_and_the_reviewer_sees_the_change(session_for, cast, owner, zhang, liu):
    record = declared(zhang)
    review = review_of(zhang, record)
    reject(liu, review.id)
    zhang.expire_all()
    hours.correct(
        zhang, record.id, review.version, conference(level="provincial"), [photograph("盖章证明.png")]
    )

    again = session_for(cast.administrator(4, 21))
    review = again.get_one(Review, review.id)
    assert (review.state, review.round, review.step, review.waiting_id, review.measure) == (
        "open",
        2,
        0,
        4,
        8,
    )
    row = differences.subject_of(again, review)
    assert [
        (each.label, each.before, each.after) for each in differences.changes(again, review, row, "en")
    ] == [
        ("Hours", "12", "8"),
        ("Level", "National", "Provincial"),
        ("Proof", "结业证书.jpg", "结业证书.jpg\n盖章证明.jpg"),
    ]
    told = [(each.round, each.label.zh, each.verdict, each.reason) for each in history(again, review)]
    assert told == [
        (1, "单位审核", "reject", "证明材料缺公章"),
        (2, "单位审核", "", ""),
        (2, "主管部门审查", "", ""),
        (2, "人社部门审验", "", ""),
    ]
    for account, organization in ((21, 4), (3, 3), (2, 2)):
        approve(session_for(cast.administrator(organization, account)), review.id)
    assert really(owner, "SELECT hours FROM hour_entry") == [(8,)]
    assert sums_agree(owner)


def test_a_correction_of_what_was_not_rejected_is_refused(owner, zhang):
    record = declared(zhang)

    with pytest.raises(NotEligible):
        hours.correct(zhang, record.id, 1, conference("另一个会议"))
    assert really(owner, "SELECT r.title, v.version FROM hour_record r, review v") == [
        ("全国心血管病大会", 1)
    ]


def test_a_correction_with_an_old_version_is_refused_whole(owner, zhang, liu, shelf_here):
    record = declared(zhang)
    reject(liu, review_of(zhang, record).id)
    kept = sorted(path for path in shelf_here.rglob("*") if path.is_file())

    with pytest.raises(Stale):
        hours.correct(zhang, record.id, 1, conference("另一个会议"), [photograph()])
    assert state_of_record(owner) == "returned"
    assert really(owner, "SELECT title FROM hour_record") == [("全国心血管病大会",)]
    assert sorted(path for path in shelf_here.rglob("*") if path.is_file()) == kept


def test_what_waits_can_be_taken_back_by_its_owner_alone(session_for, cast, owner, zhang, liu):
    review = review_of(zhang, declared(zhang))
    with pytest.raises(Forbidden):
        reviews.withdraw(liu, review.id, 1)
    with pytest.raises(NotFound):
        reviews.withdraw(session_for(cast.professional(4)), review.id, 1)

    reviews.withdraw(zhang, review.id, 1)

    assert really(owner, "SELECT state FROM review") == [("withdrawn",)]
    assert state_of_record(owner) == "withdrawn"
    with pytest.raises(Decided, match="withdrawn"):
        reviews.decide(liu, Ids(((review.id, 1),)), "approve")


def test_what_is_decided_cannot_be_taken_back(zhang, liu, owner):
    review = review_of(zhang, declared(zhang))
    reject(liu, review.id)

    with pytest.raises(Decided):
        reviews.withdraw(zhang, review.id, 1)
    assert really(owner, "SELECT state FROM review") == [("rejected",)]


def test_nothing_is_approved_whose_proof_is_missing_but_it_can_be_rejected(owner, zhang, liu):
    review = review_of(zhang, declared(zhang))
    with owner.begin() as connection:
        connection.exec_driver_sql("DELETE FROM attachment")

    with pytest.raises(NotEligible, match="proof"):
        approve(liu, review.id)
    reject(liu, review.id)
    assert really(owner, "SELECT state FROM review") == [("rejected",)]


def test_a_subject_has_one_open_review_at_a_time(owner, zhang):
    record = declared(zhang)

    with pytest.raises(NotEligible):
        reviews.submit(zhang, "hours", record, title="noch einmal", person_id=1)
    assert really(owner, "SELECT count(*) FROM review") == [(1,)]


def test_nobody_starts_the_review_of_somebody_elses_hours(owner, zhang, liu):
    record = declared(zhang)
    reviews.withdraw(zhang, review_of(zhang, record).id, 1)

    with pytest.raises(Forbidden):
        reviews.submit(liu, "hours", liu.get_one(type(record), record.id), title="x", person_id=1)
    assert really(owner, "SELECT state FROM review") == [("withdrawn",)]


def test_when_the_effect_fails_nothing_is_decided(owner, zhang, liu, session_for, cast):
    review = review_of(zhang, declared(zhang))
    approve(liu, review.id)
    approve(session_for(cast.administrator(3)), review.id)
    with owner.begin() as connection:
        connection.exec_driver_sql("REVOKE INSERT ON hour_entry FROM xueshi_app")

    with pytest.raises(Exception, match="permission denied"):
        approve(session_for(cast.administrator(2)), review.id)
    assert really(owner, "SELECT state, step FROM review") == [("open", 2)]
    assert really(owner, "SELECT count(*) FROM decision") == [(2,)]
    assert really(owner, "SELECT count(*) FROM message") == [(0,)]


def test_an_account_that_is_ended_decides_no_more_but_its_decisions_stay(
    session_for, cast, owner, zhang, liu
):
    review = review_of(zhang, declared(zhang))
    approve(liu, review.id)
    end_posts(owner, 21)

    assert [each.name for each in history(zhang, review) if each.verdict] == ["荆州市中心医院管理员"]


def test_a_declaration_without_proof_leaves_nothing_behind(owner, zhang):
    with pytest.raises(Faulty) as wrong:
        hours.declare(zhang, 1, conference())
    assert list(wrong.value.problems) == ["evidence"]
    assert really(owner, "SELECT count(*) FROM hour_record") == [(0,)]
