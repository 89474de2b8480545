"""Our pages against the limit page: list, deep page, name, number, filter, record; in every scope."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

import psycopg
from flask import Flask

from app.encrypted import blind, context, ring
from benchmarks import visitor, web
from benchmarks.ground import Ground, Scope
from benchmarks.limit import questions
from benchmarks.report import Line

PAGE_GOAL = 3
STATEMENTS_GOAL = 8
HTML_GOAL = 30
DEEP = 1000 * 25
"""Rows before page 1000."""


@dataclass(frozen=True, slots=True)
class Question:
    """The same question as an address of ours, and as parameters of the limit page."""

    name: str
    said: str
    path: str
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class Inside:
    """What a page costs inside: time of its statements to the best statement's, their number, its size."""

    database: float
    statements: int
    kilobytes: float

    def __str__(self) -> str:
        """As it stands beside the ratio."""
        return f"database {self.database:.1f}, {self.statements} statements, HTML {self.kilobytes:.0f} KB"


def asked(connection: psycopg.Connection, scope: Scope) -> Iterator[Question]:
    """The questions in one scope, about somebody in the middle of it."""
    within = f"ancestor_{scope.depth} = {scope.organization}"
    row = connection.execute(
        f"SELECT id, uid, name, id_number_sealed, title_series FROM person WHERE {within}"
        f" AND char_length(name) = 3 ORDER BY id OFFSET {min(scope.people // 3, 30_000)} LIMIT 1"
    ).fetchone()
    assert row is not None
    key, uid, name, sealed, series = row
    number = ring().open(sealed, context("person", "id_number", uid))
    yield Question("list", "list", "/person/list/", {})
    deep = connection.execute(
        f"SELECT id FROM person WHERE {within} ORDER BY id DESC OFFSET {DEEP} LIMIT 1"
    ).fetchone()
    if deep is not None:
        yield Question("deep", "page 1000", f"/person/list/?after={deep[0]}", {"after": str(deep[0])})
        yield Question("last", "last page", "/person/list/?page=last", {})
    yield Question("name", "name contains 2 characters", _list(name=name[1:3]), {"words": name[1:3]})
    index = blind("person.id_number", number).hex()
    yield Question("number", "exact ID number", _list(id_number=number), {"index": index})
    yield Question("series", "filter by title series", _list(title_series=series), {"series": series})
    yield Question("show", "show one", f"/person/show/{key}", {"id": str(key)})


def _list(**words: str) -> str:
    return f"/person/list/?{urlencode(words)}"


def measured(ground: Ground, product: Flask, rounds: int) -> Iterator[Line]:
    """Every page in every scope: the whole page by HTTP, then its statements in this process."""
    with (
        web.ours(ground) as our_port,
        web.limit(ground) as limit_port,
        psycopg.connect(ground.owner, autocommit=True) as connection,
    ):
        for scope in ground.scopes:
            token = visitor.sign_in(product, scope)
            ours, floor = visitor.browser(our_port, token), web.Browser(limit_port, {})
            questions_here = list(asked(connection, scope))
            pairs = []
            for question in questions_here:
                pairs += [(ours, question.path), (floor, limit_path(question, scope))]
            times = web.in_turn(pairs, rounds)
            insides = [inside(product, connection, token, scope, question) for question in questions_here]
            for place, (question, seen) in enumerate(zip(questions_here, insides, strict=True)):
                our_time, limit_time = times[2 * place : 2 * place + 2]
                yield Line(
                    f"{scope.name} of {scope.people:,}: {question.said}",
                    our_time / limit_time,
                    PAGE_GOAL,
                    str(seen),
                )
            yield Line(
                f"{scope.name}: most statements of a list",
                max(
                    seen.statements
                    for question, seen in zip(questions_here, insides, strict=True)
                    if question.name != "show"
                ),
                STATEMENTS_GOAL,
            )
            yield Line(f"{scope.name}: HTML of a list of 25, KB", insides[0].kilobytes, HTML_GOAL)
            yield from _among(scope, questions_here, times[::2])


def _among(scope: Scope, questions_here: list[Question], times: list[float]) -> Iterator[Line]:
    known = {question.name: time for question, time in zip(questions_here, times, strict=True)}
    for name, said in (("deep", "page 1000 ÷ page 1"), ("last", "last page ÷ page 1")):
        if name in known:
            yield Line(f"{scope.name}: {said}, ours ÷ ours", known[name] / known["list"], 1.1)


def across(ground: Ground, product: Flask, rounds: int) -> Iterator[Line]:
    """Whether a list costs the same in the province as in a unit."""
    unit, *_others, province = ground.scopes
    with web.ours(ground) as port:
        browsers = [visitor.browser(port, visitor.sign_in(product, each)) for each in (unit, province)]
        narrow, wide = web.in_turn([(each, "/person/list/") for each in browsers], rounds)
    yield Line("list: province ÷ unit, ours ÷ ours", wide / narrow, 1.2)


def limit_path(question: Question, scope: Scope) -> str:
    words = {**question.words, "depth": scope.depth, "scope": scope.organization}
    return f"/{question.name}?{urlencode(words)}"


def inside(
    product: Flask, connection: psycopg.Connection, token: str, scope: Scope, question: Question
) -> Inside:
    seen = [visitor.asks(product, token, question.path) for _ in range(9)]
    statement = questions.statement(question.name, scope.depth)
    words = {**question.words, "scope": scope.organization}
    floor = median(_timed(connection, statement, words) for _ in range(9))
    return Inside(
        database=median(asked.seconds for asked, _body in seen) / floor,
        statements=len(seen[-1][0].statements),
        kilobytes=len(seen[-1][1]) / 1024,
    )


def _timed(connection: psycopg.Connection, statement: str, words: dict[str, object]) -> float:
    begun = perf_counter()
    connection.execute(statement, words, prepare=False).fetchall()
    return perf_counter() - begun
