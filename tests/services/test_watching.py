"""Nobody gains more time than has passed: not by leaps, speed, second windows or repeated reports."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services import learning, media, watching
from app.services.errors import Stale
from app.services.watching import Report
from tests.services.teaching import at, published

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def course(office, session_for, cast, zhang, tmp_path):
    media.use(f"{tmp_path.as_uri()}/lessons", most_megabytes=1)
    made = published(office, session_for(cast.administrator(1)))
    learning.begin(zhang, made.id)
    return made


@pytest.fixture
def other(office, session_for, cast, zhang, course):
    made = published(office, session_for(cast.administrator(1)), title="科学素养", bank_id=course.bank_id)
    learning.begin(zhang, made.id)
    return made


def opened(session, course):
    lesson = learning.taken(session, course.id).parts[0].lesson
    return watching.open_player(session, course.id, lesson.id).token


def test_what_is_watched_in_real_time_counts_in_full(course, zhang):
    token = opened(zhang, course)
    with at(15):
        assert watching.report(zhang, Report(token, 1, 0, 15)).seconds == 15
    with at(30.4):
        assert watching.report(zhang, Report(token, 2, 15, 30)).seconds == 30


def test_a_leap_counts_only_what_was_watched(course, zhang):
    token = opened(zhang, course)
    with at(10):
        watching.report(zhang, Report(token, 1, 0, 10))
    with at(20):
        counted = watching.report(zhang, Report(token, 2, 2690, 2700))

    assert (counted.seconds, counted.finished) == (20, False)


def test_the_same_minute_watched_again_counts_once(course, zhang):
    token = opened(zhang, course)
    for number in range(1, 6):
        with at(20 * number):
            counted = watching.report(zhang, Report(token, number, 0, 20))

    assert counted.seconds == 20


def test_speed_counts_the_time_that_has_passed(course, zhang):
    token = opened(zhang, course)
    with at(15):
        assert watching.report(zhang, Report(token, 1, 0, 30)).seconds == 15


def test_a_whole_lesson_in_one_report_counts_what_has_passed(course, zhang):
    token = opened(zhang, course)
    with at(1):
        assert watching.report(zhang, Report(token, 1, 0, 2700)).seconds == 1
    with at(4000):
        assert watching.report(zhang, Report(token, 2, 0, 2700)).seconds == watching.LONGEST


def test_a_report_that_comes_twice_counts_once(course, zhang):
    token = opened(zhang, course)
    with at(30):
        watching.report(zhang, Report(token, 1, 0, 15))
        assert watching.report(zhang, Report(token, 1, 15, 30)).seconds == 15
        assert watching.report(zhang, Report(token, 2, 15, 30)).seconds == 30


def test_two_windows_at_once_gain_no_more_than_one(course, other, zhang):
    first, second = opened(zhang, course), opened(zhang, other)
    for number in range(1, 5):
        with at(15 * number):
            here = watching.report(zhang, Report(first, number, 15 * number - 15, 15 * number))
            there = watching.report(zhang, Report(second, number, 15 * number - 15, 15 * number))

    assert here.seconds + there.seconds == 60


def test_opening_a_lesson_again_ends_the_player_before(course, zhang):
    before, after = opened(zhang, course), opened(zhang, course)
    with at(15):
        with pytest.raises(Stale):
            watching.report(zhang, Report(before, 1, 0, 15))
        assert watching.report(zhang, Report(after, 1, 0, 15)).seconds == 15


def test_the_token_of_somebody_else_counts_nothing(course, zhang, wang_himself):
    token = opened(zhang, course)
    with at(15), pytest.raises(Stale):
        watching.report(wang_himself, Report(token, 1, 0, 15))


def test_reports_that_arrive_at_once_count_once(course, zhang, session_for, cast):
    token = opened(zhang, course)
    several = [session_for(cast.professional(1)) for _each in range(6)]
    with at(15), ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda session: watching.report(session, Report(token, 1, 0, 15)), several))

    with at(16):
        assert watching.report(zhang, Report(token, 2, 0, 1)).seconds == 15


def test_one_goes_on_where_one_stopped(course, zhang):
    token = opened(zhang, course)
    with at(40):
        watching.report(zhang, Report(token, 1, 0, 40))

    lesson = learning.taken(zhang, course.id).parts[0].lesson
    assert watching.open_player(zhang, course.id, lesson.id).place == 40


@pytest.fixture
def wang_himself(session_for, cast):
    """王强 as the professional he is."""
    return session_for(cast.professional(3))


REPORTS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 40), st.integers(0, 2700), st.integers(0, 200)), max_size=12
)


def test_no_reports_whatever_gain_more_than_the_time_that_has_passed(course, other, zhang):
    lasting = {"now": 0}

    @settings(max_examples=15, deadline=None)
    @given(REPORTS)
    def tried(reports):
        begun = lasting["now"]
        with at(begun):
            tokens = opened(zhang, course), opened(zhang, other)
        before = seconds(zhang, course) + seconds(zhang, other)
        for number, (which, pause, first, length) in enumerate(reports, start=1):
            lasting["now"] += pause
            with at(lasting["now"]):
                watching.report(zhang, Report(tokens[which], number, first, first + length))
        gained = seconds(zhang, course) + seconds(zhang, other) - before
        assert gained <= lasting["now"] - begun
        lasting["now"] += 1

    tried()


def seconds(session, course):
    return learning.taken(session, course.id).parts[0].seconds
