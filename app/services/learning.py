"""Courses for those who take them (LRN-01, LRN-02, LRN-04): the catalogue, one course, beginning it.

Nothing is paid for any course: every published one is open to every professional of the province.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.learning import Learning
from app.declare.province import province
from app.declare.rules import open_years
from app.declare.words import _
from app.models.enrolment import Enrolment
from app.models.lesson_progress import LessonProgress
from app.models.person import Person
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import Forbidden, reach, require
from app.services.errors import NotEligible, NotFound

PAGE = 20
OVER = _("This course counts for no year any more that hours can still be written to.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody looks for in the catalogue; '' and 0 ask nothing. `before` is the last course seen."""

    subject: str = ""
    year: int = 0
    series: str = ""
    project: str = ""
    words: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """One page of the catalogue, the latest first; `more` says whether there are older ones."""

    courses: Sequence[Row[Any]]
    more: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A lesson as its learner sees it: how many seconds of it count, where he goes on, if it is done."""

    lesson: Row[Any]
    seconds: int = 0
    place: int = 0
    finished: bool = False

    @property
    def share(self) -> int:
        """How much of what is needed has been watched, in per cent, rounded down."""
        return 100 if self.finished else min(99, 100 * self.seconds // needed(self.lesson.seconds))


@dataclass(frozen=True, slots=True)
class Taken:
    """A course with its lessons and, where somebody has begun it, how far he is."""

    course: Row[Any]
    parts: Sequence[Part]
    enrolment: Enrolment | None

    @property
    def watched(self) -> bool:
        """Whether all lessons are finished."""
        return bool(self.parts) and all(part.finished for part in self.parts)

    @property
    def following(self) -> Part | None:
        """The lesson at which one goes on."""
        return next((part for part in self.parts if not part.finished), None)


def settings() -> Learning:
    """How the province wants learning to be. Raises NotEligible where it has no courses."""
    found = province().learning
    if found is None:
        raise NotEligible
    return found


def needed(length: int) -> int:
    """The seconds of a lesson of this length that must be watched, at least one."""
    return max(1, -(-length * settings().watched // 100))


def catalogue(session: Session, wanted: Wanted) -> Offered:
    """One page of what is published."""
    found = doors.courses(
        session,
        subject=wanted.subject,
        year=wanted.year,
        series=wanted.series,
        project=wanted.project,
        words=wanted.words.strip(),
        before=wanted.before,
        most=PAGE + 1,
    )
    return Offered(found[:PAGE], len(found) > PAGE)


def taken(session: Session, course_id: int) -> Taken:
    """A course as the acting person sees it. Raises NotFound.

    Who has begun an earlier edition is shown that one, by the address of any.
    """
    course = doors.course(session, course_id)
    if course is None:
        raise NotFound
    enrolment = session.scalar(
        select(Enrolment).where(
            Enrolment.person_id == actor_of(session).person_id, Enrolment.root_id == course.root_id
        )
    )
    if enrolment is not None and enrolment.course_id != course.id:
        course = doors.course(session, enrolment.course_id)
        if course is None:
            raise NotFound
    parts = _parts(doors.lessons(session, course.id), _progress(session, enrolment))
    return Taken(course, parts, enrolment)


def own(session: Session) -> Sequence[Taken]:
    """What the acting person has begun, the latest first."""
    mine = select(Enrolment.course_id).where(Enrolment.person_id == actor_of(session).person_id)
    begun = session.scalars(mine.order_by(Enrolment.id.desc()).limit(PAGE)).all()
    return [taken(session, each) for each in begun]


def begin(session: Session, course_id: int) -> Enrolment:
    """Begin a course, once; whoever has begun it goes on. Raises NotFound, Forbidden, NotEligible."""
    actor = actor_of(session)
    if actor.person_id is None or not actor.may("enrolment.create"):
        raise Forbidden("enrolment.create")
    with transaction(session):
        found = taken(session, course_id)
        if found.enrolment is not None:
            return found.enrolment
        if year_of(found.course, clock.today()) is None:
            raise NotEligible(OVER)
        person = session.get_one(Person, actor.person_id)
        key = session.scalar(
            insert(Enrolment)
            .values(
                organization_id=person.organization_id,
                person_id=person.id,
                course_id=found.course.id,
                root_id=found.course.root_id,
                begun_at=clock.now(),
            )
            .on_conflict_do_nothing(constraint="uq_enrolment_once")
            .returning(Enrolment.id)
        )
        if key is None:  # pressed twice at once
            return taken(session, course_id).enrolment or _lost()
        made = session.get_one(Enrolment, key)
        require(session, reach(actor, "create", Enrolment), made)
        audit.record_on(session, "enrol", made, after={"course": found.course.title})
    return made


def year_of(course: Any, today: date) -> int | None:
    """The year that the hours of a course are written to if it is passed today; None if there is none.

    It is the present year, or the last one of the course for as long as that can still be declared for.
    """
    if course.year_from <= today.year <= course.year_to:
        return today.year
    late = course.year_to < today.year and course.year_to in open_years(province(), today)
    return int(course.year_to) if late else None


def _progress(session: Session, enrolment: Enrolment | None) -> Mapping[int, LessonProgress]:
    if enrolment is None:
        return {}
    found = session.scalars(
        select(LessonProgress)
        .where(LessonProgress.enrolment_id == enrolment.id)
        .execution_options(populate_existing=True)
    )
    return {each.lesson_id: each for each in found}


def _parts(lessons: Sequence[Row[Any]], progress: Mapping[int, LessonProgress]) -> list[Part]:
    return [
        Part(lesson, held.seconds, held.place, held.finished_at is not None)
        if (held := progress.get(lesson.id)) is not None
        else Part(lesson)
        for lesson in lessons
    ]


def _lost() -> Enrolment:
    raise NotFound
