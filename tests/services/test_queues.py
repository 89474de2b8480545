"""What a reviewer sees waiting, decided and all in all; and the numbers of the home page."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from app.database import clock
from app.reviews import KINDS
from app.security import sessions
from app.security.scope import Forbidden
from app.services import queues
from app.services.queues import Neighbours, Place
from app.services.selection import Filter
from app.services.todo import todo
from tests.services.reviewing import (
    approve,
    at_the_last_step,
    conference,
    declared,
    reject,
    training,
)

pytestmark = pytest.mark.usefixtures("today")
HOURS = Filter("hours")


@pytest.fixture
def two(today, session_for, cast):
    zhang = session_for(cast.professional(1))
    declared(zhang, conference("甲"))
    declared(zhang, training(3, "public", "乙"))


def titles(lines: queues.Lines) -> list[str]:
    return [line.review.title for line in lines.lines]


@pytest.mark.usefixtures("two")
def test_a_queue_holds_what_waits_here_with_its_subject_and_files(liu, session_for, cast):
    found = queues.waiting_page(liu, HOURS, Place())
    assert [(line.review.title, line.subject.hours, line.review.files) for line in found.lines] == [
        ("张丽 · 甲", 12, 1), ("张丽 · 乙", 24, 1),
    ]  # fmt: skip
    assert (found.count, found.earlier, found.later) == (2, False, False)
    assert titles(queues.waiting_page(session_for(cast.administrator(3)), HOURS, Place())) == []
    assert titles(queues.every_page(session_for(cast.administrator(3)), HOURS, Place())) == [
        "张丽 · 乙",
        "张丽 · 甲",
    ]
    assert titles(queues.every_page(session_for(cast.administrator(6)), HOURS, Place())) == []


def test_a_narrowed_queue_is_counted_behind_its_page(session_for, cast, owner):
    at_the_last_step(owner, declared(session_for(cast.professional(1))), 29)
    city = session_for(cast.administrator(2))
    conferences = Filter("hours", equals={"form": "conference"})
    first = queues.waiting_page(city, conferences, Place(size=25))
    assert (len(first.lines), first.count, first.capped, first.later) == (25, 25, True, True)
    assert queues.number(city, "waiting", conferences) == 30
    last = queues.waiting_page(city, conferences, Place(size=25, after=first.lines[-1].key))
    assert (len(last.lines), last.count, last.capped) == (5, 25, True)
    whole = queues.waiting_page(city, conferences, Place(size=30))
    assert (whole.count, whole.capped) == (30, False)
    assert queues.number(city, "waiting", Filter("hours", words="nobody")) == 0


@pytest.mark.usefixtures("two")
def test_the_number_of_the_home_page_is_the_length_of_the_list(liu, session_for, cast):
    assert [(line.kind, line.count, line.overdue) for line in todo(liu)] == [
        ("hours", 2, 0),
        ("employer_registration", 0, 0),
        ("identity_change", 0, 0),
        ("organization_change", 0, 0),
        ("parent_change", 0, 0),
        ("person_change", 0, 0),
        ("person_registration", 0, 0),
        ("transfer", 0, 0),
    ]
    approve(liu, 1)
    assert todo(liu)[0].count == queues.waiting_page(liu, HOURS, Place()).count == 1
    department = session_for(cast.administrator(3))
    assert todo(department)[0].count == queues.waiting_page(department, HOURS, Place()).count == 1


@pytest.mark.usefixtures("two")
def test_what_waits_for_more_than_five_working_days_is_overdue(liu):
    with clock.fixed(datetime(2026, 11, 27, 15, 0, tzinfo=UTC)):
        assert (todo(liu)[0].count, todo(liu)[0].overdue) == (2, 0)
    with clock.fixed(datetime(2026, 11, 27, 16, 0, tzinfo=UTC)):  # 28 November in China
        assert (todo(liu)[0].count, todo(liu)[0].overdue) == (2, 2)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("organization", [1, 2, 3, 4])
def test_the_frame_of_a_page_counts_as_the_queue_does(session_for, cast, organization):
    session = session_for(cast.administrator(organization))
    epoch = session.scalar(text("SELECT epoch FROM ab_user WHERE id = :id"), {"id": organization})
    with clock.fixed(datetime(2026, 11, 29, 16, 0, tzinfo=UTC)):
        approve(session_for(cast.administrator(4, 21)), 1)
        token = sessions.start(session, organization, epoch, organization, address="127.0.0.1", hours=12)
        who = sessions.resolve(session, token, kinds=tuple(KINDS))
        assert todo(session, who.waiting) == todo(session)
        assert who.waiting["hours"] == {3: (1, 0), 4: (1, 1)}.get(organization, (0, 0))


def test_a_professional_has_nothing_to_review(session_for, cast):
    zhang = session_for(cast.professional(1))
    assert todo(zhang) == []
    with pytest.raises(Forbidden):
        queues.waiting_page(zhang, HOURS, Place())


@pytest.mark.usefixtures("two")
def test_the_verdicts_of_this_organization_are_listed_with_what_became_of_them(liu, session_for, cast):
    approve(liu, 1)
    reject(liu, 2)

    found = queues.reviewed_page(liu, HOURS, Place())
    assert [(line.review.title, line.verdict, line.review.state) for line in found.lines] == [
        ("张丽 · 乙", "reject", "rejected"), ("张丽 · 甲", "approve", "open"),
    ]  # fmt: skip
    assert titles(queues.reviewed_page(session_for(cast.administrator(3)), HOURS, Place())) == []
    assert titles(queues.reviewed_page(liu, Filter("hours", words="甲"), Place())) == ["张丽 · 甲"]


def test_pages_follow_one_another_in_both_directions(session_for, cast, owner):
    at_the_last_step(owner, declared(session_for(cast.professional(1))), 6)
    office = session_for(cast.administrator(2))

    def page(**place) -> tuple[list[int], bool, bool]:
        found = queues.waiting_page(office, HOURS, Place(size=3, **place))
        return [line.key for line in found.lines], found.earlier, found.later

    first, _earlier, _later = page()
    second, earlier, later = page(after=first[-1])
    assert (len(first), len(second), earlier, later) == (3, 3, True, True)
    assert page(before=second[0]) == (first, False, True)
    third, earlier, later = page(after=second[-1])
    assert (len(third), earlier, later) == (1, True, False)
    assert page(last=True)[0] == [*second[1:], *third]
    assert queues.waiting_page(office, HOURS, Place(after=10**9, size=3)).lost
    assert page(after=10**9)[0] == first


@pytest.mark.usefixtures("two")
def test_one_goes_through_a_queue_one_by_one(liu, session_for, cast):
    declared(session_for(cast.professional(3)), conference("丙"))
    assert queues.neighbours(liu, HOURS, 2) == Neighbours(1, 3, 2)
    assert queues.neighbours(liu, HOURS, 1) == Neighbours(None, 2, 1)
    assert queues.neighbours(liu, Filter("hours", words="张丽"), 2) == Neighbours(1, None, 2)


@pytest.mark.usefixtures("two")
def test_dates_of_submission_are_days_in_china(liu):
    day = clock.today()
    assert titles(queues.waiting_page(liu, Filter("hours", since=day, until=day), Place())) == [
        "张丽 · 甲",
        "张丽 · 乙",
    ]
    assert titles(queues.waiting_page(liu, Filter("hours", since=day.replace(day=23)), Place())) == []
    assert titles(queues.waiting_page(liu, Filter("hours", until=day.replace(day=21)), Place())) == []
    assert len(titles(queues.waiting_page(liu, Filter("hours", until=day.max), Place()))) == 2
