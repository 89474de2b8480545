"""Working days: what the State Council announced, what the province adds, and what always holds."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.declare.clock import Calendar
from app.declare.province import serve
from app.services import working_days

pytestmark = pytest.mark.usefixtures("province")
DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))
ONE = timedelta(days=1)
PATIENT = settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def calendar(province):
    """Give the province a calendar of its own."""

    def use(**days):
        serve(province.model_copy(update={"calendar": Calendar(**days)}))

    return use


@pytest.mark.parametrize(
    ("exchanged", "holiday"),
    [
        (date(2025, 1, 26), date(2025, 1, 28)),
        (date(2025, 2, 8), date(2025, 2, 4)),
        (date(2025, 4, 27), date(2025, 5, 5)),
        (date(2025, 9, 28), date(2025, 10, 7)),
        (date(2025, 10, 11), date(2025, 10, 8)),
        (date(2026, 1, 4), date(2026, 1, 2)),
        (date(2026, 2, 14), date(2026, 2, 20)),
        (date(2026, 2, 28), date(2026, 2, 23)),
        (date(2026, 5, 9), date(2026, 5, 5)),
        (date(2026, 9, 20), date(2026, 10, 6)),
        (date(2026, 10, 10), date(2026, 10, 7)),
    ],
)
def test_a_day_at_a_weekend_is_worked_for_a_day_of_a_long_holiday(exchanged, holiday):
    assert exchanged.weekday() >= working_days.SATURDAY
    assert (working_days.is_one(exchanged), working_days.is_one(holiday)) == (True, False)


def test_a_year_that_nobody_has_announced_yet_has_the_holidays_of_the_law():
    assert [working_days.is_one(date(2027, 10, day)) for day in range(1, 7)] == [False] * 5 + [True]
    assert working_days.is_one(date(2027, 10, 9)) is False


def test_the_province_has_the_last_word(calendar):
    calendar(days_off=(date(2027, 10, 6), date(2027, 10, 7)), working_days=(date(2027, 10, 9),))

    assert working_days.after(date(2027, 9, 30), 2) == date(2027, 10, 9)
    calendar()
    assert working_days.after(date(2027, 9, 30), 2) == date(2027, 10, 7)


def test_five_working_days_leap_over_a_weekend_and_a_long_holiday():
    assert working_days.after(date(2026, 11, 22), 5) == date(2026, 11, 27)
    assert working_days.after(date(2026, 9, 29), 5) == date(2026, 10, 12)
    assert working_days.between(date(2026, 9, 29), date(2026, 10, 12)) == 5
    assert working_days.between(date(2026, 10, 12), date(2026, 9, 29)) == -5
    assert working_days.between(date(2025, 12, 30), date(2026, 1, 5)) == 3


@PATIENT
@given(DAYS, st.integers(1, 250))
def test_so_many_days_later_so_many_working_days_are_over(day, days):
    end = working_days.after(day, days)

    assert working_days.is_one(end)
    assert working_days.between(day, end) == days
    assert working_days.before(end + ONE, days) == working_days.after(day, 1)


@PATIENT
@given(DAYS, DAYS, DAYS)
def test_stretches_of_time_add_up(first, second, third):
    assert working_days.between(first, third) == (
        working_days.between(first, second) + working_days.between(second, third)
    )


@PATIENT
@given(DAYS)
def test_a_day_counts_if_it_is_worked(day):
    assert working_days.between(day - ONE, day) == working_days.is_one(day)
