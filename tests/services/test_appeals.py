"""One appeal against a rejection: the organisation above decides, finally."""

import pytest

from app.models.review import Review
from app.security.scope import Forbidden
from app.services import appeals, hours, revoking
from app.services.errors import Decided, NotEligible, ReasonMissing
from app.services.histories import history
from tests.services.reviewing import approve, conference, declared, really, reject, review_of, sums_agree

pytestmark = pytest.mark.usefixtures("today")
WHY = "证书上有公章，在第二页"


@pytest.fixture
def rejected(zhang, liu):
    """The hospital has rejected a declaration of 张丽."""
    record = declared(zhang)
    reject(liu, review_of(zhang, record).id)
    return record


def appeal(session, record, reason: str = WHY) -> Review:
    review = review_of(session, record)
    return appeals.appeal(session, review.id, review.version, reason)


def objection(session, record) -> str:
    with pytest.raises(NotEligible) as refused:
        appeal(session, record)
    return str(refused.value)


def test_the_organization_above_decides_and_the_hours_count_at_once(rejected, zhang, department, owner):
    review = appeal(zhang, rejected)

    assert (review.state, review.waiting_id, review.round) == ("open", 3, 2)
    assert really(owner, "SELECT state FROM hour_record") == [("submitted",)]
    assert really(owner, "SELECT kind, account_id FROM message ORDER BY id DESC LIMIT 1") == [
        ("review_appealed", 21)
    ]
    assert approve(department, review.id).finished == 1
    assert really(owner, "SELECT sum(hours) FROM hour_entry") == [(12,)]
    assert sums_agree(owner)
    told = history(zhang, zhang.get_one(Review, review.id, populate_existing=True))
    assert [(each.verdict, each.reason) for each in told] == [
        ("reject", "证明材料缺公章"), ("appeal", WHY), ("approve", ""),
    ]  # fmt: skip
    assert told[-1].label.zh == "申诉复核"


def test_there_is_one_appeal(rejected, zhang, department, liu):
    review = appeal(zhang, rejected)
    reject(department, review.id, "第二页没有公章")
    final = "There was an appeal already; its decision is final."
    assert objection(zhang, rejected) == final
    review = review_of(zhang, rejected)
    hours.correct(zhang, rejected.id, review.version, conference("又一次"))
    reject(liu, review.id)
    assert objection(zhang, rejected) == final


def test_only_what_was_rejected_is_appealed_against_and_with_a_reason(zhang, rejected):
    with pytest.raises(ReasonMissing):
        appeal(zhang, rejected, " ")
    other = declared(zhang, conference("乙"))
    assert objection(zhang, other) == "An appeal against this is not possible."
    review = review_of(zhang, rejected)
    appeal(zhang, rejected)
    with pytest.raises((Decided, NotEligible)):
        appeals.appeal(zhang, review.id, review.version, WHY)


def test_nobody_appeals_for_somebody_else(rejected, session_for, cast, liu, owner):
    for session in (liu, session_for(cast.administrator(3))):
        with pytest.raises(Forbidden):
            appeals.appeal(session, 1, 2, WHY)
    assert really(owner, "SELECT state FROM review") == [("rejected",)]


def test_the_unit_does_not_revoke_a_rejection_that_was_appealed_against(rejected, zhang, liu):
    review = appeal(zhang, rejected)
    with pytest.raises(NotEligible):
        revoking.revoke(liu, review.id, review.version, "误操作")


def test_the_decision_of_an_appeal_is_revoked_at_its_step(rejected, zhang, department, owner):
    review = appeal(zhang, rejected)
    approve(department, review.id)
    version = department.get_one(Review, review.id, populate_existing=True).version
    again = revoking.revoke(department, review.id, version, "误操作")
    assert (again.state, again.waiting_id, again.step) == ("open", 3, 1)
    assert really(owner, "SELECT sum(hours * sign) FROM hour_entry") == [(0,)]


@pytest.mark.parametrize("province", ["hainan"], indirect=True)
def test_where_the_province_has_no_appeal_there_is_none(zhang, province, session_for, cast):
    record = declared(zhang)
    reject(session_for(cast.administrator(4, 21)), review_of(zhang, record).id)
    assert objection(zhang, record) == "An appeal against this is not possible."
