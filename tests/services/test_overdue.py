"""Steps that take too long: who is told, when, once; and what waits in the morning."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.database import clock, connect, sessions
from app.models.review import Review
from app.security import clock_doors
from app.services import digests, overdue
from app.services.histories import history
from tests.services.reviewing import approve, conference, declared, review_of, training

pytestmark = pytest.mark.usefixtures("today")

QUEUE = {"zh": "学时审核", "en": "Hours to review"}
FRIDAY = datetime(2026, 11, 27, 1, tzinfo=UTC)
SATURDAY, MONDAY = FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=3)
NEXT_FRIDAY, NEXT_MONDAY = FRIDAY + timedelta(days=7), FRIDAY + timedelta(days=10)
EARLY = timedelta(hours=1)
HOSPITAL, AUTHORITY = "荆州市中心医院", "荆州市卫生健康委员会"


@pytest.fixture
def waiting(session_for, cast):
    """Two declarations of 张丽 wait at the hospital since 22 November; they are due on Friday, the 27th."""
    session = session_for(cast.professional(1))
    return [review_of(session, declared(session, said)).id for said in (conference(), training(3))]


@pytest.fixture
def ring(engine):
    """What a worker does at a moment; returns how many things were told of."""

    def at(moment, work=overdue.notify):
        with clock.fixed(moment), sessions(engine)() as session:
            return work(session)

    return at


@pytest.fixture
def told(sql):
    def messages(kind):
        return sql("SELECT account_id, params FROM message WHERE kind = :kind ORDER BY account_id", kind=kind)

    return messages


def late(count: int) -> dict:
    return {"organization": HOSPITAL, "queue": QUEUE, "count": count}


def test_those_who_decide_are_told_once_on_the_first_working_day_after_it_was_due(waiting, ring, told):
    assert [ring(each) for each in (FRIDAY, SATURDAY, MONDAY - EARLY)] == [0, 0, 0]
    assert told("reviews_late") == []

    assert [ring(MONDAY), ring(MONDAY + EARLY)] == [2, 0]
    assert told("reviews_late") == [(4, late(2)), (21, late(2))]


def test_five_working_days_later_the_organization_above_is_told_once(waiting, ring, told, session_for, cast):
    ring(MONDAY)
    assert (ring(NEXT_FRIDAY), ring(NEXT_MONDAY - EARLY)) == (0, 0)
    assert [ring(NEXT_MONDAY), ring(NEXT_MONDAY + timedelta(days=30))] == [2, 0]

    words = late(2) | {"organization": AUTHORITY, "days": 5, "units": 1, "example": HOSPITAL}
    assert told("reviews_late_below") == [(3, words)]
    assert len(told("reviews_late")) == 2


def test_the_next_step_has_its_own_notices(waiting, ring, told, session_for, cast):
    ring(MONDAY)
    with clock.fixed(MONDAY):
        approve(session_for(cast.administrator(4, 21)), waiting[0])
    assert ring(MONDAY + timedelta(days=7)) == 1  # the other one, to those above
    assert ring(MONDAY + timedelta(days=8)) == 1

    session = session_for(cast.administrator(3))
    with clock.fixed(MONDAY + timedelta(days=8)):
        waits = history(session, session.get_one(Review, waiting[0]))[1].waits
        assert (waits.late_told.isoformat(), waits.above_told) == ("2026-12-08", None)
    assert [account for account, _params in told("reviews_late")] == [3, 4, 21]


def test_at_the_top_nobody_stands_above_and_the_work_ends(waiting, ring, told, sql):
    sql("SELECT set_config('xueshi.actor', 'test', false)")
    sql("UPDATE review SET waiting_id = 1")

    assert [ring(NEXT_MONDAY), ring(NEXT_MONDAY)] == [4, 0]
    assert (len(told("reviews_late")), told("reviews_late_below")) == (1, [])


def test_what_fails_before_the_end_is_told_the_next_time(waiting, ring, told, monkeypatch):
    def killed(*_rows):
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr("app.services.messages.tell", killed)
        with pytest.raises(ZeroDivisionError):
            ring(MONDAY)
    assert ring(MONDAY) == 2


def test_of_eight_workers_at_one_moment_one_tells(waiting, database, told):
    engine, start = connect(database.app, pool=8), threading.Barrier(8)

    def work(_number):
        with sessions(engine)() as session:
            start.wait()
            return overdue.notify(session) + digests.send(session)

    with clock.fixed(MONDAY), ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) == 4
    engine.dispose()
    assert (len(told("reviews_late")), len(told("digest"))) == (2, 2)


def test_the_work_reads_nothing_but_what_is_due(owner, waiting):
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(
            text(
                "INSERT INTO review (kind, subject, subject_id, title, chain, step, round, state, version,"
                " waiting_id, organization_id, due_on, submitted_at)"
                " SELECT kind, subject, 1000 + n, title, chain, step, round, state, version, waiting_id,"
                " organization_id, due_on + n, submitted_at FROM review, generate_series(1, 3000) n"
                " WHERE id = 1"
            )
        )
        connection.execute(text("ANALYZE review"))
        asked = clock_doors.OVERDUE.partition("WITH late AS (")[2].partition(" FOR UPDATE")[0]
        for place, value in (
            ("{column}", "late_told_on"),
            ("limits", "'2026-11-30'::date"),
            ("most", "5000"),
        ):
            asked = asked.replace(place, value)
        plan = " ".join(connection.scalars(text(f"EXPLAIN {asked}")).all())
    assert "Index Scan using ix_review_late" in plan


def test_each_working_morning_who_decides_is_told_what_waits(waiting, ring, told):
    assert [ring(each, digests.send) for each in (SATURDAY, MONDAY - EARLY)] == [0, 0]
    assert [ring(MONDAY, digests.send), ring(MONDAY + EARLY, digests.send)] == [2, 0]

    words = {
        "organization": HOSPITAL,
        "count": 2,
        "late": 2,
        "lines": {"zh": "学时审核 2 件（逾期 2 件）", "en": "Hours to review 2 (2 overdue)"},
    }
    assert told("digest") == [(4, words), (21, words)]
    assert ring(MONDAY + timedelta(days=1), digests.send) == 2
    assert ring(MONDAY + timedelta(days=2, hours=2), digests.send) == 0  # it is no morning any more


def test_who_does_not_want_it_is_not_told(waiting, ring, told, session_for, cast):
    liu = session_for(cast.administrator(4, 21))
    digests.want(liu, wanted=False)
    assert digests.wanted(liu) is False

    assert ring(MONDAY, digests.send) == 1
    assert [account for account, _params in told("digest")] == [4]


def test_an_account_that_may_decide_nothing_hears_nothing(waiting, ring, told, sql):
    sql("DELETE FROM ab_permission_view_role pr USING ab_permission_view pv, ab_view_menu n, role r"
        " WHERE pv.id = pr.permission_view_id AND n.id = pv.view_menu_id AND n.name = 'hour_record'"
        " AND r.id = pr.role_id AND r.kind = 'employer'")  # fmt: skip

    assert ring(MONDAY, digests.send) == 2
    assert told("digest") == []
