"""What somebody has really watched: kept by the server, by its own clock (decision 0018).

A player is opened and gets a token. It reports from which second of the lesson to which it has played, each
report with the next number. Of a report counts at most what has passed since the person's time was last
spent, in whatever course or window: two windows together gain no more than one, no speed gains more than
1x, a leap counts nothing, and a report that comes twice counts once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.words import _
from app.models.enrolment import Enrolment
from app.models.lesson_progress import LessonProgress
from app.security.actor import actor_of
from app.services import learning
from app.services.errors import NotFound, Stale

SLACK = timedelta(seconds=30)
"""So much of the time that has passed may still be spent by a later report: networks are not even."""

LONGEST = 90
"""Seconds that one report can count: players report every quarter of a minute."""

ELSEWHERE = _("This lesson was opened once more, in another window or on another device. It goes on there.")

COUNTED = text("""
UPDATE lesson_progress SET watched = now_watched, seconds = now_seconds, sequence = :sequence, place = :place,
    finished_at = CASE WHEN finished_at IS NULL AND now_seconds >= :needed THEN :moment ELSE finished_at END
FROM (SELECT w.id AS which, w.now_watched, (
        SELECT coalesce(sum(upper(part) - lower(part)), 0) FROM unnest(w.now_watched) part) AS now_seconds
    FROM (SELECT id, watched + int4multirange(int4range(:first, :last)) AS now_watched
        FROM lesson_progress WHERE id = :id) w) counted
WHERE id = which RETURNING seconds, finished_at IS NOT NULL AS finished
""")


@dataclass(frozen=True, slots=True)
class Player:
    """An opened player: its token, where it goes on, and how far the lesson is (unit: s)."""

    token: UUID
    place: int
    seconds: int
    needed: int
    finished: bool


@dataclass(frozen=True, slots=True)
class Report:
    """From which second of a lesson to which a player has played since its last report."""

    token: UUID
    sequence: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How many seconds of a lesson count by now, of how many that are needed."""

    seconds: int
    needed: int
    finished: bool


def open_player(session: Session, course_id: int, lesson_id: int) -> Player:
    """Open a lesson of a course that one has begun; whatever player had it open counts no more.

    Raises NotFound.
    """
    with transaction(session):
        found = learning.taken(session, course_id)
        part = next((each for each in found.parts if each.lesson.id == lesson_id), None)
        if part is None or found.enrolment is None:
            raise NotFound
        token = uuid4()
        words = {"token": token, "sequence": 0, "opened_at": clock.now()}
        held = insert(LessonProgress).values(
            enrolment_id=found.enrolment.id, lesson_id=lesson_id, length=part.lesson.seconds, **words
        )
        session.execute(held.on_conflict_do_update(constraint="uq_lesson_progress_once", set_=words))
    needed = learning.needed(part.lesson.seconds)
    return Player(token, part.place, part.seconds, needed, part.finished)


def report(session: Session, said: Report) -> Counted:
    """Count what of a report can be true. Raises Stale if the lesson was opened elsewhere meanwhile."""
    person = actor_of(session).person_id
    if person is None:
        raise NotFound
    with transaction(session):
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("watching", person))))
        held = session.scalar(
            select(LessonProgress)
            .where(LessonProgress.token == said.token)
            .execution_options(populate_existing=True)
        )
        if held is None:
            raise Stale(ELSEWHERE)
        needed = learning.needed(held.length)
        if said.sequence <= held.sequence:
            return Counted(held.seconds, needed, held.finished_at is not None)
        first, last = sorted(min(max(0, second), held.length) for second in (said.first, said.last))
        granted = _spend(session, person, held, last - first)
        words = {"id": held.id, "sequence": said.sequence, "place": last % held.length, "needed": needed}
        words |= {"first": first, "last": first + granted, "moment": clock.now()}
        row = session.execute(COUNTED, words).one()
        session.expire(held)
    return Counted(row.seconds, needed, row.finished)


def _spend(session: Session, person: int, held: LessonProgress, claimed: int) -> int:
    """How many of the claimed seconds have really passed; they are spent then. The person is locked."""
    now = clock.now()
    latest = session.scalar(select(func.max(Enrolment.counted_until)).where(Enrolment.person_id == person))
    since = max(held.opened_at, latest or held.opened_at)
    granted = max(0, min(claimed, LONGEST, int((now - since).total_seconds())))
    _keep(session, held.enrolment_id, max(since + timedelta(seconds=granted), now - SLACK))
    return granted


def _keep(session: Session, enrolment_id: int, moment: datetime) -> None:
    spent: Any = update(Enrolment).where(Enrolment.id == enrolment_id).values(counted_until=moment)
    session.execute(spent.execution_options(synchronize_session=False))
