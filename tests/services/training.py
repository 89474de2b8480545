"""What the tests of plans and classes have in common: who plans, who files, what time it is in the class."""

from contextlib import contextmanager
from datetime import UTC, datetime

from app.database import clock
from app.models.review import Review
from app.services import attendances, classes, plans, rosters
from tests.services.reviewing import approve, photograph

PLAN = {
    "title": "护理急救能力提升",
    "year": "2026",
    "subject": "professional",
    "form": "training_class",
    "audience": "全院护士",
    "classes": "2",
    "hours": "16",
    "program": "心肺复苏、气道管理",
}
CLASS = {
    "title": "护理急救第一期",
    "first_day": "2026-11-23",
    "last_day": "2026-11-24",
    "parts": "ap",
    "place": "教学楼三楼",
    "teachers": "刘教授",
    "capacity": "30",
    "enrolment": "picked",
}
HALF_DAYS = ["2026-11-23a", "2026-11-23p", "2026-11-24a", "2026-11-24p"]


@contextmanager
def at(day: int, hour: int, minute: int = 0):
    """It is so late on a day of November 2026, in China's time (hours from 8 on)."""
    with clock.fixed(datetime(2026, 11, day, hour - 8, minute, tzinfo=UTC)):
        yield


def declared(session, **changed):
    return plans.declare(session, PLAN | changed)


def filed(session_for, cast, unit=None, above=3, **changed):
    """A plan of the hospital (or of another unit), filed by the department above."""
    plan = declared(session_for(unit or cast.administrator(4, 21)), **changed)
    session = session_for(cast.administrator(above))
    approve(session, session.query(Review).filter_by(subject="training_plan", subject_id=plan.id).one().id)
    return plan


def made(session_for, cast, unit=None, people=(1, 2), plan=None, **changed):
    """A class of a filed plan, with these people on its list."""
    plan = plan or filed(session_for, cast, unit)
    session = session_for(unit or cast.administrator(4, 21))
    found = classes.make(session, plan.id, CLASS | changed)
    if people:
        rosters.pick(session, found.id, people)
    return found


def attended(session, found, **there):
    """`person_1=4`: that person was there on the first four half days; told when all of them are over."""
    members = {each.person_id: each.id for each in attendances.members(session, found.id)}
    marks = {
        (members[int(who.removeprefix("person_"))], half_day): True
        for who, many in there.items()
        for half_day in found.half_days[:many]
    }
    attendances.tick(session, found.id, marks)


def sent(session_for, cast, unit=None, **there):
    """A class that has ended and was declared, and its review."""
    there = there or {"person_1": 4, "person_2": 2}
    found = made(session_for, cast, unit, people=[int(each.removeprefix("person_")) for each in there])
    session = session_for(unit or cast.administrator(4, 21))
    with at(25, 9):
        attended(session, found, **there)
        review = classes.send(session, found.id, [photograph("签到表.jpg")])
    return found, review
