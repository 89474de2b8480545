"""Lessons of a course that is being made: added, put in order, taken away."""

from collections.abc import Mapping
from typing import IO, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.invalid import Invalid
from app.declare.words import _
from app.documents import lesson_file
from app.documents.refused import Refused
from app.models.lesson import KINDS, LONGEST, Lesson
from app.security import audit
from app.services import courses, learning, media
from app.services.errors import Faulty, NotFound
from app.services.reading import natural
from app.services.shelf import TooLarge

TITLE = 120
"""Characters of a lesson's title."""

HOURS = 12 * 60
"""Minutes that one lesson may last at most."""

CHOOSE = _("Please choose what kind of lesson it is.")
NO_TITLE = _("Please give the lesson a title.")
TOO_LONG = _("At most %(most)d characters fit here.")
NO_FILE = _("Please choose the file.")
NO_TEXT = _("Please write the text of this page.")
NO_LENGTH = _("Please say how many minutes reading takes: a whole number from 1 to %(most)d.")
NO_CAPTIONS = _("Captions begin with the line WEBVTT.")


def add(session: Session, course_id: int, typed: Mapping[str, Any], file: IO[bytes] | None = None) -> Lesson:
    """Add a lesson at the end. `typed` has title, kind, and body, minutes or captions as the kind asks it.

    A video says itself how long it lasts. Raises Faulty with what is wrong by field, NotFound, NotEligible.
    """
    words, kept = _read(typed, file), None
    try:
        with transaction(session):
            course = courses.editable(session, course_id)
            if file is not None and words["kind"] != "page":
                found = _inspected(file, words["kind"])
                kept = _kept(file)
                words |= {"file": kept.file, "size": kept.size, "media_type": found.media_type}
                words["seconds"] = found.seconds or words["seconds"]
            last = session.scalar(select(func.max(Lesson.position)).where(Lesson.course_id == course.id))
            made = Lesson(course_id=course.id, position=(last or 0) + 1, **words)
            session.add(made)
            session.flush()
            after = {"lesson": made.title, "seconds": made.seconds}
            audit.record_on(session, "update", course, after=after)
    except BaseException:
        if kept is not None:
            media.drop(kept.file)
        raise
    return made


def remove(session: Session, lesson_id: int) -> int:
    """Take a lesson away, and its file where no other edition has it; the course's id. Raises as `add`."""
    with transaction(session) as tx:
        lesson = _one(session, lesson_id)
        course = courses.editable(session, lesson.course_id)
        file, title = lesson.file, lesson.title
        session.delete(lesson)
        session.flush()
        audit.record_on(session, "update", course, before={"lesson": title})
        if file is not None and not session.scalar(select(func.count()).where(Lesson.file == file)):
            tx.after_commit(media.drop, file)
    return course.id


def earlier(session: Session, lesson_id: int) -> int:
    """Let a lesson stand one place earlier; the course's id. Raises as `add`."""
    with transaction(session):
        lesson = _one(session, lesson_id)
        course = courses.editable(session, lesson.course_id)
        order = list(courses.lessons(session, course))
        at = order.index(lesson)
        if at:
            order[at - 1], order[at] = order[at], order[at - 1]
        for position, each in enumerate(order, start=1):
            each.position = position
        session.flush()
    return course.id


def _one(session: Session, lesson_id: int) -> Lesson:
    found = session.get(Lesson, lesson_id)
    if found is None:
        raise NotFound
    return found


def _read(typed: Mapping[str, Any], file: IO[bytes] | None) -> dict[str, Any]:
    """The columns of a lesson, as its kind asks them. Raises Faulty with all that is wrong."""
    said = {
        key: str(typed.get(key) or "").strip() for key in ("title", "kind", "body", "captions", "minutes")
    }
    title, kind = " ".join(said["title"].split()), said["kind"]
    body = said["body"] if kind == "page" else ""
    captions = said["captions"] if kind == "video" else ""
    wrong: dict[str, list[Any]] = {}
    if not title:
        wrong["title"] = [NO_TITLE]
    elif len(title) > TITLE:
        wrong["title"] = [Invalid(TOO_LONG, most=TITLE)]
    if kind not in KINDS:
        wrong["kind"] = [CHOOSE]
    if kind in {"video", "pdf"} and file is None:
        wrong["file"] = [NO_FILE]
    wrong |= _texts(kind, body, captions)
    seconds = 0
    if kind in {"page", "pdf"}:
        minutes = natural(said["minutes"], HOURS) or 0
        seconds = max(60 * minutes, learning.settings().page_seconds)
        if not 1 <= minutes <= HOURS:
            wrong["minutes"] = [Invalid(NO_LENGTH, most=HOURS)]
    if wrong:
        raise Faulty(wrong)
    return {"title": title, "kind": kind, "seconds": seconds, "body": body, "captions": captions}


def _texts(kind: str, body: str, captions: str) -> dict[str, list[Any]]:
    wrong: dict[str, list[Any]] = {}
    if kind == "page" and not body:
        wrong["body"] = [NO_TEXT]
    elif len(body) > LONGEST:
        wrong["body"] = [Invalid(TOO_LONG, most=LONGEST)]
    if captions and not captions.startswith("WEBVTT"):
        wrong["captions"] = [NO_CAPTIONS]
    elif len(captions) > LONGEST:
        wrong["captions"] = [Invalid(TOO_LONG, most=LONGEST)]
    return wrong


def _inspected(file: IO[bytes], kind: str) -> lesson_file.Found:
    try:
        return lesson_file.inspect(file, kind)
    except Refused as refused:
        raise Faulty({"file": [refused]}) from refused


def _kept(file: IO[bytes]) -> media.Kept:
    try:
        return media.put(file)
    except TooLarge as large:
        raise Faulty({"file": [large]}) from large
