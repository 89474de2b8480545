"""Tests of courses (LRN-01): drawn from the bank by a seed, handed in once, and what passing brings.

Passing writes the hours in the same transaction, once for a person and a course, whatever the edition.
"""

import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.database import SHANGHAI, clock, transaction
from app.declare.computed import plain
from app.declare.words import _
from app.models.attempt import Attempt
from app.models.enrolment import Enrolment
from app.security import audit, doors
from app.services import crediting, learning, records
from app.services.crediting import Earned
from app.services.errors import NotEligible, NotFound
from app.services.learning import Taken

GRACE = timedelta(seconds=60)
"""So long after its time a try is still taken: what was sent in time may travel a while."""

PASSED = _("You have passed this course already.")
WATCH_FIRST = _("The test opens when all lessons are finished.")
TOMORROW = _("You have used all %(tries)d tries of today. Tomorrow there are new ones.")
EMPTY = _("There are no questions for this test at present. Please ask the organization of the course.")


@dataclass(frozen=True, slots=True)
class Try:
    """One try with its questions. `given` are the letters chosen, by question; none while it is open.

    `revealed` says whether the right answers may be shown.
    """

    attempt: Attempt
    questions: Sequence[Row[Any]]
    course: Row[Any]
    revealed: bool

    @property
    def given(self) -> Mapping[int, str]:
        """What was answered."""
        return {int(key): letters for key, letters in (self.attempt.answers or {}).items()}


def begin(session: Session, course_id: int) -> Attempt:
    """Draw a test, or go on with the one that is open. Raises NotFound, NotEligible."""
    with transaction(session):
        found = learning.taken(session, course_id)
        enrolment = _locked(session, found)
        going = _open_one(session, enrolment.id)
        if going is not None and not _late(going):
            return going
        if going is not None:
            _close(session, found, enrolment, going, {})
        _require_open(session, found, enrolment)
        pool = doors.pool(session, found.course.id)
        if not pool:
            raise NotEligible(EMPTY)
        seed, now = secrets.randbits(62), clock.now()
        made = Attempt(
            enrolment_id=enrolment.id,
            number=1 + len(attempts(session, enrolment.id)),
            seed=seed,
            questions=drawn(pool, found.course.drawn, seed),
            opened_at=now,
            due_at=now + timedelta(minutes=found.course.minutes) if found.course.minutes else None,
        )
        session.add(made)
        session.flush()
    return made


def drawn(pool: Sequence[int], many: int, seed: int) -> list[int]:
    """So many questions of a pool, or all of them: the same ones in the same order for the same seed."""
    return random.Random(seed).sample(sorted(pool), min(many, len(pool)))  # noqa: S311 # nosec B311 -- the seed is secret


def one(session: Session, attempt_id: int) -> Try:
    """One's own try. The right answers are in it: a page shows them only where `revealed` says so.

    Raises NotFound.
    """
    attempt = session.scalar(select(Attempt).where(Attempt.id == attempt_id))
    if attempt is None:
        raise NotFound
    enrolment = session.get_one(Enrolment, attempt.enrolment_id)
    course = doors.course(session, enrolment.course_id)
    if course is None:
        raise NotFound
    shown = learning.settings().answers
    revealed = attempt.handed_in_at is not None and (
        shown == "handed_in" or (shown == "passed" and enrolment.state == "passed")
    )
    return Try(attempt, doors.asked(session, attempt_id), course, revealed)


def hand_in(session: Session, attempt_id: int, answers: Mapping[int, str]) -> Attempt:
    """Hand in a try; once it is, another time changes nothing. `answers` are letters by question.

    What comes after the time limit counts as not answered. Raises NotFound.
    """
    with transaction(session):
        attempt = session.scalar(select(Attempt).where(Attempt.id == attempt_id))
        if attempt is None:
            raise NotFound
        course_id = session.get_one(Enrolment, attempt.enrolment_id).course_id
        found = learning.taken(session, course_id)
        enrolment = _locked(session, found)
        session.refresh(attempt)
        if attempt.handed_in_at is None:
            _close(session, found, enrolment, attempt, {} if _late(attempt) else answers)
    return attempt


def attempts(session: Session, enrolment_id: int) -> Sequence[Attempt]:
    """All tries of one who takes a course, the first one first."""
    return session.scalars(
        select(Attempt).where(Attempt.enrolment_id == enrolment_id).order_by(Attempt.number)
    ).all()


def left_today(session: Session, found: Taken) -> int:
    """How many more tries somebody has today."""
    if found.enrolment is None:
        return int(found.course.tries)
    day = func.date(func.timezone(str(SHANGHAI), Attempt.opened_at))
    used = session.scalar(
        select(func.count())
        .select_from(Attempt)
        .where(Attempt.enrolment_id == found.enrolment.id, day == clock.today())
    )
    return max(0, found.course.tries - (used or 0))


def _require_open(session: Session, found: Taken, enrolment: Enrolment) -> None:
    if enrolment.state == "passed":
        raise NotEligible(PASSED)
    if not found.watched:
        raise NotEligible(WATCH_FIRST)
    if learning.year_of(found.course, clock.today()) is None:
        raise NotEligible(learning.OVER)
    if not left_today(session, found):
        raise NotEligible(TOMORROW, tries=found.course.tries)


def _close(
    session: Session, found: Taken, enrolment: Enrolment, attempt: Attempt, answers: Mapping[int, str]
) -> None:
    """Give a try its mark; the first that passes writes the hours."""
    questions = doors.asked(session, attempt.id)
    given = {each.id: _letters(answers.get(each.id, "")) for each in questions}
    attempt.answers = {str(key): letters for key, letters in given.items()}
    attempt.handed_in_at = clock.now()
    attempt.mark = mark(questions, given)
    attempt.passed = attempt.mark >= found.course.pass_mark
    session.flush()
    if attempt.passed and enrolment.state != "passed":
        _credit(session, found, enrolment)


def mark(questions: Sequence[Any], given: Mapping[int, str]) -> int:
    """The share of the points in per cent, rounded down; a question counts whole or not at all."""
    most = sum(each.points for each in questions)
    reached = sum(each.points for each in questions if given.get(each.id) == each.answers)
    return 100 * reached // most if most else 0


def _credit(session: Session, found: Taken, enrolment: Enrolment) -> None:
    course = found.course
    year = learning.year_of(course, clock.today())
    if year is None:
        raise NotEligible(learning.OVER)
    enrolment.state, enrolment.passed_at, enrolment.year = "passed", clock.now(), year
    session.flush()
    audit.record_on(session, "pass", enrolment, after={"course": course.title, "year": year})
    earned = Earned(
        origin_id=enrolment.id,
        person_id=enrolment.person_id,
        year=year,
        subject=course.subject,
        form=course.form,
        hours=course.hours,
        title=course.title,
        values={"title": course.title, "hours": plain(course.hours), "organizer": course.organization},
    )
    crediting.credit(session, Enrolment, [earned])


def _locked(session: Session, found: Taken) -> Enrolment:
    """The enrolment, held: two tries at once wait for each other."""
    if found.enrolment is None:
        raise NotFound
    return records.locked(session, Enrolment, found.enrolment.id)


def _open_one(session: Session, enrolment_id: int) -> Attempt | None:
    return session.scalar(
        select(Attempt).where(Attempt.enrolment_id == enrolment_id, Attempt.handed_in_at.is_(None))
    )


def _late(attempt: Attempt) -> bool:
    return attempt.due_at is not None and clock.now() > attempt.due_at + GRACE


def _letters(chosen: str) -> str:
    return "".join(sorted({letter for letter in chosen.upper() if letter.isalpha()}))
