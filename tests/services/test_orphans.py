"""A unit that nobody leads: the one above sees it and names a super-administrator; never two."""

from threading import Barrier, Thread

import pytest

from app.security.scope import Forbidden
from app.services import accounts, orphans, overseeing
from app.services.errors import Faulty, NotFound, Stale
from tests.cast import ADMIN_NUMBERS, PASSWORD
from tests.services.reviewing import end_posts, photograph

pytestmark = pytest.mark.usefixtures("today")
HERE = "127.0.0.1"
WHY = {"reason": "原管理员已退休", "confirmed": "y"}
LIU = {"document_type": "id_card", "id_number": ADMIN_NUMBERS[21], "password": PASSWORD, **WHY}


@pytest.fixture
def orphaned(session_for, cast):
    """The hospital's super-administrator has left, and the department has disabled his account."""
    overseeing.disable(session_for(cast.administrator(3)), 4, "已退休")


def listed(session_for, cast, place):
    return [row.id for row in orphans.orphans(session_for(cast.administrator(place))).rows]


def take(session_for, cast, place=3, unit=4, way="existing", typed=LIU, proof=True):
    session = session_for(cast.administrator(place))
    return orphans.take_over(session, unit, way, typed, [photograph()] if proof else [], address=HERE)


def supers(sql, unit=4):
    return sql(
        "SELECT account_id FROM appointment WHERE organization_id = :unit AND super AND ends_on IS NULL",
        unit=unit,
    )


def test_it_is_listed_to_the_one_above_alone(session_for, cast, orphaned):
    assert [listed(session_for, cast, place) for place in (3, 2, 1, 7)] == [[4], [], [], []]


@pytest.mark.usefixtures("orphaned")
def test_somebody_is_named_and_the_former_post_ends(session_for, cast, sql, session):
    post = take(session_for, cast)
    assert (post.account_id, post.super) == (21, True)
    assert supers(sql) == [(21,)]
    assert listed(session_for, cast, 3) == []
    entry = accounts.log_in(session, ADMIN_NUMBERS[21], PASSWORD, HERE)
    assert [each.id for each in entry.posts] == [21]
    done = "SELECT action, reason, before, after FROM audit_event WHERE action = 'take_over'"
    assert sql(done) == [("take_over", "原管理员已退休", {"super": 4}, {"super": 21})]
    told = sql("SELECT account_id, kind FROM message WHERE kind IN ('post_ended', 'super_given') ORDER BY id")
    assert told == [(4, "post_ended"), (21, "super_given")]
    assert sql("SELECT subject, subject_id FROM attachment") == [("appointment", 21)]


@pytest.mark.usefixtures("orphaned")
def test_one_of_its_own_people_is_named(session_for, cast, sql):
    with pytest.raises(Faulty):  # one of another unit's
        take(session_for, cast, way="own", typed={"person_id": "5", **WHY})
    take(session_for, cast, way="own", typed={"person_id": "1", **WHY})
    assert supers(sql) == [(31,)]


@pytest.mark.usefixtures("orphaned")
def test_what_is_missing_is_said_at_once(session_for, cast):
    with pytest.raises(Faulty) as refused:
        take(session_for, cast, typed={**LIU, "reason": " ", "confirmed": ""}, proof=False)
    assert set(refused.value.problems) == {"reason", "evidence", "confirmed"}


def test_a_unit_that_somebody_leads_cannot_be_taken_over(session_for, cast, sql):
    with pytest.raises(Stale):
        take(session_for, cast)
    assert supers(sql) == [(4,)]


@pytest.mark.usefixtures("orphaned")
def test_nobody_else_takes_it_over(session_for, cast, sql):
    for place, refusal in ((2, Forbidden), (7, NotFound), (5, NotFound)):
        with pytest.raises(refusal):
            take(session_for, cast, place=place)
    assert supers(sql) == [(4,)]


def test_one_whose_only_post_has_ended_is_an_orphan_too(session_for, cast, owner, sql):
    end_posts(owner, 4)
    assert listed(session_for, cast, 3) == [4]
    take(session_for, cast)
    assert supers(sql) == [(21,)]


@pytest.mark.usefixtures("orphaned")
def test_of_two_who_take_over_at_once_one_wins(session_for, cast, sql):
    ready, outcomes = Barrier(2), []

    def run(session, typed, way):
        ready.wait()
        try:
            orphans.take_over(session, 4, way, typed, [photograph()], address=HERE)
        except Stale:
            outcomes.append("late")
        else:
            outcomes.append("done")

    threads = [
        Thread(target=run, args=(session_for(cast.administrator(3)), LIU, "existing")),
        Thread(target=run, args=(session_for(cast.administrator(3)), {"person_id": "1", **WHY}, "own")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "late"]
    assert len(supers(sql)) == 1
