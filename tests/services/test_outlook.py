"""Where a year is at risk: the numbers of each place, its light, and those who are reminded."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from app.database import clock, sessions
from app.models.parent_change import ParentChange as Origin
from app.security.scope import Forbidden
from app.services import completion_reminders, crediting, outlook, standings
from app.services.errors import CountChanged, NotEligible, NotFound
from tests.services.reviewing import NOW, declared, really
from tests.services.test_crediting import earned, origin

pytestmark = pytest.mark.usefixtures("today")
__all__ = ["origin"]

TOLD = "SELECT person_id, params ->> 'year' FROM message WHERE kind = 'completion_reminder' ORDER BY 1"


@pytest.fixture
def counted(session_for, cast, origin):
    """张丽 has completed 2026, 李娜 has 64 hours of one subject, 孙悦 of the branch waits for 12."""
    session = session_for(cast.administrator(3))
    crediting.credit(session, Origin, [earned(1, "64"), earned(1, "64", subject="public"), earned(2, "64")])
    declared(session_for(cast.professional(6)))


@pytest.fixture
def fold(engine):
    def now():
        with sessions(engine)() as session:
            return outlook.fold(session)

    return now


def numbers(row):
    return (row.people, row.complete, row.closing, row.idle, int(row.lacking), int(row.gained))


def test_each_place_has_its_own_numbers_and_those_of_all_below_it(counted, fold, session_for, cast):
    fold()
    department = outlook.level(session_for(cast.administrator(3)), 2026)
    assert [(row.name, *numbers(row)) for row in department.rows] == [
        ("荆州市第一人民医院", 1, 0, 0, 1, 90, 0),
        ("荆州市中心医院", 4, 1, 0, 2, 194, 76),
    ]
    hospital = outlook.level(session_for(cast.administrator(4)), 2026)
    assert numbers(hospital.own) == (3, 1, 0, 1, 116, 64)
    assert [(row.name, numbers(row)[0]) for row in hospital.rows] == [("荆州市中心医院东院区", 1)]


def test_every_number_is_what_one_counts_person_by_person(counted, fold, session_for, cast):
    fold()
    for account in (1, 2, 3, 4, 7):
        session = session_for(cast.administrator(account))
        whole = outlook.level(session, 2026).whole
        unit = standings.unit_of(session, account)
        for state, kept in (("", whole.people), ("complete", whole.complete), ("nothing", whole.idle)):
            wanted = standings.Wanted(unit, 2026, below=True, state=state)
            assert (account, state, standings.counted(session, wanted)) == (account, state, kept)
        lines, _later = standings.page(session, standings.Wanted(unit, 2026, below=True), None, 50)
        waits = sum(sum(line.waiting.values()) for line in lines if not line.qualified)
        missing = sum(line.completion.missing for line in lines)
        assert whole.lacking == missing - waits


@pytest.mark.parametrize(
    ("people", "complete", "closing", "lacking", "gained", "day", "percent", "light"),
    [
        (10, 10, 0, 0, 0, date(2026, 3, 1), 100, "green"),
        (10, 0, 9, 90, 0, date(2026, 12, 31), 90, "green"),
        (10, 4, 0, 365, 365, date(2026, 12, 31), 40, "red"),  # no day is left
        (10, 0, 0, 730, 200, date(2026, 4, 10), 72, "amber"),  # 100 days gone, 265 left: 530 of 730 arrive
        (10, 0, 0, 900, 0, date(2026, 6, 1), 0, "red"),
        (0, 0, 0, 0, 0, date(2026, 6, 1), 100, "green"),
    ],
)
def test_the_forecast_is_what_the_page_says(people, complete, closing, lacking, gained, day, percent, light):
    row = SimpleNamespace(people=people, complete=complete, closing=closing, lacking=lacking, gained=gained)
    assert outlook.expected(row, 2026, day) == outlook.Expected(percent, light)


def test_what_waits_closes_a_year_before_it_is_approved(session_for, cast, origin, fold):
    department = session_for(cast.administrator(3))
    crediting.credit(department, Origin, [earned(2, "64"), earned(2, "20", subject="public")])
    declared(session_for(cast.professional(2)))
    fold()
    assert numbers(outlook.level(session_for(cast.administrator(4)), 2026).own)[1:3] == (0, 1)


def test_departments_of_a_unit_have_numbers_of_their_own(counted, fold, session_for, cast, owner, sql):
    sql("SELECT set_config('xueshi.actor', 'test', true)")
    sql("UPDATE person SET department_id = 4 WHERE id IN (1, 2)")
    fold()
    found = outlook.level(session_for(cast.administrator(4)), 2026).departments
    assert [(name, row.people, row.complete) for row, name in found] == [("人事部门", 2, 1), ("", 1, 0)]


def test_nobody_sees_how_a_neighbour_stands(counted, fold, session_for, cast):
    fold()
    for account, place in ((7, 4), (4, 3), (5, 9)):
        with pytest.raises(NotFound):
            outlook.level(session_for(cast.administrator(account)), 2026, place)


def test_those_who_are_behind_are_reminded_once_a_week(counted, session_for, cast, owner):
    liu = session_for(cast.administrator(4))
    wanted = standings.Wanted(standings.unit_of(liu, 4), 2026)
    found = completion_reminders.meant(liu, wanted)
    assert (found.ids, found.complete, found.told) == ((2, 3), 1, 0)

    assert completion_reminders.remind(liu, wanted, (2,), 1) == 1
    assert really(owner, TOLD) == [(2, "2026")]
    assert completion_reminders.meant(liu, wanted).ids == (3,)
    with pytest.raises(CountChanged):
        completion_reminders.remind(liu, wanted, (), 2)
    assert completion_reminders.remind(liu, wanted, (), 1) == 1
    with pytest.raises(NotEligible):
        completion_reminders.remind(liu, wanted, (), 0)
    with clock.fixed(NOW + timedelta(days=7)):
        assert completion_reminders.remind(liu, wanted, (), 2) == 2
    assert really(owner, TOLD) == [(2, "2026"), (2, "2026"), (3, "2026"), (3, "2026")]
    events = "SELECT after ->> 'people' FROM audit_event WHERE action = 'remind' ORDER BY id"
    assert really(owner, events) == [("1",), ("1",), ("2",)]


def test_a_department_reminds_below_it_and_nobody_elsewhere(counted, session_for, cast, owner):
    above = session_for(cast.administrator(3))
    wanted = standings.Wanted(standings.unit_of(above, 3), 2026, below=True)
    assert completion_reminders.remind(above, wanted, (), 4) == 4
    assert [row[0] for row in really(owner, TOLD)] == [2, 3, 5, 6]
    with pytest.raises(NotFound):
        completion_reminders.meant(above, wanted, (4,))
    with pytest.raises(NotFound):
        standings.unit_of(session_for(cast.administrator(7)), 4)
    zhang = session_for(cast.professional(1))
    with pytest.raises(Forbidden):
        completion_reminders.remind(zhang, wanted, (), 0)
