"""A department with a hundred thousand professionals goes below another office, against the plain UPDATE.

The limit is the UPDATE of the same organisations and persons alone, as the owner, with triggers and indexes.
Ours is the whole last approval: every table that carries ancestors, the open reviews, trail and messages.
Both are rolled back. A reader asks for a page of the department's people all the while.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from threading import Event, Thread
from time import perf_counter

import psycopg
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.database import connect
from app.models.placed import ANCESTORS
from app.security.doors import moving
from app.security.scope import set_actor
from app.security.sessions import actor_for
from app.services import parent_changes, reviews
from app.services.selection import Ids
from benchmarks.ground import Ground, plain
from benchmarks.report import Line

GOAL = 6
WAIT_GOAL = 0.1
ROUNDS = 3
UNITS = 1_200
EACH = 100
"""Units of about so many are chosen: few are as large, so that they come to a hundred each."""

DEPARTMENT = """
SELECT o.id, o.parent_id FROM organization o JOIN organization p ON p.id = o.parent_id AND p.depth = 2
WHERE o.kind = 'authority' AND o.state = 'active'
ORDER BY (SELECT count(*) FROM organization u WHERE u.ancestor_3 = o.id), o.id LIMIT 1"""

TARGET = """
SELECT id FROM organization WHERE kind = 'hr_office' AND depth = 2 AND state = 'active' AND id <> %(old)s
ORDER BY id LIMIT 1"""

CHOSEN = """
SELECT o.id, o.parent_id FROM organization o
JOIN (SELECT organization_id, count(*) many FROM person GROUP BY 1) p ON p.organization_id = o.id
WHERE o.kind = 'employer' AND o.state = 'active' AND o.parent_id <> %(department)s
    AND NOT EXISTS (SELECT 1 FROM organization b WHERE b.parent_id = o.id)
ORDER BY abs(many - %(each)s), o.id LIMIT %(units)s"""

SIZE = """
SELECT (SELECT count(*) FROM organization WHERE ancestor_3 = %(department)s) - 1,
    (SELECT count(*) FROM person WHERE ancestor_3 = %(department)s)"""

POSTS = """
SELECT organization_id, id, account_id FROM appointment
WHERE organization_id = ANY (%(places)s) AND super AND ends_on IS NULL"""

READ = "SELECT id, name FROM person WHERE ancestor_3 = %(department)s ORDER BY id DESC LIMIT 25"


@dataclass(frozen=True, slots=True)
class Move:
    """What is moved, from where to where, how much that is, and the post and account that acts for each."""

    department: int
    old: int
    new: int
    units: int
    people: int
    posts: Mapping[int, tuple[int, int]]


def measured(ground: Ground, _product: Flask, _rounds: int) -> Iterator[Line]:
    """The last approval of a department's change of superior, and the longest that a reader waited."""
    engine = connect(ground.settings.database_url, timeout_ms=0)
    try:
        with _gathered(ground) as found:
            with _reading(ground, found) as alone:
                Event().wait(3)
            floor = [_limit(ground, found) for _ in range(ROUNDS)]
            with _reading(ground, found) as meanwhile:
                spent = [_ours(engine, found) for _ in range(ROUNDS)]
    finally:
        engine.dispose()
    size = f"{found.units:,} units, {found.people:,} persons; all {len(moving.placed()) + 1} tables in ours"
    yield Line(
        "moving a department ÷ UPDATE of its organisations and persons",
        median(spent) / median(floor),
        GOAL,
        size,
    )
    yield Line(
        "the longest wait of a reader ÷ the move",
        max(meanwhile) / median(spent),
        WAIT_GOAL,
        f"{len(meanwhile)} pages meanwhile, median {median(meanwhile) / median(alone):.1f} times that alone",
    )


