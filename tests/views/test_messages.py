"""Every refusal is a page, or JSON, that says what to do next; never the text of an exception."""

import re

import pytest
from flask import Flask
from sqlalchemy import text

from app.security.scope import Forbidden
from app.services.errors import Decided, Faulty, ReasonMissing
from app.views.database import db
from app.views.messages import WORDS, answer


def raising(error: BaseException):
    def view():
        raise error

    return view


@pytest.mark.parametrize("code", sorted(WORDS))
def test_each_code_has_a_page_with_a_title_of_its_own(web: Flask, code):
    with web.test_request_context("/somewhere", headers={"Accept": "text/html"}):
        web.preprocess_request()
        made = answer(code)
        page = made.get_data(as_text=True)
    assert made.status_code == code
    assert re.search(r"<h1[^>]*>[^<]{2,}</h1>", page)
    assert str(code) in page


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Forbidden("person 1"), 403), (Decided(), 409), (ReasonMissing(), 400),
        (Faulty({"name": ["x"]}), 400), (KeyError("secret"), 500),
    ],
)  # fmt: skip
def test_a_domain_error_becomes_its_code_and_never_shows_itself(web: Flask, error, code, monkeypatch):
    monkeypatch.setitem(web.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(web.view_functions, "LoginPage.login", raising(error))
    made = web.test_client().get("/login")
    assert made.status_code == code
    assert "secret" not in made.get_data(as_text=True)
    assert "person 1" not in made.get_data(as_text=True)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("SELECT '99999999999999999999'::bigint", 400),
        ("SELECT 'x'::int", 400),
        ("DELETE FROM audit_event", 403),
        ("SELECT 1/0", 500),
    ],
)
def test_an_error_of_the_database_becomes_its_code(web: Flask, statement, code, monkeypatch):
    def view():
        db().execute(text(statement))
        return ""

    monkeypatch.setitem(web.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(web.view_functions, "LoginPage.login", view)
    made = web.test_client().get("/login")
    assert made.status_code == code
    assert "SELECT" not in made.get_data(as_text=True)


def test_a_text_that_cannot_be_sent_to_the_database_is_refused_in_words(web: Flask):
    made = web.test_client().get("/directory/organizations?kind=person&q=a%00b")
    assert (made.status_code, "DataError" in made.get_data(as_text=True)) == (400, False)


def test_a_program_is_answered_in_json(visit):
    made = visit(4, 4).get("/api/v1/person/999999")
    assert (made.status_code, made.mimetype) == (404, "application/json")
    assert set(made.json) == {"message", "request"}


def test_every_answer_carries_the_headers(visit):
    for path in ("/login", "/person/list/", "/nix"):
        headers = visit(4, 4).get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self'; img-src 'self' data:")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY")
        assert headers["Cache-Control"] == "no-store"
