"""The plans of every list under the wall: by an index of the scope, and nothing read from end to end."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import psycopg
from flask import Flask

from app.models.person import Person
from app.security.widths import all_rights, told
from app.services.values import choices, extras
from app.views.generator import screens
from benchmarks import visitor
from benchmarks.ground import Ground, Scope, plain
from benchmarks.report import Line

MOST = 1_001 + 26
"""Rows that a list may read: a capped count and a page. Whatever more is read grows with the province."""

OWN = "ancestor_{depth}"
TOLD = (
    "SELECT set_config('xueshi.organization', %s, true), set_config('xueshi.account', %s, true),"
    f" set_config('xueshi.wide', '{told(all_rights())}', true)"
)


def explained(ground: Ground, product: Flask) -> Iterator[Line]:
    """For each screen and scope the most rows that one step of a plan reads, and by which indexes."""
    with psycopg.connect(plain(ground.urls.app)) as connection:
        for scope in ground.scopes:
            token = visitor.sign_in(product, scope)
            for model in screens():
                table = model.__tablename__
                path = f"/{table}/list/"
                if visitor.client(product, token).get(path).status_code == HTTPStatus.OK:
                    asked, _body = visitor.asks(product, token, path)
                    nodes = [
                        node
                        for statement, parameters in asked.statements
                        if f"FROM {table}" in statement
                        for node in _nodes(_plan(connection, scope, statement, parameters))
                    ]
                    if nodes:  # a list that asks whose first asks the database nothing
                        yield _line(scope, table, nodes)


def searched(ground: Ground, product: Flask) -> Iterator[Line]:
    """For each search that a function of the wall does, and each scope, the rows that its statements read.

    What a function reads no plan shows, so what PostgreSQL counts in the transaction is taken instead.
    """
    with psycopg.connect(plain(ground.urls.app)) as connection, psycopg.connect(plain(ground.owner)) as owner:
        for scope in ground.scopes:
            token = visitor.sign_in(product, scope)
            for said, table, path, goal in _searches(owner, scope):
                if visitor.client(product, token).get(path).status_code == HTTPStatus.OK:
                    asked, _body = visitor.asks(product, token, path)
                    read = [
                        _fetched(connection, scope, table, statement, parameters)
                        for statement, parameters in asked.statements
                        if f"search_{table}_" in statement
                    ]
                    yield Line(f"{scope.name}: {said}, most rows read by a statement", max(read), goal)


def _searches(owner: psycopg.Connection, scope: Scope) -> Iterator[tuple[str, str, str, int | None]]:
    """What is searched, in which table, on which page, and how many rows it may read.

    One in fifteen of the invented people gave each answer: until a thousand are counted, fifteen times more
    are read in order, which is less than to fetch all who gave it. A rare answer is found by its index.
    """
    within = f"ancestor_{scope.depth} = {scope.organization}"
    title = owner.execute(f"SELECT title FROM review WHERE {within} ORDER BY id LIMIT 1").fetchone()
    words = quote(title[0][:3] if title else "某某某")
    yield "all reviews by words", "review", f"/reviews/hours/?tab=all&words={words}", MOST
    yield "own verdicts by words", "review", f"/reviews/hours/?tab=reviewed&words={words}", MOST
    for column in extras(Person):
        if column.field.search:
            answer = next(iter(choices(column)))
            yield f"people by {column.key}", "person", f"/person/list/?{column.key}={answer}", None


def _fetched(
    connection: psycopg.Connection, scope: Scope, table: str, statement: str, parameters: Any
) -> int:
    """Rows of a table that a statement of the application's role has fetched, by whatever plan."""
    counted = (
        "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relname = %s"
    )
    with connection.transaction(force_rollback=True):
        connection.execute(TOLD, (str(scope.organization), str(scope.account)))
        before = connection.execute(counted, (table,)).fetchone() or (0,)
        connection.execute(statement, parameters).fetchall()
        after = connection.execute(counted, (table,)).fetchone() or (0,)
    return int(after[0] - before[0])


def _line(scope: Scope, table: str, nodes: list[dict[str, Any]]) -> Line:
    """A plan without any index is allowed where a limit ends it early: in the province, every row fits."""
    read = max(_rows_read(node) for node in nodes)
    used = list(dict.fromkeys(node["Index Name"] for node in nodes if "Index Name" in node))
    scans = {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan" and _rows_read(node)}
    by_scope = any(OWN.format(depth=scope.depth) in name for name in used)
    beside = [f"by {', '.join(used)}"] if used else []
    beside += [f"reads {', '.join(sorted(scans))} in order"] if scans else []
    if scope.depth > 1 and not by_scope:
        beside.append("no index for the scope")
    return Line(f"{scope.name}: {table}, most rows read by a step", read, MOST, "; ".join(beside))


def _rows_read(node: dict[str, Any]) -> float:
    """Rows that a scan has looked at; 0 for steps that get theirs from another."""
    if "Relation Name" not in node:
        return 0
    return float((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])


def _plan(connection: psycopg.Connection, scope: Scope, statement: str, parameters: Any) -> dict[str, Any]:
    """What PostgreSQL did for a statement of the application's role, in the scope of one organisation."""
    with connection.transaction(force_rollback=True):
        connection.execute(TOLD, (str(scope.organization), str(scope.account)))
        found = connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).fetchone()
    assert found is not None
    plan: dict[str, Any] = found[0][0]["Plan"]
    return plan


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)
