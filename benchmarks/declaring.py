"""One declaration, and a year with ten records, against plain statements and the limit page."""

from collections.abc import Iterator
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
from flask import Flask
from psycopg.types.json import Jsonb
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.database import clock, connect
from app.security.scope import set_actor
from app.security.sessions import actor_for
from app.services import hours
from app.services.declarations import Declaration
from app.services.errors import Faulty
from benchmarks import visitor, web
from benchmarks.ground import Ground, Scope
from benchmarks.pages import PAGE_GOAL, Question, inside, limit_path
from benchmarks.report import Line

TITLE = "declared by the benchmark"
EACH, PEOPLE = 10, 20_000
"""Records of a person, and how many persons have so many."""
ROUNDS = 25
SETTING = "SELECT set_config('xueshi.actor', 'benchmark', true)"

LEARNER = """
SELECT u.id, p.id, p.ancestor_2 FROM ab_user u JOIN person p ON p.id = u.person_id
WHERE u.state = 'active' AND p.state = 'active' AND NOT EXISTS
    (SELECT 1 FROM appointment a WHERE a.account_id = u.id)
ORDER BY (SELECT count(*) FROM hour_record r WHERE r.person_id = p.id AND r.year = %s), p.id LIMIT 1"""

RECORDS = """
INSERT INTO hour_record (person_id, organization_id, year, subject, form, title, hours, values, state)
WITH patterns AS (
    SELECT subject, form, hours, values, row_number() OVER (ORDER BY id) - 1 AS place FROM hour_record
    WHERE state = 'approved' ORDER BY id LIMIT %(each)s)
SELECT p.id, p.organization_id, %(year)s, r.subject, r.form, %(title)s, r.hours, r.values, 'returned'
FROM (SELECT id, organization_id FROM person WHERE ancestor_2 = %(city)s AND state = 'active'
    ORDER BY id = %(person)s DESC, id LIMIT %(people)s) p CROSS JOIN patterns r"""

REVIEWS = """
INSERT INTO review (kind, subject, subject_id, title, person_id, organization_id, measure, chain, step, round,
    waiting_id, state, version, submitted_at, decided_at)
SELECT 'hours', 'hour_record', r.id, %(title)s::varchar, r.person_id, r.organization_id, r.hours, v.chain,
    v.step, 1, v.waiting_id, 'rejected', 2, now(), now()
FROM hour_record r,
    (SELECT chain, step, waiting_id FROM review WHERE kind = 'hours' AND state = 'open' LIMIT 1) v
WHERE r.title = %(title)s::varchar"""

CLEAR = (
    "DELETE FROM review WHERE title = %(title)s AND kind = 'hours'",
    "DELETE FROM attachment WHERE subject = 'hour_record' AND name = %(title)s",
    "DELETE FROM hour_record WHERE title = %(title)s",
)

DRAFT = """
INSERT INTO hour_record (person_id, organization_id, year, subject, form, title, hours, values, state)
SELECT id, organization_id, %(year)s, 'professional', 'conference', %(title)s, 0, '{}', 'draft'
FROM person WHERE id = %(person)s RETURNING id"""

PROOF = """
INSERT INTO attachment (uid, subject, subject_id, person_id, organization_id, name, media_type, size, digest)
SELECT gen_random_uuid(), 'hour_record', id, person_id, organization_id, %(title)s, 'image/png', 1, ''
FROM hour_record WHERE id = %(draft)s"""

SUBMITTED = """
UPDATE hour_record SET state = 'submitted', subject = %(subject)s, form = %(form)s, hours = 1,
    values = %(values)s
WHERE id = %(draft)s"""

SENT = """
INSERT INTO review (kind, subject, subject_id, title, person_id, organization_id, measure, chain, step, round,
    waiting_id, state, version, submitted_at)
SELECT 'hours', 'hour_record', r.id, %(title)s, r.person_id, r.organization_id, 1, v.chain, 0, 1,
    v.waiting_id, 'open', 1, now()
FROM hour_record r, (SELECT chain, waiting_id FROM review WHERE kind = 'hours' LIMIT 1) v
WHERE r.id = %(draft)s"""

PATTERNS = """
SELECT DISTINCT ON (form) subject, form, values FROM hour_record
WHERE source = 'declaration' AND state = 'approved' AND year = %s ORDER BY form, id LIMIT 40"""


