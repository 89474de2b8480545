"""What waits for somebody who may decide it no longer goes to the organisation above."""

import pytest

from app.jobs import reviews as jobs
from tests.services.reviewing import approve, declared, end_posts, really

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def passed_on(session_for, cast, owner):
    """Runs the job; returns where the reviews wait then, with the marks of their steps."""

    def run() -> list[tuple[int, str, list[str]]]:
        jobs.unowned(session_for(cast.professional(1)))
        return [
            (waiting, state, chain[step].get("marks", []))
            for waiting, state, chain, step in really(
                owner, "SELECT waiting_id, state, chain, step FROM review ORDER BY id"
            )
        ]

    return run


def test_what_is_left_with_the_applicant_himself_goes_up(session_for, cast, owner, passed_on):
    declared(session_for(cast.professional(3)))  # 王强, who administers the hospital with 刘芳
    assert passed_on() == [(4, "open", [])]
    end_posts(owner, 21)

    assert passed_on() == [(3, "open", [])]
    assert really(owner, "SELECT chain -> 0 -> 'marks' FROM review") == [(["escalated", "merged"],)]
    assert really(owner, "SELECT count(*) FROM audit_event WHERE action = 'reassign'") == [(1,)]
    approve(session_for(cast.administrator(3)), 1)


def test_it_is_the_person_who_counts_whoever_declared_it(session_for, cast, owner, passed_on, sql):
    declared(session_for(cast.professional(3)))
    sql("UPDATE review SET creator_id = 21")
    end_posts(owner, 21)

    assert passed_on() == [(3, "open", [])]


def test_what_somebody_else_may_decide_stays(session_for, cast, owner, passed_on):
    declared(session_for(cast.professional(1)))
    end_posts(owner, 21)

    assert passed_on() == [(4, "open", [])]


def test_a_disabled_account_decides_nothing(session_for, cast, owner, passed_on, sql):
    declared(session_for(cast.professional(1)))
    sql("UPDATE ab_user SET state = 'disabled' WHERE id IN (4, 21)")

    assert passed_on() == [(3, "open", [])]


def test_at_the_top_it_waits_and_is_not_passed_on_again_and_again(session_for, cast, owner, passed_on):
    declared(session_for(cast.professional(1)))
    end_posts(owner, *range(1, 22))
    assert passed_on() == [(1, "open", ["escalated", "orphan"])]
    version = really(owner, "SELECT version FROM review")

    assert passed_on() == [(1, "open", ["escalated", "orphan"])]
    assert really(owner, "SELECT version FROM review") == version
