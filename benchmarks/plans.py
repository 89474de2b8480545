"""The plans of every list under the wall: by an index of the scope, and nothing read from end to end."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import psycopg
from flask import Flask

from app.views.generator import screens
from benchmarks import visitor
from benchmarks.ground import Ground, Scope, plain
from benchmarks.report import Line

MOST = 1_001 + 26
"""Rows that a list may read: a capped count and a page. Whatever more is read grows with the province."""

OWN = "ancestor_{depth}"


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
        connection.execute(
            "SELECT set_config('xueshi.organization', %s, true), set_config('xueshi.account', %s, true)",
            (str(scope.organization), str(scope.account)),
        )
        found = connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).fetchone()
    assert found is not None
    plan: dict[str, Any] = found[0][0]["Plan"]
    return plan


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)
