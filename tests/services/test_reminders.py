"""Asking for a decision: by whom, how often, who hears it, and what it leaves alone."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from app.database import clock, connect, sessions
from app.models.review import Review
from app.security.scope import Forbidden, set_actor
from app.services import receipts, reminders, reviews
from app.services.errors import Decided, NotEligible, NotFound
from app.services.histories import history
from app.services.registrations import register_person
from tests.services.reviewing import NOW, approve, declared, review_of
from tests.services.test_registrations import HERE, PERSON

pytestmark = pytest.mark.usefixtures("today")
QUEUE = {"zh": "学时审核", "en": "Hours to review"}
TUESDAY = datetime(2026, 12, 1, 1, 30, tzinfo=UTC)


@pytest.fixture
def waiting(zhang):
    """张丽's hours wait at the hospital since Sunday, 22 November."""
    return review_of(zhang, declared(zhang))


def test_whoever_waits_asks_and_those_who_may_decide_hear_it(zhang, waiting, sql):
    version = waiting.version
    with clock.fixed(TUESDAY):
        reminders.remind(zhang, waiting.id)

    assert sql("SELECT account_id, kind, params FROM message ORDER BY account_id") == [
        (
            account,
            "review_reminder",
            {
                "title": "张丽 · 全国心血管病大会",
                "queue": {"zh": "学时审核", "en": "Hours to review"},
                "days": 7,
            },
        )
        for account in (4, 21)
    ]
    assert sql("SELECT action FROM audit_event WHERE noun = 'hour_record' ORDER BY id DESC LIMIT 1") == [
        ("remind",)
    ]
    assert zhang.get_one(Review, waiting.id).version == version


def test_one_asks_once_a_day(zhang, waiting):
    reminders.remind(zhang, waiting.id)
    with pytest.raises(NotEligible, match="tomorrow"):
        reminders.remind(zhang, waiting.id)
    with clock.fixed(NOW + timedelta(days=1)):
        reminders.remind(zhang, waiting.id)

    assert zhang.get_one(Review, waiting.id).reminders == 2


def test_the_day_ends_at_midnight_in_china(zhang, waiting):
    late, midnight = datetime(2026, 11, 23, 15, 59, tzinfo=UTC), datetime(2026, 11, 23, 16, tzinfo=UTC)
    with clock.fixed(late):
        reminders.remind(zhang, waiting.id)
        assert reminders.may_remind(zhang, zhang.get_one(Review, waiting.id)) is False
    with clock.fixed(midnight):
        assert reminders.may_remind(zhang, zhang.get_one(Review, waiting.id)) is True


def test_of_eight_at_one_moment_one_is_heard(waiting, zhang, cast, database, sql):
    engine, start = connect(database.app, pool=8), threading.Barrier(8)

    def ask(_number: int) -> str:
        with sessions(engine)() as session:
            set_actor(session, cast.professional(1))
            start.wait()
            try:
                reminders.remind(session, waiting.id)
            except NotEligible:
                return "too late"
            return "heard"

    with ThreadPoolExecutor(8) as pool:
        said = sorted(pool.map(ask, range(8)))
    engine.dispose()

    assert said == ["heard", *["too late"] * 7]
    assert sql("SELECT account_id, count(*) FROM message GROUP BY 1 ORDER BY 1") == [(4, 1), (21, 1)]


def test_it_is_for_whose_matter_it_is_alone(session_for, cast, waiting):
    for other, refusal in ((cast.administrator(4), Forbidden), (cast.professional(2), NotFound)):
        with pytest.raises(refusal):
            reminders.remind(session_for(other), waiting.id)


def test_what_is_decided_needs_no_asking(session_for, cast, zhang, waiting):
    reviews.withdraw(zhang, waiting.id, waiting.version)
    with pytest.raises(Decided):
        reminders.remind(zhang, waiting.id)


def test_the_course_says_how_long_it_waits_and_that_it_was_asked_for(session_for, cast, zhang, waiting):
    liu = session_for(cast.administrator(4, 21))
    with clock.fixed(TUESDAY):
        reminders.remind(zhang, waiting.id)
        told = [event.waits for event in history(liu, liu.get_one(Review, waiting.id))]

    assert [waits is None for waits in told] == [False, True, True]
    assert (told[0].timing.age, told[0].timing.left, told[0].timing.overdue) == (7, -2, 2)
    assert (told[0].reminders, told[0].reminded_at, told[0].may_remind) == (1, TUESDAY, False)


def test_the_next_step_has_its_days_from_the_day_on_which_it_opens(session_for, cast, zhang, waiting):
    with clock.fixed(TUESDAY):
        approve(session_for(cast.administrator(4, 21)), waiting.id)
        zhang.rollback()
        assert zhang.get_one(Review, waiting.id).due_on.isoformat() == "2026-12-08"
        approve(session_for(cast.administrator(3)), waiting.id)
    zhang.rollback()
    assert zhang.get_one(Review, waiting.id).due_on.isoformat() == "2026-12-15"


def test_whoever_has_no_login_yet_asks_by_the_receipt(session, sql):
    claim = receipts.by_receipt(session, register_person(session, PERSON, address=HERE))
    with clock.fixed(TUESDAY):
        shown = receipts.progress(session, claim)
        assert (shown.timing.age, shown.timing.left, shown.may_remind) == (7, -2, True)
        receipts.remind(session, claim)
        assert receipts.progress(session, claim).may_remind is False
        with pytest.raises(NotEligible):
            receipts.remind(session, claim)

    assert sql("SELECT DISTINCT kind FROM message") == [("review_reminder",)]
