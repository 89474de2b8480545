"""The REST resource of a screen: the same rows, words and masks."""

import pytest
from sqlalchemy import text

from tests.cast import number


def test_a_list_holds_what_the_screen_shows(visit):
    told = visit(4, 4).get("/api/v1/person/").json
    assert (told["count"], told["capped"], told["more"], told["ids"]) == (4, False, False, [6, 3, 2, 1])
    assert told["result"][3]["id_number"] == "421000********1239"
    assert told["result"][3]["organization_id"] == {"id": 4, "name": "荆州市中心医院"}


def test_words_and_places_are_those_of_the_list(visit):
    client = visit(4, 4)
    assert client.get("/api/v1/person/?name=丽").json["ids"] == [1]
    assert client.get("/api/v1/person/?size=2").json["ids"] == [6, 3]
    assert client.get("/api/v1/person/?size=2&after=3").json["ids"] == [2, 1]
    assert len(client.get("/api/v1/person/?size=100000").json["ids"]) == 4


@pytest.mark.parametrize(
    "query", ["nix=1", "email=x", "id_number=12", "id_number_index=x", "extra=1", "q=(a:b)"]
)
def test_what_cannot_be_searched_is_said(visit, query):
    answer = visit(4, 4).get(f"/api/v1/person/?{query}")
    assert answer.status_code == 400
    assert list(answer.json["fields"]) == [query.split("=")[0]]


def send(client, verb: str, path: str, body, seen: str = "*") -> object:
    client.get("/person/add")
    headers = {"X-CSRFToken": client.token} | ({"If-Match": seen} if seen else {})
    return getattr(client.client, verb)(path, json=body, headers=headers)


def test_a_row_is_made_and_changed(visit, owner):
    client = visit(4, 4)
    made = send(client, "post", "/api/v1/person/", {"name": "李雷", "id_number": number("42100019900101555")})
    assert made.status_code == 201
    changed = send(client, "put", f"/api/v1/person/{made.json['id']}", {"title": "工程师"})
    assert (changed.status_code, changed.json["result"]["title"]) == (200, "工程师")
    with owner.connect() as connection:
        kept = connection.execute(
            text("SELECT action FROM audit_event WHERE object_id = :id ORDER BY id"), {"id": made.json["id"]}
        )
        assert list(kept.scalars()) == ["create", "update"]


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ({"organization_id": 8}, ["organization_id"]),
        ({"state": "closed"}, ["state"]),
        ({"ancestor_1": 8, "name": "X"}, ["ancestor_1"]),
        ({"id_number": "421000199001011230"}, ["id_number"]),
        ({"birth_date": "2999-01-01"}, ["birth_date"]),
        ({"title_series": "nix"}, ["title_series"]),
        ({"name": "长" * 200}, ["name"]),
        ({"name": {"a": 1}}, ["name"]),
        ({"name": ["x"]}, ["name"]),
        ({"name": 10**30}, ["name"]),
        ([], [""]),
        ("x", [""]),
        (None, [""]),
    ],
)
def test_what_may_not_be_written_is_refused_by_name(visit, owner, body, keys):
    answer = send(visit(4, 4), "put", "/api/v1/person/1", body)
    assert answer.status_code == 400
    assert list(answer.json["fields"]) == keys
    with owner.connect() as connection:
        row = connection.execute(text("SELECT name, organization_id, state FROM person WHERE id = 1")).one()
    assert tuple(row) == ("张丽", 4, "active")


def test_a_row_out_of_reach_is_not_found_and_a_read_only_one_refused(visit):
    assert send(visit(4, 4), "put", "/api/v1/person/4", {"title": "X"}).status_code == 404
    assert send(visit(3, 3), "put", "/api/v1/person/1", {"title": "X"}).status_code == 403


def test_a_resource_says_what_it_is(visit):
    told = visit(4, 4).get("/api/v1/person/_info").json["fields"]
    number_field = {key: word for key, word in told["id_number"].items() if key != "label"}
    assert number_field == {
        "kind": "sealed",
        "masked": True,
        "required": True,
        "searched": True,
        "written": True,
    }
    assert {choice["key"] for choice in told["gender"]["choices"]} == {"male", "female"}


def test_a_resource_without_a_form_is_read_only(visit):
    client = visit(4, 4)
    for verb, path in (("post", "/api/v1/hour_record/"), ("put", "/api/v1/hour_record/1")):
        assert send(client, verb, path, {}).status_code == 405
