"""Pages of statistics against a page with the best SQL over the same kept counts, in every scope."""

from collections.abc import Iterator

import psycopg
from flask import Flask

from benchmarks import visitor, web
from benchmarks.ground import Ground, Scope
from benchmarks.pages import Inside, Question, inside, limit_path
from benchmarks.report import Line

GOAL = 4
AT_ONCE = 500


def measured(ground: Ground, product: Flask, rounds: int) -> Iterator[Line]:
    """Each page in each scope, once everything is counted."""
    with psycopg.connect(ground.owner, autocommit=True) as connection:
        with connection.transaction():
            connection.execute("SELECT set_config('xueshi.actor', 'benchmark', true)")
            while connection.execute("SELECT door_count(%s)", (AT_ONCE,)).fetchone() != (0,):
                pass
        connection.execute("VACUUM (ANALYZE) organization_year")
        cells = connection.execute("SELECT count(*) FROM organization_year").fetchone()
        yield Line("kept cells for each person", (cells[0] if cells else 0) / ground.persons, None)
        with web.ours(ground) as our_port, web.limit(ground) as limit_port:
            for scope in ground.scopes:
                token = visitor.sign_in(product, scope)
                ours, floor = visitor.browser(our_port, token), web.Browser(limit_port, {})
                questions = list(_asked(scope))
                pairs = []
                for question in questions:
                    pairs += [(ours, question.path), (floor, limit_path(question, scope))]
                times = web.in_turn(pairs, rounds)
                for place, question in enumerate(questions):
                    seen: Inside = inside(product, connection, token, scope, question)
                    our_time, limit_time = times[2 * place : 2 * place + 2]
                    yield Line(f"{scope.name}: {question.said}", our_time / limit_time, GOAL, str(seen))


def _asked(scope: Scope) -> Iterator[Question]:
    year = {"year": "2026"}
    yield Question("titles", "title series", "/titles/?year=2026", year)
    yield Question("by_series", "overall by title series", "/statistics/?year=2026&by=series", year)
    if scope.name != "unit":
        yield Question("by_place", "overall by department", "/statistics/?year=2026", year)
