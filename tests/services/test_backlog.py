"""The numbers of the backlog: at each place alone and with all below it, and the lists behind them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.database import clock, sessions
from app.security.actor import NOBODY
from app.services import backlog
from app.services.errors import NotFound
from app.services.registrations import register_person
from tests.services.reviewing import NOW, approve, conference, declared, reject, review_of, training
from tests.services.test_registrations import HERE, PERSON

pytestmark = pytest.mark.usefixtures("today")

TUESDAY = datetime(2026, 12, 1, 2, tzinfo=UTC)


@pytest.fixture
def fold(engine):
    def at(moment):
        with clock.fixed(moment), sessions(engine)() as session:
            return backlog.fold(session)

    return at


@pytest.fixture
def week(session_for, cast):
    """Three declarations of 张丽 of 22 November: one went on to the authority after 1 working day, one was
    rejected after 3, one waits and is overdue.
    """
    zhang, liu = session_for(cast.professional(1)), session_for(cast.administrator(4, 21))
    said = (conference(), training(3), conference("全国护理大会"))
    first, second, third = (review_of(zhang, declared(zhang, each)).id for each in said)
    with clock.fixed(NOW + timedelta(days=1)):
        approve(liu, first)
    with clock.fixed(NOW + timedelta(days=3)):
        reject(liu, second)
    return first, second, third


def numbers(row):
    return (row.waiting, row.overdue, row.oldest and row.oldest.isoformat(), row.decided, row.median)


def test_each_organization_has_its_own_numbers_and_those_of_all_below_it(week, fold, session_for, cast):
    fold(TUESDAY)
    city = session_for(cast.administrator(2))

    found = backlog.level(city)
    assert [(row.name, row.leaf, *numbers(row)) for row in found.rows] == [
        ("荆州市卫生健康委员会", False, 2, 2, "2026-11-22", 2, Decimal("2.0"))
    ]
    assert (found.own, numbers(found.whole)) == (None, (2, 2, "2026-11-22", 2, Decimal("2.0")))

    found = backlog.level(city, at=3, kind="hours")
    assert numbers(found.own) == (1, 1, "2026-11-22", 0, None)
    assert [(row.name, row.leaf, *numbers(row)) for row in found.rows] == [
        ("荆州市中心医院", True, 1, 1, "2026-11-22", 2, Decimal("2.0"))
    ]
    assert [row.name for row in found.line] == ["荆州市人力资源和社会保障局", "荆州市卫生健康委员会"]
    assert (found.made_at, found.later) == (TUESDAY, False)


def test_verdicts_that_are_older_or_revoked_do_not_count(week, fold, session_for, cast, sql):
    assert sql("SELECT took FROM decision ORDER BY id") == [(1,), (3,)]
    fold(NOW + timedelta(days=32))
    (row,) = backlog.level(session_for(cast.administrator(3))).rows
    assert (row.decided, row.median) == (1, Decimal("3.0"))
    fold(NOW + timedelta(days=34))
    (row,) = backlog.level(session_for(cast.administrator(3))).rows
    assert (row.decided, row.median) == (0, None)


def test_the_kinds_add_up_and_a_middle_of_an_even_number_lies_between(week, fold, session_for, cast, sql):
    register_person(session_for(NOBODY), PERSON, address=HERE)
    fold(TUESDAY)
    hospital = session_for(cast.administrator(4))
    alone = [numbers(backlog.level(hospital, kind=kind).own) for kind in ("", "hours", "person_registration")]
    assert [(each[0], each[4]) for each in alone] == [(2, Decimal("2.0")), (1, Decimal("2.0")), (1, None)]


def test_behind_each_number_stands_its_list(week, fold, session_for, cast):
    first, second, third = week
    city = session_for(cast.administrator(2))
    with clock.fixed(TUESDAY):
        assert [each.id for each in backlog.waiting(city, 4, "hours")] == [third]
        assert [each.id for each in backlog.waiting(city, 3, "", overdue=True)] == [first]
        assert [each.id for each in backlog.waiting(city, 3, "person_registration")] == []
        assert [(each.took, review.id) for each, review in backlog.decided(city, 4, "")] == [
            (3, second),
            (1, first),
        ]


def test_nobody_sees_a_neighbours_backlog(week, fold, session_for, cast):
    fold(TUESDAY)
    other = session_for(cast.administrator(7))
    assert backlog.level(other).rows == []
    for ask in (backlog.level, lambda session, at: backlog.waiting(session, at, "")):
        with pytest.raises(NotFound):
            ask(other, 4)
        with pytest.raises(NotFound):
            ask(session_for(cast.administrator(4)), 3)


def test_levels_are_ordered_and_paged(week, fold, session_for, cast, monkeypatch):
    fold(TUESDAY)
    monkeypatch.setattr(backlog, "PAGE", 1)
    province = session_for(cast.administrator(1))
    for by in backlog.ORDERS:
        found = backlog.level(province, by=by)
        assert ([row.id for row in found.rows], found.later) == ([2], False)
    assert backlog.level(province, page=1).rows == []


def test_counting_twice_is_counting_once(week, fold, sql):
    assert fold(TUESDAY) == fold(TUESDAY)
    assert sql("SELECT count(*), count(DISTINCT (organization_id, kind, whole)) FROM backlog") == [
        (fold(TUESDAY),) * 2
    ]


def test_each_month_says_what_came_in_what_was_decided_and_in_how_many_days(week, engine, session_for, cast):
    with clock.fixed(TUESDAY), sessions(engine)() as session:
        backlog.fold_months(session)
    city = session_for(cast.administrator(2))
    with clock.fixed(TUESDAY):
        found = backlog.months(city, 3, "hours").rows
        assert [(f"{row.month}", row.submitted, row.decided, row.median) for row in found] == [
            ("2026-11-01", 3, 2, Decimal("2.0"))
        ]
        assert backlog.months(city, 10).rows == []
        with pytest.raises(NotFound):
            backlog.months(session_for(cast.administrator(7)), 4)
    assert f"{backlog.months_begin():%Y-%m-%d}" == "2025-11-01"
