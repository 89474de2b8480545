# ruff: noqa: E501 -- a request's body is one table
"""Every route × every role × every position: nobody reads or writes what stands outside his reach.

A new route is in here by itself: the routes come from the application's map.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from werkzeug.routing import AnyConverter, IntegerConverter, Rule, UUIDConverter

from app.security import scope
from app.security.criteria import Criteria
from tests.cast import ADMIN_NUMBERS, PASSWORD
from tests.matrix import NOWHERE, PLACES, Marked, mark, marks_in, state_of
from tests.visit import Visit

ROLES = {  # role: (account, post, organisations within reach)
    "employer": (4, 4, {4, 9}),
    "second administrator": (21, 21, {4, 9}),
    "authority": (3, 3, {3, 4, 5, 9}),
    "city": (2, 2, {2, 3, 4, 5, 9, 10}),
    "other city": (6, 6, {6, 7, 8}),
    "other unit": (5, 5, {5}),
    "branch": (9, 9, {9}),
    "professional": (33, None, set()),
    "nobody": (None, None, set()),
    "before the second factor": (None, None, set()),
}
FIRST = ("employer", "other city", "professional", "nobody")
"""Who walks in `make test`; all of them walk in `make test-long`, and with every kind of body."""

OWN_PERSON = {"professional": 8}  # 赵敏, whose rows stand at the hospital of the other city

EXCEPTIONS = frozenset({"LoginPage.logout", "ActAsPage.act_as", "SeeingPage.see"})
"""These end or change the visitor's own session in the middle of the walk; tested in tests/views."""


def nouns(web: Any) -> dict[str, str]:
    """Which table the key in a view's address belongs to, by endpoint."""
    tables = {}
    for view in web.appbuilder.baseviews:
        for name in dir(type(view)):
            if hasattr(getattr(type(view), name), "_urls"):
                tables[f"{view.endpoint}.{name}"] = getattr(view, "noun", "") or view.class_permission_name
    return tables


def addresses(web: Any, marked: Marked, place: str) -> Iterator[tuple[Rule, str]]:
    """Every route with its places filled by the row that stands at this position."""
    tables = nouns(web)
    for rule in web.url_map.iter_rules():
        if rule.endpoint in EXCEPTIONS:
            continue
        table = tables.get(rule.endpoint, "")
        values = {name: fitting(rule, name, fill(name, table, marked, place)) for name in rule.arguments}
        built = rule.build(values)
        assert built is not None, rule.rule
        yield rule, built[1]


def fitting(rule: Rule, name: str, value: Any) -> Any:
    """A value that the place of a rule can take: one of its words, a number, or a random name."""
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    if isinstance(converter, IntegerConverter) and not str(value).isdigit():
        return NOWHERE
    if isinstance(converter, UUIDConverter) and not isinstance(value, UUID):
        return UUID(str(value)) if "-" in str(value) else uuid4()
    return value


def fill(name: str, table: str, marked: Marked, place: str) -> Any:
    words = {"key": "id_number", "kind": "hours", "noun": "person", "year": 2026, "column": "organization_id",
             "code": "0000-0000-0000-0000", "name": "xueshi.css"}  # fmt: skip
    if name in words:
        return words[name]
    named = name.removesuffix("_id").removesuffix("_uid")
    owner = named if named in marked.ids else table
    if name == "uid" or name.endswith("_uid"):
        return marked.uid(owner if owner in marked.uids else "attachment", place)
    return marked.id(owner, place)


def bodies(marked: Marked, place: str, *, every: bool) -> Iterator[dict[str, Any]]:
    """What is sent with a request that changes something.

    As a form, as JSON, with foreign keys in every field.
    """
    keys = {
        "id": f"{marked.id('review', place)}:1", "ids": str(marked.id("review", place)), "rowid": str(marked.id("person", place)),
        "organization_id": str(PLACES[place] or NOWHERE), "parent_id": str(PLACES[place] or NOWHERE),
        "person_id": str(marked.id("person", place)), "person": str(marked.id("person", place)), "name": "改名", "state": "approved",
        "hours": "90", "year": "2026", "subject": "professional", "form": "conference", "verdict": "approve",
        "action": "approve", "reason": "x", "version": "1", "seen": "*", "expected": "1", "whole": "1", "post": str(marked.id("appointment", place)),
    }  # fmt: skip
    yield {"data": keys}
    if every:
        yield {"data": {}}
        yield {"json": keys}
        yield {"data": "{", "content_type": "application/json"}


