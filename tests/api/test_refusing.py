"""Who is not answered: each request is signed, now, once, from where and for what the program may ask."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.database import clock
from app.security.actor import Actor
from app.services import api_clients
from tests.api.program import REVIEW, Program
from tests.cast import ID_NUMBERS
from tests.services.reviewing import NOW

pytestmark = pytest.mark.usefixtures("today")
QUESTION = {"purpose": "title_review", "id_number": ID_NUMBERS[1], "years": [2026]}


def test_a_request_counts_once(program):
    path, body = f"{REVIEW}/person", json.dumps(QUESTION).encode()
    header = program.signed(path, body)
    assert [program.send(path, body, header).status_code for _ in range(2)] == [200, 401]
    assert program.send(path, body, header).json["error"] == "replayed"


def test_what_was_signed_is_what_is_asked(program):
    path, body = f"{REVIEW}/person", json.dumps(QUESTION).encode()
    other = body.replace(b"2026", b"2025")
    assert program.send(path, other, program.signed(path, body)).json["error"] == "signature"
    assert program.send(f"{REVIEW}/persons", body, program.signed(path, body)).json["error"] == "signature"
    assert program.error("person", QUESTION, method="GET") == (401, "signature")


@pytest.mark.parametrize(("seconds", "answered"), [(-301, 401), (-299, 200), (299, 200), (301, 401)])
def test_a_clock_may_be_five_minutes_off(program, seconds, answered):
    at = str(int(clock.now().timestamp()) + seconds)
    assert program.ask("person", QUESTION, at=at).status_code == answered


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"active": False}, (403, "inactive")),
        ({"valid_until": date(2026, 11, 21)}, (403, "inactive")),
        ({"addresses": "10.0.0.0/8"}, (403, "address")),
        ({"for_title_review": False, "for_appraisal": True}, (403, "purpose")),
    ],
)
def test_who_may_not_ask_is_told_why(let_in, fields, error):
    program, _client = let_in(**fields)
    assert program.error("person", QUESTION) == error


def test_nobody_signs_for_another(let_in, web):
    first, second = let_in()[0], let_in(6)[0]
    assert Program(web, first.key, second.secret).error("person", QUESTION) == (401, "signature")
    assert Program(web, "xs-0000000000000000", first.secret).error("person", QUESTION) == (401, "signature")
    assert first.ask("person", QUESTION).status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer x", "XUESHI-HMAC-SHA256 key=a, time=1, nonce=b, signature=c"])
def test_what_is_not_signed_is_not_answered(program, header):
    answer = program.send(f"{REVIEW}/person", b"{}", header)
    assert (answer.status_code, answer.json["error"]) == (401, "unsigned")


def test_no_question_stands_in_an_address(program):
    path, body = f"{REVIEW}/person", json.dumps(QUESTION).encode()
    assert program.send(f"{path}?x=1", body, program.signed(path, body)).json["error"] == "unsigned"
    assert program.client.get(path).status_code == 405


@pytest.mark.parametrize(
    ("name", "asked", "at"),
    [
        ("changes", {"purpose": "title_review", "most": 1_000_000}, "most"),
        ("changes", {"purpose": "title_review", "after": -1}, "after"),
        (
            "persons",
            {"purpose": "title_review", "id_numbers": ["12345"] * 101, "years": [2026]},
            "id_numbers",
        ),
        ("person", QUESTION | {"years": []}, "years"),
        ("person", QUESTION | {"years": [10**40]}, "years.0"),
        ("person", QUESTION | {"id_number": "4210\u0000"}, "id_number"),
        ("person", QUESTION | {"purpose": "curiosity"}, "purpose"),
        ("person", QUESTION | {"organization_id": 1}, "organization_id"),
        ("person", [], "body"),
    ],
)
def test_a_body_that_is_not_as_described_is_refused_where_it_is_wrong(program, name, asked, at):
    answer = program.ask(name, asked)
    assert (answer.status_code, answer.json["error"], list(answer.json["fields"])) == (400, "body", [at])
    assert ID_NUMBERS[1] not in answer.get_data(as_text=True)


def test_a_body_larger_than_64_kib_is_not_read(program):
    path, body = f"{REVIEW}/person", b" " * 70_000
    assert program.send(path, body, program.signed(path, body)).json["error"] == "too_large"


def test_the_quota_of_a_day_is_kept_in_the_database(let_in, sql):
    program, _client = let_in(quota=3)
    two = {"purpose": "title_review", "id_numbers": [ID_NUMBERS[1], ID_NUMBERS[2]], "years": [2026]}
    assert [program.ask("persons", two).status_code for _ in range(2)] == [200, 429]
    assert program.ask("person", QUESTION).status_code == 200
    assert program.error("person", QUESTION) == (429, "quota")
    assert sql("SELECT asked FROM api_use") == [(3,)]
    with clock.fixed(NOW + timedelta(days=1)):
        assert program.ask("person", QUESTION).status_code == 200


def test_a_former_secret_holds_for_a_week_or_until_it_is_ended(let_in, session_for, cast):
    program, client = let_in()
    session = session_for(cast.administrator(1))
    new = Program(program.web, program.key, api_clients.rotate(session, client.id))
    assert [each.ask("person", QUESTION).status_code for each in (program, new)] == [200, 200]
    with clock.fixed(NOW + timedelta(days=7, seconds=1)):
        assert [each.ask("person", QUESTION).status_code for each in (program, new)] == [401, 200]
    api_clients.end_former(session, client.id)
    assert [each.ask("person", QUESTION).status_code for each in (program, new)] == [401, 200]


def test_wrong_signatures_from_one_address_come_to_an_end(program, monkeypatch):
    monkeypatch.setattr("app.services.signed_requests.FAILURES", 2)
    thief = Program(program.web, program.key, "guessed")
    assert [thief.ask("person", QUESTION).status_code for _ in range(3)] == [401, 401, 429]
    assert program.ask("person", QUESTION).status_code == 200


def test_a_login_answers_no_program(visit, program):
    answer = visit(1, 1).client.post(f"{REVIEW}/person", json=QUESTION)
    assert answer.json["error"] == "unsigned"


def test_no_secret_is_kept_in_clear(program, sql):
    [(row,)] = sql("SELECT to_jsonb(c)::text FROM api_client c")
    assert program.secret not in row
    assert program.secret.encode().hex() not in row


def test_the_walls_open_nothing_to_a_program(session_for, sql, let_in):
    _program, client = let_in()
    session = session_for(Actor(name="x", kind="client", client_id=client.id))
    tables = [name for (name,) in sql("SELECT tablename FROM pg_tables WHERE rowsecurity")]
    public = {"region", "organization", "role"}
    seen = {name for name in tables if session.execute(text(f"SELECT count(*) FROM {name}")).scalar()}
    assert seen - public == set()
