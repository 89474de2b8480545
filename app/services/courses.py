"""Courses for those who make them: sending one into review, closing it, a new edition of it.

A published course stays as it is: who has begun it is examined on what he has watched. Whoever wants to
change it makes a new edition, which takes its place when it is published (decision 0018).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.computed import plain
from app.declare.invalid import Invalid
from app.declare.province import province
from app.declare.words import _
from app.models.course import WRITABLE, Course
from app.models.lesson import Lesson
from app.models.question import Question
from app.models.review import Review
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import reach, require
from app.services import records
from app.services.errors import Faulty, NotEligible, NotFound
from app.services.selection import among

NOUN = Course.__tablename__
LESSON_OF_ACCOUNT = 45 * 60
"""Seconds of one hour of account at least (RUL-02)."""

NO_LESSONS = _("A course needs at least one lesson.")
NO_BANK = _("A course needs a test: choose the question bank it is drawn from.")
FEW_QUESTIONS = _("The test has %(drawn)d questions, and the bank holds only %(held)d.")
TOO_SHORT = _("The lessons last %(minutes)d minutes; %(hours)s hours take at least %(least)d.")
WRONG_SUBJECT = _("This learning form does not count to this subject.")
NOT_NOW = _("Only a draft or a rejected course can be changed. Make a new edition of a published one.")
BEGUN = _("Professionals have begun this course already. Close it instead.")
ONE_DRAFT = _("A new edition of this course is being made already.")


@dataclass(frozen=True, slots=True)
class Learners:
    """How many take a course, and how many have passed it."""

    learning: int = 0
    passed: int = 0


def offered() -> bool:
    """Whether the province has courses."""
    return province().learning is not None and NOUN in province().reviews


def one(session: Session, key: int | None) -> Course:
    """A course of those whom one sees to. Raises NotFound."""
    found = session.get(Course, key) if key is not None else None
    if found is None:
        raise NotFound
    return found


def lessons(session: Session, course: Course) -> Sequence[Lesson]:
    """The lessons of a course, in their order."""
    return session.scalars(
        select(Lesson).where(Lesson.course_id == course.id).order_by(Lesson.position, Lesson.id)
    ).all()


def learners(session: Session, course: Course) -> Learners:
    """How many have begun and passed it."""
    found = doors.learners(session, [course.id]).get(course.id)
    return Learners(found.learning, found.passed) if found is not None else Learners()


def lacking(session: Session, course: Course) -> Mapping[str, list[Any]]:
    """What a course still lacks before it can be published, by field; `lessons` for its lessons."""
    wrong: dict[str, list[Any]] = {}
    form = province().form(course.form)
    if form is None or course.subject not in form.subjects:
        wrong["form"] = [WRONG_SUBJECT]
    seconds = sum(lesson.seconds for lesson in lessons(session, course))
    least = int(course.hours * LESSON_OF_ACCOUNT)
    if not seconds:
        wrong["lessons"] = [NO_LESSONS]
    elif seconds < least:
        words = {"minutes": seconds // 60, "hours": plain(course.hours), "least": -(-least // 60)}
        wrong["hours"] = [Invalid(TOO_SHORT, **words)]
    held = _questions(session, course)
    if course.bank_id is None:
        wrong["bank_id"] = [NO_BANK]
    elif held < course.drawn:
        wrong["drawn"] = [Invalid(FEW_QUESTIONS, drawn=course.drawn, held=held)]
    return wrong


def submit(session: Session, course_id: int) -> Review:
    """Send a course into review. Raises Faulty with what it lacks, NotFound, Forbidden, NotEligible."""
    from app.services import reviews  # noqa: PLC0415 -- reviews run effects, and effects publish courses

    if not offered():
        raise NotEligible
    with transaction(session):
        course = editable(session, course_id, "publish")
        if wrong := lacking(session, course):
            raise Faulty(wrong)
        return reviews.submit(session, NOUN, course, title=course.title, measure=course.hours)


def close(session: Session, course_id: int) -> Course:
    """Offer a course no more; whoever has begun it may finish it. Raises NotFound, Forbidden."""
    with transaction(session):
        course = records.locked(session, Course, course_id)
        require(session, reach(actor_of(session), "withdraw", Course), course)
        course.state = "closed"
        session.flush()
        audit.record_on(session, "withdraw", course)
    return course


def revise(session: Session, course_id: int) -> Course:
    """A new edition of a published or closed course, as a draft with the same lessons.

    Raises NotFound, Forbidden, NotEligible where one is being made or nothing was published yet.
    """
    with transaction(session):
        old = records.locked(session, Course, course_id)
        if old.state not in {"published", "closed"}:
            raise NotEligible
        root = old.root_id or old.id
        family = select(Course).where((Course.root_id == root) | (Course.id == root))
        editions = session.scalars(family).all()
        if any(each.state not in {"published", "closed"} for each in editions):
            raise NotEligible(ONE_DRAFT)
        kept = {key: getattr(old, key) for key in COPIED}
        number = max(each.edition for each in editions) + 1
        made = Course(
            **kept, organization_id=old.organization_id, root_id=root, edition=number, state="draft"
        )
        session.add(made)
        session.flush()
        require(session, reach(actor_of(session), "create", Course), made)
        for lesson in lessons(session, old):
            words = {key: getattr(lesson, key) for key in COPIED_OF_LESSONS}
            session.add(Lesson(course_id=made.id, **words))
        session.flush()
        audit.record_on(session, "create", made, after={"title": made.title, "edition": made.edition})
    return made


COPIED = (
    "title", "subject", "form", "project", "title_series", "hours", "year_from", "year_to", "about",
    "bank_id", "drawn", "pass_mark", "tries", "minutes",
)  # fmt: skip
COPIED_OF_LESSONS = (
    "position", "title", "kind", "seconds", "file", "media_type", "size", "body", "captions",
)  # fmt: skip


def editable(session: Session, course_id: int, action: str = "update") -> Course:
    """A course that the actor may change now, held. Raises NotFound, NotEligible, Forbidden."""
    course = records.locked(session, Course, course_id)
    if course.state not in WRITABLE:
        raise NotEligible(NOT_NOW)
    require(session, reach(actor_of(session), action, Course), course)
    return course


def objections(session: Session, asked: Sequence[Row[Any]]) -> Mapping[int, Any]:
    """Why some courses cannot be published, by the review's id: their bank or lessons have changed since."""
    found = {}
    by_id = {each.subject_id: each.id for each in asked}
    for course in session.scalars(select(Course).where(Course.id == among(sorted(by_id)))):
        if wrong := lacking(session, course):
            found[by_id[course.id]] = next(iter(wrong.values()))[0]
    return found


