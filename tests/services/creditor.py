"""A process that lets hours of classes and courses count, takes them back, and is made to be killed.

`python -m tests.services.creditor <database> <seed> <deeds>` says `ready`; then `try approve 5` before it
approves review 5 (`revoke` of a review, `pass` of an enrolment), and `done` with the same words once that has
returned. After so many deeds it revokes no more, approves and passes what is left, and ends.
"""

import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

import app.models  # noqa: F401 -- services write to all of them
from app.database import clock, connect, sessions
from app.declare.profile_file import load
from app.declare.province import serve
from app.models.enrolment import Enrolment
from app.models.review import Review
from app.security import scope
from app.security.scope import set_actor
from app.services import exams, reviews, revoking
from app.services.selection import Ids
from config import PROVINCES
from tests.cast import Cast
from tests.services.approver import say
from tests.services.teaching import answered

LEARNERS = (1, 4)
"""Who takes courses, by person."""
PLACES = (3, 2)
"""Who decides: the health authority, then the city."""
LATER = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)

Deed = tuple[str, int, Callable[[Session], object]]


def approve(key: int, version: int) -> Callable[[Session], object]:
    return lambda session: reviews.decide(session, Ids(((key, version),)), "approve")


def revoke(key: int, version: int) -> Callable[[Session], object]:
    return lambda session: revoking.revoke(session, key, version, "签到表有误")


def take(course: int) -> Callable[[Session], object]:
    """All questions right."""
    return lambda session: answered(session, exams.begin(session, course).id, 5)


def possible(session: Session, *, place: int, ending: bool) -> list[Deed]:
    """What an office can decide, and of classes what it can undo."""
    asked = select(Review.id, Review.version, Review.state, Review.waiting_id).order_by(Review.id)
    found = session.execute(asked.where(Review.kind.in_(("class_hours", "hours")))).all()
    deeds: list[Deed] = [
        ("approve", each.id, approve(each.id, each.version))
        for each in found
        if each.state == "open" and each.waiting_id == place
    ]
    if place == PLACES[0] and not ending:
        classes = session.execute(asked.where(Review.kind == "class_hours", Review.state == "approved"))
        deeds += [("revoke", each.id, revoke(each.id, each.version)) for each in classes]
    return deeds


def to_pass(session: Session) -> list[Deed]:
    """The courses that somebody has still to pass."""
    begun = session.scalars(select(Enrolment).where(Enrolment.state == "learning"))
    return [("pass", each.id, take(each.course_id)) for each in begun]


def run(maker: sessionmaker[Session], chance: random.Random, deeds: int) -> None:
    """Do so many deeds of chance, then what is left."""
    cast, done = Cast(), 0
    while True:
        offices = partial(possible, ending=done >= deeds)
        some: list[Any] = [(cast.administrator(place), partial(offices, place=place)) for place in PLACES]
        some += [(cast.professional(each), to_pass) for each in LEARNERS]
        chance.shuffle(some)
        for actor, offered in some:
            with maker() as session:
                set_actor(session, actor)
                choices = offered(session)
                session.rollback()
                if not choices:
                    continue
                what, key, deed = chance.choice(choices)
                say(f"try {what} {key}")
                deed(session)
                say(f"done {what} {key}")
                done += 1
                break
        else:
            return


def main(url: str, seed: int, deeds: int) -> None:
    """Serve Hubei, some days after the classes."""
    scope.install()
    serve(load(PROVINCES / "hubei.toml"))
    say("ready")
    with clock.fixed(LATER):
        run(sessions(connect(url)), random.Random(seed), deeds)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
