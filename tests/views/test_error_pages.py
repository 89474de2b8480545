"""Whoever is signed in stays in the frame where he works, also when something is not as it should be."""

import pytest
from sqlalchemy import text

from app.views.database import db

FRAME = ('id="side"', 'action="/logout"')


def framed(page: str) -> bool:
    """Whether the menu and the way out stand around a page, and no way in."""
    return all(part in page for part in FRAME) and 'href="/login' not in page


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("get", "/nothing/here", 404),
        ("get", "/person/show/4", 404),
        ("get", "/certificate/edit/1", 404),
        ("get", "/person/edit/5", 404),
        ("post", "/organization/export", 403),
        ("get", "/logout", 405),
        ("post", "/home", 405),
    ],
)
def test_an_error_stands_in_the_frame_of_whoever_is_signed_in(visit, method, path, code):
    client = visit(4, 4)
    client.page("/home")
    answer = getattr(client, method)(path)
    assert (answer.status_code, framed(answer.get_data(as_text=True))) == (code, True)


def test_a_form_that_has_expired_is_refused_in_the_frame_too(visit):
    answer = visit(4, 4).client.post("/person/edit/1", data={"name": "X"})
    assert (answer.status_code, framed(answer.get_data(as_text=True))) == (400, True)


def test_what_breaks_inside_is_told_in_the_frame_and_without_it_where_the_frame_breaks_too(
    web, visit, monkeypatch
):
    client = visit(4, 4)
    web.config["PROPAGATE_EXCEPTIONS"] = False

    def broken(*_words, **_more):
        raise RuntimeError

    monkeypatch.setitem(web.view_functions, "VerifyPage.verify", broken)
    answer = client.get("/verify/x")
    assert (answer.status_code, framed(answer.get_data(as_text=True))) == (500, True)
    monkeypatch.setattr("app.views.menu.waiting", broken)
    answer = client.get("/verify/x")
    assert (answer.status_code, framed(answer.get_data(as_text=True))) == (500, False)
    assert "<h1" in answer.get_data(as_text=True)


def test_a_visitor_sees_the_frame_of_visitors(visit):
    page = visit().get("/nothing/here").get_data(as_text=True)
    assert 'href="/login' in page
    assert 'id="side"' not in page


@pytest.mark.parametrize("state", ["40P01", "40001"])
def test_who_collides_with_somebody_else_is_told_to_do_it_once_more(web, visit, monkeypatch, state):
    def collide(*_words, **_more):
        db().execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$"))

    monkeypatch.setitem(web.view_functions, "VerifyPage.verify", collide)
    answer = visit(4, 4).get("/verify/x")
    assert answer.status_code == 409
    assert "有人同时在修改同一内容，您的操作没有执行，请再做一次。" in answer.get_data(as_text=True)