def publish(session: Session, approved: Sequence[Row[Any]]) -> None:
    """Let professionals begin these courses from now on; an earlier edition of the same is closed."""
    for course in _held(session, approved):
        course.published_at = clock.now()
        if course.root_id is not None:
            root = course.root_id
            for earlier in session.scalars(
                select(Course).where(
                    (Course.root_id == root) | (Course.id == root),
                    Course.id != course.id,
                    Course.state == "published",
                )
            ):
                earlier.state = "closed"
                audit.record_on(session, "withdraw", earlier)
    session.flush()


def bound(session: Session, ended: Sequence[Row[Any]]) -> Mapping[int, Any]:
    """Why the publication of some of these cannot be revoked: somebody has begun the course."""
    approved = {each.subject_id: each.id for each in ended if each.state == "approved"}
    begun = doors.learners(session, sorted(approved)) if approved else {}
    return {approved[key]: BEGUN for key in begun if key in approved}


def unpublish(session: Session, approved: Sequence[Row[Any]]) -> None:
    """Take these courses out of the catalogue. Raises NotEligible where somebody has begun one meanwhile."""
    for course in _held(session, approved):
        course.published_at = None
    session.flush()
    if bound(session, approved):
        raise NotEligible(BEGUN)


def _held(session: Session, asked: Sequence[Row[Any]]) -> Sequence[Course]:
    wanted = among(sorted(each.subject_id for each in asked))
    return session.scalars(
        select(Course)
        .where(Course.id == wanted)
        .order_by(Course.id)
        .with_for_update(of=Course)
        .execution_options(populate_existing=True)
    ).all()


def _questions(session: Session, course: Course) -> int:
    """How many questions the bank has. A reviewer above sees the bank too: it stands below him."""
    if course.bank_id is None:
        return 0
    asked = select(func.count()).select_from(Question)
    in_use = (Question.bank_id == course.bank_id, Question.retired_at.is_(None))
    return session.scalar(asked.where(*in_use)) or 0