def measured(ground: Ground, product: Flask, rounds: int) -> Iterator[Line]:
    """What is declared is rolled back; the records that fill the years are taken away again."""
    year = clock.today().year
    with psycopg.connect(ground.owner, autocommit=True) as connection:
        account, person, city = connection.execute(LEARNER, (year,)).fetchone() or (0, 0, 0)
        words = {"title": TITLE, "person": person, "year": year, "city": city}
        try:
            yield _declared(ground, connection, account, words)
            with connection.transaction():
                connection.execute(SETTING)
                filled = connection.execute(RECORDS, words | {"people": PEOPLE, "each": EACH}).rowcount
                connection.execute(REVIEWS, words)
            connection.execute("ANALYZE hour_record, review")
            learner = Scope("a year", 0, 2, filled // EACH, account)
            yield _paged(ground, product, connection, learner, words, rounds)
        finally:
            with connection.transaction():
                connection.execute(SETTING)
                for statement in CLEAR:
                    connection.execute(statement, words)


def _paged(
    ground: Ground,
    product: Flask,
    connection: psycopg.Connection,
    learner: Scope,
    words: dict[str, Any],
    rounds: int,
) -> Line:
    """The page of a year for one of those who have ten records in it, and its floor: the list of them."""
    asked = {"person": str(words["person"]), "year": str(words["year"])}
    question = Question("year", "page", f"/my/year/{words['year']}", asked)
    token = visitor.sign_in(product, learner, appointment=None)
    with web.ours(ground) as our_port, web.limit(ground) as limit_port:
        ours, floor = visitor.browser(our_port, token), web.Browser(limit_port, {})
        times = web.in_turn([(ours, question.path), (floor, limit_path(question, learner))], rounds)
    seen = inside(product, connection, token, learner, question)
    said = f"a year with {EACH} records, of {learner.people:,} people who have so many: page"
    return Line(said, times[0] / times[1], PAGE_GOAL, str(seen))


def _declared(ground: Ground, connection: psycopg.Connection, account: int, words: dict[str, Any]) -> Line:
    """A draft with its proof is sent for review, again and again, and each time rolled back."""
    with connection.transaction():
        connection.execute(SETTING)
        (draft,) = connection.execute(DRAFT, words).fetchone() or (0,)
        connection.execute(PROOF, words | {"draft": draft})
    engine = connect(ground.settings.database_url, timeout_ms=0)
    try:
        said = _fit(engine, connection, account, draft, words)
        seen = [_ours(engine, account, draft, said, words["person"]) for _ in range(ROUNDS)]
    finally:
        engine.dispose()
    answers = Jsonb(dict(said.values))
    told = words | {"draft": draft, "subject": said.subject, "form": said.form, "values": answers}
    floor = median(_limit(ground, told) for _ in range(ROUNDS))
    ratio = median(spent for spent, _count in seen) / floor
    return Line("one declaration ÷ UPDATE and INSERT", ratio, None, f"{seen[-1][1]} statements")


def _fit(
    engine: Engine, connection: psycopg.Connection, account: int, draft: int, words: dict[str, Any]
) -> Declaration:
    """Answers of somebody else that may be declared once more."""
    for subject, form, values in connection.execute(PATTERNS, (words["year"],)).fetchall():
        typed = {key: told for key, told in values.items() if told is not None}
        said = Declaration(words["year"], subject, form, typed)
        try:
            _ours(engine, account, draft, said, words["person"])
        except Faulty:
            continue
        return said
    raise LookupError("nothing that was declared can be declared again")


def _ours(engine: Engine, account: int, draft: int, said: Declaration, person: int) -> tuple[float, int]:
    """Seconds and statements; rolled back, as the limit is."""
    with engine.connect() as connection:
        outer = connection.begin()
        try:
            with Session(connection, expire_on_commit=False) as session:
                actor = actor_for(session, account, None)
                assert actor is not None
                set_actor(session, actor)
                with visitor.listening() as asked:
                    begun = perf_counter()
                    hours.declare(session, person, said, draft_id=draft)
                    spent = perf_counter() - begun
        finally:
            outer.rollback()
    return spent, len(asked.statements)


def _limit(ground: Ground, words: dict[str, Any]) -> float:
    """Seconds of the plain statements, rolled back."""
    with psycopg.connect(ground.owner) as connection:
        connection.execute(SETTING)
        begun = perf_counter()
        connection.execute(SUBMITTED, words)
        connection.execute(SENT, words)
        spent = perf_counter() - begun
        connection.rollback()
    return spent