def calls(web: Any, marked: Marked) -> Iterator[tuple[str, str, str]]:
    """Every address with every method at every position; what reads and names nothing of any place, once."""
    read: set[str] = set()
    for place in PLACES:
        for rule, path in addresses(web, marked, place):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                if method == "GET" and path in read:
                    continue
                if method == "GET":
                    read.add(path)
                yield place, path, method


def walk(
    web: Any, owner: Any, marked: Marked, role: str, *, every: bool, until: str = "\n"
) -> tuple[int, list[str]]:
    """Ask every route in this role at every position; return the number of requests and what went wrong.

    Or go on only until something went wrong that is said with this word.
    """
    account, post, reach = ROLES[role]
    may_see = reach | ({OWN_PERSON[role]} if role in OWN_PERSON else set())
    visitor = Visit(web, account, post)
    visitor.get("/login" if account is None else "/password")
    if role == "before the second factor":
        answer = visitor.post("/login", {"number": ADMIN_NUMBERS[2], "password": PASSWORD})
        assert answer.location == "/second-factor/code"
    assert visitor.token, "without the token of a form every write would stop there"
    before, wrong, asked = state_of(owner, may_see), [], 0
    for place, path, method in calls(web, marked):
        sent = [{}] if method == "GET" else list(bodies(marked, place, every=every))
        for words in sent:
            asked += 1
            headers = {"X-CSRFToken": visitor.token, "If-Match": "*"}
            answer = visitor.client.open(path, method=method, headers=headers, **words)
            line = f"{method} {path} ({role}, {place}): {answer.status_code}"
            if answer.status_code >= 500:
                wrong.append(f"{line} is no answer")
            if foreign := marks_in(answer.get_data()) - may_see:
                wrong.append(f"{line} shows {sorted(foreign)}")
            answer.close()
        if method != "GET" and (after := state_of(owner, may_see)) != before:
            changed = [table for table in after if after[table] != before[table]]
            wrong.append(f"{method} {path} ({role}, {place}) changed {changed}")
            before = after
        if any(until in line for line in wrong):
            break
    return asked, wrong


@pytest.fixture
def marked(owner, web) -> Marked:
    return mark(owner)


def test_every_route_says_what_it_needs(web):
    known = web.extensions["xueshi_access"]
    assert sorted({rule.endpoint for rule in web.url_map.iter_rules()} - set(known)) == []


@pytest.mark.parametrize("role", FIRST)
def test_nobody_reads_or_writes_beyond_his_reach(web, owner, marked, role):
    asked, wrong = walk(web, owner, marked, role, every=False)
    assert wrong == []
    assert asked > 100


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_no_kind_of_body_reaches_further(web, owner, marked, role):
    _asked, wrong = walk(web, owner, marked, role, every=True)
    assert wrong == []


def tear_down_the_second_wall(owner: Any) -> None:
    with owner.begin() as connection:
        for table in connection.scalars(text("SELECT tablename FROM pg_tables WHERE rowsecurity")).all():
            connection.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))


@pytest.mark.parametrize("role", ["employer", pytest.param("professional", marks=pytest.mark.long)])
def test_with_row_level_security_off_the_session_still_holds(web, owner, marked, role):
    tear_down_the_second_wall(owner)
    _asked, wrong = walk(web, owner, marked, role, every=False)
    assert wrong == []


@pytest.fixture
def without_the_session_guard(monkeypatch):
    monkeypatch.setattr(scope, "_criteria", lambda _actor: Criteria(()))


@pytest.mark.usefixtures("without_the_session_guard")
@pytest.mark.parametrize("role", ["employer", pytest.param("professional", marks=pytest.mark.long)])
def test_with_the_session_guard_off_postgresql_still_holds(web, owner, marked, role):
    _asked, wrong = walk(web, owner, marked, role, every=False)
    assert wrong == []


@pytest.mark.usefixtures("without_the_session_guard")
def test_with_both_walls_down_the_matrix_sees_it(web, owner, marked):
    tear_down_the_second_wall(owner)
    _asked, wrong = walk(web, owner, marked, "employer", every=False, until="shows")
    assert any("shows" in line for line in wrong)
