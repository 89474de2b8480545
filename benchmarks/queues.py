"""A reviewer's queue among a million reviews of which a tenth waits: list, filter, count, in every scope."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from flask import Flask

from benchmarks import visitor, web
from benchmarks.ground import Ground, Scope
from benchmarks.pages import PAGE_GOAL, Inside, Question, inside, limit_path
from benchmarks.report import Line

TITLE = "queue of the benchmark"

SHARES = {"unit": 0.01, "city": 0.29, "province": 0.7}
"""What part of all that waits is put where; a tenth of the persons wait, one review each."""

SETTING = "SELECT set_config('xueshi.actor', 'benchmark', true)"

REVIEWS = """
WITH people AS (
    SELECT id, organization_id, row_number() OVER (ORDER BY id) - 1 AS place FROM person
    WHERE ancestor_{depth} = %(scope)s ORDER BY id LIMIT %(many)s),
patterns AS (
    SELECT year, subject, form, hours, values, row_number() OVER (ORDER BY id) - 1 AS place FROM hour_record
    WHERE state = 'approved' ORDER BY id LIMIT 50),
made AS (
    INSERT INTO hour_record (person_id, organization_id, year, subject, form, title, hours, values, state)
    SELECT p.id, p.organization_id, r.year, r.subject, r.form, %(title)s, r.hours, r.values, 'submitted'
    FROM generate_series(0, %(many)s::int - 1) n
    JOIN people p ON p.place = n %% least(%(many)s::int, %(people)s::int)
    JOIN patterns r ON r.place = n %% 50
    RETURNING id, person_id, organization_id, hours)
INSERT INTO review (kind, subject, subject_id, title, person_id, organization_id, measure, chain, step, round,
    waiting_id, state, version, due_on, submitted_at)
SELECT 'hours', 'hour_record', m.id, %(title)s::varchar, m.person_id, m.organization_id, m.hours, v.chain,
    v.step, 1, %(scope)s, 'open', 1, current_date + 3, now()
FROM made m, (SELECT chain, step FROM review WHERE kind = 'hours' AND state = 'open' LIMIT 1) v"""

CLEAR = (
    "DELETE FROM review WHERE title = %(title)s AND kind = 'hours'",
    "DELETE FROM hour_record WHERE title = %(title)s",
)


def measured(ground: Ground, product: Flask, rounds: int) -> Iterator[Line]:
    """The first page of each queue, the same narrowed to a learning form, and the number at home."""
    with _filled(ground) as (connection, many), web.ours(ground) as our_port, web.limit(ground) as limit_port:
        yield Line("reviews", many["all"], None, f"{many['open']:,} of them wait")
        for scope in ground.scopes:
            token = visitor.sign_in(product, scope)
            ours, floor = visitor.browser(our_port, token), web.Browser(limit_port, {})
            asked = list(_asked(connection, scope))
            pairs = []
            for question in asked:
                pairs += [(ours, question.path), (floor, limit_path(question, scope))]
            times = web.in_turn(pairs, rounds)
            for place, question in enumerate(asked):
                seen: Inside = inside(product, connection, token, scope, question)
                our_time, limit_time = times[2 * place : 2 * place + 2]
                yield Line(
                    f"{scope.name} of {many[scope.name]:,} waiting: {question.said}",
                    our_time / limit_time,
                    PAGE_GOAL,
                    str(seen),
                )


def _asked(connection: psycopg.Connection, scope: Scope) -> Iterator[Question]:
    form = connection.execute(
        f"SELECT form FROM hour_record WHERE title = %s AND ancestor_{scope.depth} = %s"
        " GROUP BY 1 ORDER BY count(*) LIMIT 1",
        (TITLE, scope.organization),
    ).fetchone()
    assert form is not None
    yield Question("queue", "list", "/reviews/hours/", {})
    yield Question("form", "filter by learning form", f"/reviews/hours/?form={form[0]}", {"form": form[0]})
    yield Question("waiting", "count", "/home/waiting", {})


@contextmanager
def _filled(ground: Ground) -> Iterator[tuple[psycopg.Connection, dict[str, int]]]:
    """The waiting reviews beside those that are there, gone afterwards; how many there are by place."""
    with psycopg.connect(ground.owner, autocommit=True) as connection:
        try:
            _clear(connection)
            for scope in ground.scopes:
                many = max(60, int(ground.persons / 10 * SHARES[scope.name]))
                words = {"title": TITLE, "scope": scope.organization, "many": many, "people": scope.people}
                with connection.transaction():
                    connection.execute(SETTING)
                    connection.execute(REVIEWS.replace("{depth}", str(scope.depth)), words)
            connection.execute("VACUUM (ANALYZE) review, hour_record")  # as autovacuum leaves them
            yield connection, _counted(connection, ground)
        finally:
            _clear(connection)


def _clear(connection: psycopg.Connection) -> None:
    with connection.transaction():
        connection.execute(SETTING)
        for statement in CLEAR:
            connection.execute(statement, {"title": TITLE})


def _counted(connection: psycopg.Connection, ground: Ground) -> dict[str, int]:
    def count(condition: str) -> int:
        row = connection.execute(f"SELECT count(*) FROM review WHERE {condition}").fetchone()
        return int(row[0]) if row else 0

    places = {
        each.name: count(f"waiting_id = {each.organization} AND kind = 'hours' AND state = 'open'")
        for each in ground.scopes
    }
    return places | {"all": count("true"), "open": count("state = 'open'")}