@contextmanager
def _gathered(ground: Ground) -> Iterator[Move]:
    """A department with so many units and people below it; afterwards they stand where they stood."""
    with psycopg.connect(ground.owner, autocommit=True) as connection:
        department, old = connection.execute(DEPARTMENT).fetchone() or (0, 0)
        (new,) = connection.execute(TARGET, {"old": old}).fetchone() or (0,)
        words = {"department": department, "units": UNITS, "each": EACH}
        chosen = connection.execute(CHOSEN, words).fetchall()
        try:
            _put(connection, [(unit, department) for unit, _parent in chosen])
            units, people = connection.execute(SIZE, words).fetchone() or (0, 0)
            held = connection.execute(POSTS, {"places": [department, old, new]}).fetchall()
            posts = {place: (post, account) for place, post, account in held}
            yield Move(department, old, new, units, people, posts)
        finally:
            _put(connection, chosen)


def _put(connection: psycopg.Connection, places: Sequence[tuple[int, ...]]) -> None:
    """Let organisations stand below others, and all their rows with them."""
    ids = [unit for unit, _parent in places]
    line = ", ".join(ANCESTORS)
    with connection.transaction():
        connection.execute("SELECT set_config('xueshi.actor', 'benchmark', true)")
        connection.execute(
            "UPDATE organization o SET parent_id = t.parent"
            " FROM unnest(%s::bigint[], %s::bigint[]) t (id, parent) WHERE o.id = t.id",
            (ids, [parent for _unit, parent in places]),
        )
        for table in moving.placed():
            connection.execute(
                f"UPDATE {table} t SET ({line}) = ({', '.join('o.' + each for each in ANCESTORS)})"
                " FROM organization o WHERE o.id = t.organization_id AND o.id = ANY (%s)",
                (ids,),
            )
    connection.execute("VACUUM ANALYZE person, organization, hour_record")


def _limit(ground: Ground, found: Move) -> float:
    """Seconds of the UPDATE of what the ancestors of organisations and persons come down to; rolled back."""
    with psycopg.connect(ground.owner) as connection:
        connection.execute("SELECT set_config('xueshi.actor', 'benchmark', true)")
        begun = perf_counter()
        for table in ("organization", "person"):
            connection.execute(
                f"UPDATE {table} SET ancestor_2 = %(new)s WHERE ancestor_3 = %(moved)s",
                {"new": found.new, "moved": found.department},
            )
        spent = perf_counter() - begun
        connection.rollback()
    return spent


def _ours(engine: Engine, found: Move) -> float:
    """Seconds of the last approval, everything included; rolled back, as the limit is."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, expire_on_commit=False) as session:
            _act(session, found, found.department)
            change = parent_changes.ask(session, {"to_id": str(found.new), "reason": "benchmark"})
            review = parent_changes.review_of(session, change)
            for place in (found.old, found.new):
                _act(session, found, place)
                session.refresh(review)
                begun = perf_counter()
                reviews.decide(session, Ids(((review.id, review.version),)), "approve")
                spent = perf_counter() - begun
            assert session.scalar(
                text("SELECT moved_at FROM parent_change WHERE id = :id"), {"id": change.id}
            )
        outer.rollback()
    return spent


def _act(session: Session, found: Move, place: int) -> None:
    post, account = found.posts[place]
    actor = actor_for(session, account, post)
    assert actor is not None
    set_actor(session, actor)


@contextmanager
def _reading(ground: Ground, found: Move) -> Iterator[list[float]]:
    """Somebody who reads pages of the department's people; how long each took, in seconds."""
    waits: list[float] = []
    over = Event()

    def read() -> None:
        with psycopg.connect(plain(ground.settings.database_url), autocommit=True) as connection:
            told = (
                "SELECT set_config('xueshi.organization', %s, false),"
                " set_config('xueshi.wide', 'person.below', false)"
            )
            connection.execute(told, (str(found.department),))
            while not over.is_set():
                begun = perf_counter()
                rows = connection.execute(READ, {"department": found.department}).fetchall()
                waits.append(perf_counter() - begun)
                assert rows
                over.wait(0.01)

    reader = Thread(target=read)
    reader.start()
    try:
        yield waits
    finally:
        over.set()
        reader.join()
