"""What the tests of courses have in common: a course with its lessons and its test, and who learns."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.database import clock
from app.models.course import Course
from app.models.question_bank import QuestionBank
from app.models.review import Review
from app.services import courses, exams, learning, lessons, questions, records, reviews, watching
from app.services.selection import Ids
from app.services.watching import Report
from tests.services.reviewing import NOW

STEP = watching.LONGEST
FACTS = ("地球绕太阳转", "水的沸点随气压变化", "光速是有限的", "血液由心脏推动", "铁会生锈")


def filled_bank(session: Session, title: str = "公需科目题库") -> QuestionBank:
    """A bank with five judgements that are all true."""
    bank = records.create(session, QuestionBank(title=title))
    asked = [{"kind": "judgement", "body": fact, "answers": "正确", "points": "2"} for fact in FACTS]
    questions.keep(session, bank, [questions.read(each) for each in asked])
    session.commit()
    return bank


def drafted(session: Session, bank: QuestionBank | None = None, **words: Any) -> Course:
    """A course of one hour with one page of 45 minutes, as a draft."""
    known = {
        "title": "职业道德与法治", "subject": "public", "form": "platform_course", "hours": Decimal(1),
        "year_from": 2026, "year_to": 2026, "drawn": 5, "pass_mark": 60, "tries": 3,
        "bank_id": bank.id if bank is not None else None,
    }  # fmt: skip
    course = records.create(session, Course(**known | words))
    page = {"title": "第一课", "kind": "page", "body": "## 诚信\n\n守信为本。", "minutes": "45"}
    lessons.add(session, course.id, page)
    return course


def published(session: Session, province: Session, **words: Any) -> Course:
    """The same, approved by the province's office."""
    course = drafted(session, filled_bank(session), **words)
    review = courses.submit(session, course.id)
    approve(province, review.id)
    session.expire_all()
    return course


def approve(session: Session, review_id: int) -> None:
    review = session.get_one(Review, review_id, populate_existing=True)
    reviews.decide(session, Ids(((review.id, review.version),)), "approve")


@contextmanager
def at(seconds: float, since: datetime = NOW) -> Iterator[None]:
    """It is so many seconds later."""
    with clock.fixed(since + timedelta(seconds=seconds)):
        yield


def watch(session: Session, course_id: int, begin: float = 0) -> None:
    """Watch every lesson to its end, in real time from a moment on."""
    for part in learning.taken(session, course_id).parts:
        with at(begin):
            token = watching.open_player(session, course_id, part.lesson.id).token
        for number, first in enumerate(range(0, part.lesson.seconds, STEP), start=1):
            last = min(first + STEP, part.lesson.seconds)
            with at(begin + last):
                watching.report(session, Report(token, number, first, last))
        begin += part.lesson.seconds


def answered(session: Session, attempt_id: int, right: int) -> exams.Attempt:
    """Hand in a try with so many right answers; the rest is wrong."""
    asked = exams.one(session, attempt_id).questions
    given = {each.id: "A" if number < right else "B" for number, each in enumerate(asked)}
    return exams.hand_in(session, attempt_id, given)
