# ruff: noqa: E501 -- a form is one table
"""No address, form, body or header makes the platform fail, or tell what it is made of.

The routes come from the application's map: a new one is in here by itself.
"""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from app.declare.province import province
from app.security.scope import scoped
from app.services.conditions import searchable
from app.services.values import declared
from tests.cast import number
from tests.matrix import Marked, mark
from tests.test_matrix import addresses, nouns
from tests.views import hostile
from tests.visit import Visit

VISITORS = {"administrator": (4, 4), "professional": (33, None), "nobody": (None, None)}
PLACE = {"administrator": "own", "professional": "cousin", "nobody": "own"}
"""Where the rows stand that are asked for: within reach."""

ENDS_THE_WALK = frozenset({"LoginPage.logout", "SeeingPage.see"})
SEED = 20261122
QUICK = 0.2
"""The share that `make test` asks, of what `make test-long` asks many times over."""

GOOD = {
    "id": "1:1", "ids": "1", "version": "1", "expected": "1", "whole": "1", "filter": "words=a", "verdict": "approve",
    "action": "approve", "reason": "x", "post": "4", "rowid": "1", "year": "2026", "subject": "professional",
    "form": "conference", "title": "大会", "level": "national", "begins": "2026-06-20", "ends": "2026-06-21", "days": "1",
    "name": "张三", "id_number": number("42100019900301777"), "document_type": "id_card", "gender": "male",
    "birthday": "1990-03-01", "phone": "13800000077", "number": number("42100019900301777"), "password": "Xueshi-2027",
    "new": "Xueshi-2027", "again": "Xueshi-2027", "old": "x", "language": "en", "organization_id": "4", "person_id": "2",
    "parent_id": "3", "verb": "all", "receipt": "x", "address": "武汉", "telephone": "027-1", "next": "/",
}  # fmt: skip
"""A field that some form has, with something that it takes: one hostile field is then the only one."""

Wrong = list[str]


def fields() -> dict[str, str]:
    """Every field of every declaration and learning form."""
    keys = [key for model in scoped() for key in declared(model)]
    keys += [field.key for form in province().forms for field in form.fields]
    return dict.fromkeys(keys, "1") | GOOD


def requests(
    web: Any, marked: Marked, who: str, chance: random.Random, times: int
) -> Iterator[tuple[str, str, dict]]:
    """Everything that is asked: method, address with query, and the words of the client."""
    tables, known = nouns(web), fields()
    models = {model.__tablename__: model for model in scoped()}
    for rule, path in addresses(web, marked, PLACE[who]):
        if rule.endpoint in ENDS_THE_WALK:
            continue
        model = models.get(tables.get(rule.endpoint, ""))
        names = (
            *hostile.PARAMETERS,
            *(searchable(model) if model and rule.endpoint.endswith("list") else ()),
        )
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for _each in range(2 * times if rule.arguments else 0):
                yield method, hostile.keyed(rule, chance), {}
            if method == "GET":
                for _each in range(times):
                    for query in hostile.asked(names, chance, 2 * times):
                        yield method, f"{path}?{query}", {}
            else:
                for words in hostile.bodies(known, chance, times):
                    yield method, path, words
            yield method, path, {"headers": chance.choice(hostile.HEADERS)}
        yield chance.choice(("PATCH", "DELETE", "TRACE", "NIX", "PUT", "POST", "HEAD", "OPTIONS")), path, {}


def walk(
    web: Any, marked: Marked, who: str, seed: int, times: int, *, share: float = 1
) -> tuple[dict[int, int], Wrong]:
    """Ask everything, or a share of it, as this visitor: how often each code was answered, and what was wrong."""
    chosen = random.Random(seed)
    visitor = Visit(web, *VISITORS[who])
    visitor.get("/login" if who == "nobody" else "/password")
    assert visitor.token
    heard: dict[int, int] = {}
    wrong: Wrong = []
    for method, path, words in requests(web, marked, who, random.Random(seed), times):
        if chosen.random() >= share:
            continue
        headers = {"X-CSRFToken": visitor.token, **words.get("headers", {})}
        answer = visitor.client.open(path, method=method, **{**words, "headers": headers})
        heard[answer.status_code] = heard.get(answer.status_code, 0) + 1
        line = f"{method} {path[:200]} {str(words)[:300]} ({who}): {answer.status_code}"
        if answer.status_code >= 500:
            wrong.append(f"{line} is no answer")
        if answer.mimetype in {"text/html", "application/json", "text/plain"}:
            body = answer.get_data(as_text=True)
            if found := hostile.SHOWN.search(body):
                wrong.append(f"{line} shows {found.group()[:100]}")
            if answer.mimetype == "text/html" and "<script>alert" in body:
                wrong.append(f"{line} lets a script in")
        answer.close()
    return heard, wrong


@pytest.fixture
def marked(owner, web) -> Marked:
    return mark(owner)


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize("who", VISITORS)
def test_nothing_that_is_sent_makes_the_platform_fail(web, marked, who):
    heard, wrong = walk(web, marked, who, SEED, 1, share=QUICK)
    assert wrong == []
    assert heard[200] > 20 * QUICK


@pytest.mark.long
@pytest.mark.usefixtures("today")
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("who", VISITORS)
def test_nothing_else_does_either(web, marked, who, seed):
    _heard, wrong = walk(web, marked, who, seed, 3)
    assert wrong == []


@pytest.mark.parametrize("host", ["evil.invalid", "[", "a b"])
def test_an_unknown_host_is_told_so_without_a_menu(web, host):
    answer = web.test_client().get("/login", headers={"Host": host})
    assert answer.status_code == 400
    assert "<nav" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("body", ['{"password": 1.5}', "[" * 100_000])
def test_a_page_takes_no_json(visit, body):
    visitor = visit(4, 4)
    visitor.get("/password")
    sent = visitor.client.post(
        "/password", data=body, content_type="application/json", headers={"X-CSRFToken": visitor.token}
    )
    assert sent.status_code == 400


def test_json_that_is_nested_too_deeply_is_no_object(visit):
    visitor = visit(4, 4)
    visitor.get("/password")
    sent = visitor.client.put(
        "/api/v1/person/2", data="[" * 100_000, content_type="application/json",
        headers={"X-CSRFToken": visitor.token},
    )  # fmt: skip
    assert (sent.status_code, sent.json["message"]) == (400, "请发送 JSON 对象。")
