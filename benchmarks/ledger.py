"""A class of 500 credited and taken back, and all sums compared with the ledger, against plain statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from statistics import median
from time import perf_counter

import psycopg
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.database import connect, sessions
from app.models.training_class import TrainingClass
from app.security.actor import actor_of
from app.security.scope import set_actor
from app.security.sessions import actor_for
from app.services import crediting, operator, totals_check
from app.services.crediting import Earned
from benchmarks import visitor
from benchmarks.ground import Ground, Scope
from benchmarks.report import Line

CLASS, ROUNDS = 500, 7
GOAL, WHOLE_GOAL = 5, 3
TITLE = "benchmark"
CITY = 2
"""The depth of a city's office."""

PLANNED = """
INSERT INTO training_plan (organization_id, title, year, subject, form, audience, classes, hours, program,
    state)
VALUES (%(unit)s, %(title)s, 2026, 'professional', 'training_class', '', 1, 8, '', 'approved') RETURNING id"""

TAUGHT = """
INSERT INTO training_class (organization_id, plan_id, title, year, subject, form, first_day, last_day,
    half_days, place, teachers, hours, capacity, enrolment, state)
VALUES (%(unit)s, %(plan)s, %(title)s, 2026, 'professional', 'training_class', '2026-03-02', '2026-03-02',
    '{2026-03-02a}', '', '', 8, 500, 'picked', 'approved') RETURNING id"""

CLEAR = (
    "DELETE FROM training_class WHERE title = %(title)s",
    "DELETE FROM training_plan WHERE title = %(title)s",
)

PEOPLE = "SELECT id FROM person WHERE ancestor_2 = %s AND state = 'active' ORDER BY id DESC LIMIT %s"

RECORDS = """
INSERT INTO hour_record (person_id, organization_id, year, subject, form, title, hours, values, state, source)
SELECT id, organization_id, 2026, 'professional', 'training_class', %(title)s, 8, '{}', 'approved', 'class'
FROM person WHERE id = ANY (%(people)s) RETURNING id"""

ENTRIES = """
INSERT INTO hour_entry (person_id, year, subject, form, hours, sign, source, record_id)
SELECT person_id, year, subject, form, hours, 1, source, id FROM hour_record WHERE id = ANY (%(ids)s)"""

SUMS = """
SELECT count(*), sum(summed.total) FROM (SELECT person_id, year, sum(hours * sign) AS total FROM hour_entry
    GROUP BY person_id, year) AS summed JOIN person_year y USING (person_id, year)"""

DIGEST = """
SELECT md5(string_agg(md5(CAST((person_id, year, total, subjects, complete) AS text)), ''
    ORDER BY person_id, year)) FROM person_year WHERE total <> 0"""


def measured(ground: Ground, _product: Flask, _rounds: int) -> Iterator[Line]:
    """Crediting is rolled back; comparing reads everything there is."""
    engine = connect(ground.settings.database_url, timeout_ms=0)
    city = next(each for each in ground.scopes if each.depth == CITY)
    try:
        with _class(ground, city) as (origin, people):
            floor = [_limit(ground, people) for _ in range(ROUNDS)]
            seen = [_ours(engine, city, origin, people) for _ in range(ROUNDS)]
        ratio = median(credited for credited, _back, _count in seen) / median(floor)
        yield Line(
            f"a class of {len(people)} credited ÷ INSERT of records and entries",
            ratio,
            GOAL,
            f"{seen[-1][2]} statements",
        )
        ratio = median(back for _credited, back, _count in seen) / median(floor)
        yield Line("the same taken back ÷ INSERT of records and entries", ratio, GOAL)
    finally:
        engine.dispose()
    yield from _compared(ground)


def _compared(ground: Ground) -> Iterator[Line]:
    """All kept sums are right; and made anew from the ledger, where there are none, they are the same."""
    with psycopg.connect(ground.owner) as connection:
        begun = perf_counter()
        connection.execute(SUMS).fetchone()
        floor = perf_counter() - begun
    engine = connect(ground.urls.owner, timeout_ms=0)
    try:
        with sessions(engine)() as session:
            operator.as_office(session, "benchmark")
            begun = perf_counter()
            wrong = sum(1 for _each in totals_check.verify(session))
            spent = perf_counter() - begun
            said = f"{wrong} of them wrong, {spent:.1f} s"
            yield Line(
                "totals verify ÷ the sums of the ledger in one statement", spent / floor, WHOLE_GOAL, said
            )
            yield _rebuilt(session, floor)
    finally:
        engine.dispose()


def _rebuilt(session: Session, floor: float) -> Line:
    """The sums are lost and made anew; all of it is rolled back. `floor` is that of adding them up."""
    connection = session.connection()
    kept = connection.scalar(text(DIGEST))
    connection.execute(text("UPDATE person_year SET total = 0, subjects = '{}', complete = false"))
    nested = Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
    set_actor(nested, actor_of(session))
    begun = perf_counter()
    years = totals_check.rebuild(nested)
    spent = perf_counter() - begun
    same = connection.scalar(text(DIGEST)) == kept
    nested.close()
    session.rollback()
    said = f"{years:,} years, {'equal' if same else 'NOT EQUAL'} to those that were kept, {spent:.1f} s"
    return Line("totals rebuild ÷ the sums of the ledger in one statement", spent / floor, None, said)


@contextmanager
def _class(ground: Ground, city: Scope) -> Iterator[tuple[int, list[int]]]:
    """A class that lets hours count, and its people; gone afterwards."""
    with psycopg.connect(ground.owner, autocommit=True) as connection:
        people = [row[0] for row in connection.execute(PEOPLE, (city.organization, CLASS))]
        words = {"title": TITLE, "unit": city.organization}
        try:
            with connection.transaction():
                connection.execute("SELECT set_config('xueshi.actor', 'benchmark', true)")
                (plan,) = connection.execute(PLANNED, words).fetchone() or (0,)
                (origin,) = connection.execute(TAUGHT, words | {"plan": plan}).fetchone() or (0,)
            yield origin, people
        finally:
            with connection.transaction():
                connection.execute("SELECT set_config('xueshi.actor', 'benchmark', true)")
                for statement in CLEAR:
                    connection.execute(statement, words)


def _limit(ground: Ground, people: list[int]) -> float:
    """Seconds of the plain statements, rolled back."""
    with psycopg.connect(ground.owner) as connection:
        connection.execute("SELECT set_config('xueshi.actor', 'benchmark', true)")
        begun = perf_counter()
        ids = [row[0] for row in connection.execute(RECORDS, {"title": TITLE, "people": people})]
        connection.execute(ENTRIES, {"ids": ids})
        spent = perf_counter() - begun
        connection.rollback()
    return spent


def _ours(engine: Engine, city: Scope, origin: int, people: list[int]) -> tuple[float, float, int]:
    """Seconds of crediting and of taking back, and the statements of the first; rolled back."""
    earned = [
        Earned(origin, person, 2026, "professional", "training_class", Decimal(8), TITLE) for person in people
    ]
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, expire_on_commit=False) as session:
            actor = actor_for(session, city.account, city.organization)
            assert actor is not None
            set_actor(session, actor)
            with visitor.listening() as asked:
                begun = perf_counter()
                new = crediting.credit(session, TrainingClass, earned)
                credited = perf_counter() - begun
            assert new == len(people), new
            begun = perf_counter()
            gone = crediting.take_back(session, TrainingClass, [origin], "benchmark")
            back = perf_counter() - begun
            assert gone == len(people), gone
        outer.rollback()
    return credited, back, len(asked.statements)
