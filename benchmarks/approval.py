"""A thousand approvals, and ten thousand of a filter, against the statements that they come down to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from statistics import median
from time import perf_counter

import psycopg
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.database import connect
from app.security.scope import set_actor
from app.security.sessions import actor_for
from app.services import judgement, reviews
from app.services.selection import Choice, Filter, Ids
from benchmarks import visitor
from benchmarks.ground import Ground
from benchmarks.report import Line

BATCH, WHOLE = 1_000, 10_000
GOAL = 5
TITLE = "benchmark"

LAST_STEP = """
SELECT v.id, v.waiting_id, a.account_id FROM review v JOIN appointment a ON a.organization_id = v.waiting_id
JOIN organization o ON o.id = v.waiting_id AND o.depth = 2
WHERE v.kind = 'hours' AND v.state = 'open' AND v.step = jsonb_array_length(v.chain) - 1 AND NOT EXISTS
    (SELECT 1 FROM appointment own JOIN ab_user u ON u.id = own.account_id WHERE u.person_id = v.person_id)
ORDER BY v.id LIMIT 1"""

PEOPLE = "SELECT count(*) FROM person WHERE ancestor_2 = (SELECT ancestor_2 FROM review WHERE id = %s)"

RECORDS = """
INSERT INTO hour_record (person_id, organization_id, year, subject, form, title, hours, values, state)
SELECT p.id, p.organization_id, r.year, r.subject, r.form, %(title)s, r.hours, r.values, 'submitted'
FROM hour_record r, LATERAL (SELECT id, organization_id FROM person, generate_series(1, %(times)s)
    WHERE ancestor_2 = (SELECT ancestor_2 FROM review WHERE id = %(pattern)s)
    ORDER BY id DESC LIMIT %(batch)s) p
WHERE r.id = (SELECT subject_id FROM review WHERE id = %(pattern)s)"""

PROOFS = """
INSERT INTO attachment (uid, subject, subject_id, person_id, organization_id, name, media_type, size, digest)
SELECT gen_random_uuid(), 'hour_record', id, person_id, organization_id, 'proof.png', 'image/png', 1, ''
FROM hour_record WHERE title = %(title)s AND state = 'submitted'"""

REVIEWS = """
INSERT INTO review (kind, subject, subject_id, title, person_id, organization_id, measure, chain, step, round,
    waiting_id, state, version, due_on, submitted_at)
SELECT v.kind, v.subject, r.id, %(title)s::varchar, r.person_id, r.organization_id, r.hours, v.chain, v.step,
    1, v.waiting_id, 'open', 1, v.due_on, now()
FROM hour_record r, review v
WHERE r.title = %(title)s::varchar AND r.state = 'submitted' AND v.id = %(pattern)s"""

SHOWN = """
SELECT count(*), sum(measure) FROM review
WHERE waiting_id = %(waiting)s AND kind = 'hours' AND state = 'open' AND title = %(title)s"""

CLEAR = (
    "DELETE FROM review WHERE title = %(title)s AND kind = 'hours'",
    """DELETE FROM attachment WHERE subject = 'hour_record' AND subject_id IN
        (SELECT id FROM hour_record WHERE title = %(title)s)""",
    "DELETE FROM hour_record WHERE title = %(title)s",
)

UPDATE = """
UPDATE review SET state = 'approved', version = version + 1, decided_at = now()
WHERE id = ANY (%(ids)s) AND version = 1 AND state = 'open'"""

INSERT = """
INSERT INTO hour_entry (person_id, year, subject, form, hours, sign, source, record_id)
SELECT person_id, year, subject, form, hours, 1, source, id FROM hour_record WHERE id IN
    (SELECT subject_id FROM review WHERE id = ANY (%(ids)s))"""


def measured(ground: Ground, _product: Flask, _rounds: int) -> Iterator[Line]:
    """The last step of declarations: decisions, states, ledger, years, audit and messages.

    A filter is previewed and then confirmed, as a reviewer does it.
    """
    engine = connect(ground.settings.database_url, timeout_ms=0)
    try:
        for batch, rounds in ((1, 25), (BATCH, 7), (WHOLE, 3)):
            with _waiting(ground, batch) as (ids, waiting, account):
                whole = batch == WHOLE
                choice = Filter("hours", words=TITLE) if whole else Ids(tuple((key, 1) for key in ids))
                floor = [_limit(ground, ids, waiting if whole else None) for _ in range(rounds)]
                seen = [_ours(engine, choice, batch, waiting, account) for _ in range(rounds)]
            ratio = median(spent for spent, _count in seen) / median(floor)
            said = "of a filter, previewed and confirmed ÷ SELECT," if whole else "approvals ÷"
            said = said if batch > 1 else "approval ÷"
            goal = GOAL if batch > 1 else None
            yield Line(f"{batch:,} {said} UPDATE and INSERT", ratio, goal, f"{seen[-1][1]} statements")
    finally:
        engine.dispose()


@contextmanager
def _waiting(ground: Ground, batch: int) -> Iterator[tuple[list[int], int, int]]:
    """So many reviews that wait for their last decision, gone afterwards."""
    with psycopg.connect(ground.owner, autocommit=True) as connection:
        pattern, waiting, account = connection.execute(LAST_STEP).fetchone() or (0, 0, 0)
        (people,) = connection.execute(PEOPLE, (pattern,)).fetchone() or (batch,)
        words = {"title": TITLE, "pattern": pattern, "batch": batch, "times": -(-batch // people)}
        try:
            with connection.transaction():
                connection.execute("SELECT set_config('xueshi.actor', 'benchmark', true)")
                for statement in (*CLEAR, RECORDS, PROOFS, REVIEWS):
                    connection.execute(statement, words)
            connection.execute("ANALYZE review, attachment")
            ids = [
                row[0] for row in connection.execute("SELECT id FROM review WHERE title = %(title)s", words)
            ]
            assert len(ids) == batch, len(ids)
            yield ids, waiting, account
        finally:
            with connection.transaction():
                connection.execute("SELECT set_config('xueshi.actor', 'benchmark', true)")
                for statement in CLEAR:
                    connection.execute(statement, words)


def _limit(ground: Ground, ids: list[int], waiting: int | None) -> float:
    """Seconds of the plain statements; with `waiting` what a filter holds there is counted first."""
    with psycopg.connect(ground.owner) as connection:
        connection.execute("SELECT set_config('xueshi.actor', 'benchmark', true)")
        begun = perf_counter()
        if waiting is not None:
            connection.execute(SHOWN, {"waiting": waiting, "title": TITLE}).fetchall()
        connection.execute(UPDATE, {"ids": ids})
        connection.execute(INSERT, {"ids": ids})
        spent = perf_counter() - begun
        connection.rollback()
    return spent


def _ours(engine: Engine, choice: Choice, batch: int, waiting: int, account: int) -> tuple[float, int]:
    """Seconds and statements; rolled back, as the limit is."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, expire_on_commit=False) as session:
            actor = actor_for(session, account, waiting)
            assert actor is not None
            set_actor(session, actor)
            with visitor.listening() as asked:
                begun = perf_counter()
                if isinstance(choice, Filter):
                    choice = replace(choice, expected=judgement.preview(session, choice).count)
                outcome = reviews.decide(session, choice, "approve")
                spent = perf_counter() - begun
            assert (outcome.count, outcome.finished) == (batch, batch), outcome
        outer.rollback()
    return spent, len(asked.statements)
