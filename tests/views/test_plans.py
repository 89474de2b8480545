"""Every generated list is read by an index of the reader's scope, with both walls standing."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from app.security.permissions import catalogue
from app.security.widths import all_rights
from app.views.generator import screens
from tests.cast import ORGANIZATIONS
from tests.views.workspace import complete

POSTS = {"hr_office": 2, "authority": 3, "employer": 4}
ASKED = {"hour_entry": "?person_id=1"}
"""What must be said before a list shows anything."""

FEW = {"role"}
"""Tables of some hundred rows, most of which everybody may read: they need no index."""

TOLD = (
    "SELECT set_config('xueshi.organization', '{post}', true), set_config('xueshi.account', '{post}', true),"
    " set_config('enable_seqscan', 'off', true),"
    f" set_config('xueshi.wide', '{','.join(sorted(all_rights()))}', true)"
)
"""A small table is always read from end to end; only a plan that has no other way may do so here."""


def heard(web, client, path: str, table: str) -> list[tuple[str, Any]]:
    """The statements about a table that a page asks, with their parameters."""
    found: list[tuple[str, Any]] = []
    engine = web.config["SESSIONS"].kw["bind"]

    def hear(_connection, _cursor, statement, parameters, *_rest) -> None:
        found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    return [each for each in found if f"FROM {table} " in each[0].replace("\n", " ")]


def conditions(connection: Connection, statement: str, parameters: Any) -> Iterator[str]:
    """What the indexes of a plan are asked for."""
    cursor = connection.connection.cursor()
    cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
    steps = [cursor.fetchone()[0][0]["Plan"]]
    while steps:
        step = steps.pop()
        steps += step.get("Plans", [])
        yield step.get("Index Cond", "")


READ = [
    pytest.param(kind, model, id=f"{model.__tablename__}-{kind}")
    for model in screens()
    for kind in POSTS
    if model.__tablename__ not in FEW and f"{model.__tablename__}.read" in catalogue()[kind]
]
"""Every list of every kind of administrator."""


@pytest.mark.parametrize(("kind", "model"), READ)
def test_a_list_is_read_by_an_index_of_the_scope(web, visit, model, kind):
    post, table = POSTS[kind], model.__tablename__
    client = visit(post, post)
    path = f"/{table}/list/{ASKED.get(table, '')}"
    statement, parameters = heard(web, client, path, table)[0]  # the frame asks after it
    scope = "person_id =" if table in ASKED else f"ancestor_{ORGANIZATIONS[post][3]} ="
    with web.config["SESSIONS"].kw["bind"].begin() as connection:
        connection.execute(text(TOLD.format(post=post)))
        by_scope = [each for each in conditions(connection, statement, parameters) if scope in each]
    assert len(by_scope) >= 2, statement  # to count the rows, and to read them


def test_a_ledger_is_read_one_person_at_a_time(visit):
    client = visit(2, 2)
    page = client.get("/hour_entry/list/").text
    assert "请先选择：人员" in page
    assert client.get("/api/v1/hour_entry/").status_code == 400
    assert client.get("/api/v1/hour_entry/?person_id=1").status_code == 200
    assert client.get("/pick/hour_entry/person_id?q=张").status_code == 200


def test_a_professional_need_not_say_whose_hours(visit, session_for, cast):
    complete(session_for, cast)
    told = visit(31).get("/api/v1/hour_entry/")
    assert (told.status_code, told.json["count"]) == (200, 2)
