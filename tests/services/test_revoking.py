"""A verdict is revoked: the review waits again where it was decided, and what it brought about is undone."""

import pytest

from app.models.review import Review
from app.security.scope import Forbidden
from app.services import certificates, revoking
from app.services.errors import NotEligible, NotFound, ReasonMissing, Stale
from app.services.histories import history
from tests.services.reviewing import (
    approve,
    conference,
    declared,
    really,
    reject,
    review_of,
    sums_agree,
    training,
)

pytestmark = pytest.mark.usefixtures("today")
WHY = "证明材料系伪造"


@pytest.fixture
def counted(zhang, liu, department, office):
    """Twelve hours of 张丽 that count by now; the review's id."""
    review = review_of(zhang, declared(zhang))
    for session in (liu, department, office):
        approve(session, review.id)
    return review.id


def revoke(session, review_id: int, reason: str = WHY) -> Review:
    return revoking.revoke(session, review_id, session.get_one(Review, review_id).version, reason)


def objection(session, review_id: int) -> str:
    with pytest.raises(NotEligible) as refused:
        revoke(session, review_id)
    return str(refused.value)


def test_the_hours_of_a_revoked_approval_count_no_more_and_wait_again(counted, office, owner):
    review = revoke(office, counted)

    assert (review.state, review.step, review.waiting_id, review.round) == ("open", 2, 2, 2)
    assert really(owner, "SELECT hours, sign, round FROM hour_entry ORDER BY id") == [(12, 1, 1), (12, -1, 1)]
    assert really(owner, "SELECT total, subjects FROM person_year") == [(0, {"professional": 0.0})]
    assert really(owner, "SELECT state FROM hour_record") == [("submitted",)]
    assert really(owner, "SELECT step, round, verdict, reason FROM decision ORDER BY id DESC LIMIT 1") == [
        (2, 1, "revoke", WHY)
    ]
    assert really(owner, "SELECT action, reason FROM audit_event ORDER BY id DESC LIMIT 1") == [
        ("revoke", WHY)
    ]
    approve(office, counted)
    assert really(owner, "SELECT hours, sign, round FROM hour_entry ORDER BY id") == [
        (12, 1, 1), (12, -1, 1), (12, 1, 2),
    ]  # fmt: skip
    assert really(owner, "SELECT total FROM person_year") == [(12,)]
    assert sums_agree(owner)


def test_the_applicant_and_the_other_deciders_are_told_why(counted, office, owner):
    revoke(office, counted)

    assert really(
        owner, "SELECT kind, person_id, account_id FROM message WHERE kind LIKE '%revoked' ORDER BY id"
    ) == [("review_revoked", 1, None), ("decision_revoked", None, 3), ("decision_revoked", None, 21)]
    assert [
        (each.verdict, each.name, each.reason) for each in history(office, office.get_one(Review, counted))
    ][-2:] == [("revoke", "荆州市人力资源和社会保障局管理员", WHY), ("", "", "")]


def test_an_organization_above_revokes_and_the_same_step_waits_again(counted, session_for, cast, owner):
    review = revoke(session_for(cast.administrator(1)), counted)
    assert (review.state, review.waiting_id) == ("open", 2)


def test_a_step_whose_decision_was_followed_by_another_revokes_nothing(
    counted, department, liu, zhang, owner
):
    only = "Only the organization that decided, or one above it, can revoke this."
    assert objection(department, counted) == only
    assert objection(liu, counted) == only
    with pytest.raises(Forbidden):
        revoke(zhang, counted)
    assert really(owner, "SELECT state FROM review") == [("approved",)]


def test_a_decision_that_nobody_has_gone_on_with_is_revoked_by_its_own_step(zhang, liu, department, owner):
    review = review_of(zhang, declared(zhang))
    assert objection(liu, review.id).startswith("There is no verdict that could be revoked")
    approve(liu, review.id)
    revoke(liu, review.id)
    assert really(owner, "SELECT state, step, waiting_id, round FROM review") == [("open", 0, 4, 2)]
    assert objection(liu, review.id).startswith("There is no verdict that could be revoked")
    approve(liu, review.id)
    reject(department, review.id)
    revoke(department, review.id)
    assert really(owner, "SELECT state, step, waiting_id, round FROM review") == [("open", 1, 3, 3)]
    assert really(owner, "SELECT state FROM hour_record") == [("submitted",)]


def test_a_stranger_finds_no_verdict_to_revoke(counted, session_for, cast):
    with pytest.raises(NotFound):
        revoking.revoke(session_for(cast.administrator(6)), counted, 4, WHY)


def test_revoking_needs_a_reason_and_the_version_that_was_seen(counted, office, owner):
    with pytest.raises(ReasonMissing):
        revoke(office, counted, "  ")
    with pytest.raises(Stale):
        revoking.revoke(office, counted, 2, WHY)
    assert really(owner, "SELECT state, version FROM review") == [("approved", 4)]


def test_hours_of_a_year_with_a_certificate_stay(zhang, liu, department, office, owner):
    for subject in ("professional", "public"):
        for title in ("甲", "乙"):
            review = review_of(zhang, declared(zhang, training(8, subject, title)))
            for session in (liu, department, office):
                approve(session, review.id)
    certificates.issue(zhang, 1, 2026, site="https://xueshi.example.cn")

    assert objection(office, 1) == "A certificate of this year has been issued over these hours."
    assert really(owner, "SELECT count(*) FROM hour_entry WHERE sign = -1") == [(0,)]


def test_a_rejection_is_not_revoked_once_other_hours_use_up_the_cap(zhang, liu, owner):
    first = review_of(zhang, declared(zhang, conference("甲")))
    reject(liu, first.id)
    for title in ("乙", "丙"):
        declared(zhang, conference(title))

    assert objection(liu, first.id) == ("What may count in a year is used up by other hours by now.")


def test_one_of_two_who_revoke_at_once_is_told_that_it_has_changed(counted, session_for, cast, owner):
    seen = session_for(cast.administrator(2)).get_one(Review, counted).version
    revoking.revoke(session_for(cast.administrator(2)), counted, seen, WHY)
    with pytest.raises(Stale):
        revoking.revoke(session_for(cast.administrator(1)), counted, seen, WHY)
    assert really(owner, "SELECT count(*) FROM decision WHERE verdict = 'revoke'") == [(1,)]
