"""The two pages of a forgotten password, and that nobody learns from them who has an account."""

import dataclasses
import re

import pytest
from sqlalchemy import text

from app.database import sessions
from app.services import outbox, recovery
from app.services.gateways.mail import Mail
from app.services.outbox import Post
from tests import postoffice
from tests.cast import ID_NUMBERS, number

EMAIL, NEW = "zhangli@example.cn", "Lantern-2031"
UNKNOWN = number("42100019900102999")


@pytest.fixture
def web(web, monkeypatch):
    """The platform sends mail."""
    settings = dataclasses.replace(web.config["SETTINGS"], smtp_host="mail.example.cn")
    monkeypatch.setitem(web.config, "SETTINGS", settings)
    return web


@pytest.fixture(autouse=True)
def registered(owner):
    with owner.begin() as connection:
        connection.execute(text("UPDATE ab_user SET contact_email = :to WHERE id = 31"), {"to": EMAIL})


@pytest.fixture
def mailed(engine, owner):
    """The codes that a real mail server was given."""

    def work():
        with postoffice.mail_server() as letters, sessions(engine)() as own:
            for each in own.scalars(text("SELECT id FROM recovery")).all():
                recovery.seek(own, each)
            mail = Mail(host="127.0.0.1", port=letters.port, security="none", sender="x@example.cn")
            outbox.send(own, Post(gateways=[mail]))
        return [re.findall(r"\d{6}", said)[0] for _to, said in letters.texts()]

    return work


def asked(visitor, typed=ID_NUMBERS[1], contact=EMAIL):
    visitor.page("/password/forgotten")
    return visitor.post("/password/forgotten", {"number": typed, "contact": contact})


def test_the_login_page_leads_to_a_new_password(visit, mailed):
    visitor = visit()
    assert 'href="/password/forgotten"' in visitor.page("/login")
    answer = asked(visitor)
    assert (answer.status_code, answer.location) == (302, "/password/recover")
    [code] = mailed()
    visitor.page("/password/recover")
    answer = visitor.post("/password/recover", {"code": code, "new": NEW, "again": NEW})
    assert (answer.status_code, answer.location) == (302, "/login")
    assert visitor.get("/password/recover").location == "/password/forgotten"
    visitor.page("/login")
    answer = visitor.post("/login", {"number": ID_NUMBERS[1], "password": NEW})
    assert (answer.status_code, answer.location) == (302, "/home")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"code": "", "new": NEW, "again": NEW}, "请输入验证码。"),
        ({"code": "000000", "new": NEW, "again": NEW}, "验证码不正确。"),
        ({"code": "000000", "new": NEW, "again": "other"}, "两次输入的密码不一致。"),
        ({"code": "000000", "new": "aB-12", "again": "aB-12"}, "密码长度为 8 至 128 个字符。"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(visit, form, said):
    visitor = visit()
    asked(visitor, UNKNOWN)
    visitor.page("/password/recover")
    page = visitor.post("/password/recover", form).get_data(as_text=True)
    assert f"</span>{said}</span>" in page
    assert form["new"] not in page


def test_who_asks_too_often_is_told_so(visit):
    visitor = visit()
    for _request in range(3):
        assert asked(visitor, UNKNOWN).status_code == 302
    assert "请 15 分钟后再试" in asked(visitor, UNKNOWN).get_data(as_text=True)


def test_an_address_that_can_be_none_is_said_at_its_field(visit):
    page = asked(visit(), contact="13800000001").get_data(as_text=True)
    assert "</span>本平台不向此处发送验证码，请改用另一种联系方式。</span>" in page


def test_where_nothing_can_be_sent_the_page_says_whom_to_ask(visit, web, monkeypatch):
    monkeypatch.setitem(web.config, "SETTINGS", dataclasses.replace(web.config["SETTINGS"], smtp_host=""))
    page = visit().page("/password/forgotten")
    assert ("本平台未开通验证码发送" in page, 'name="contact"' in page) == (True, False)
    assert visit().post("/password/forgotten", {"number": "1", "contact": "a@b.cn"}).status_code == 200


def seen(answer):
    """Everything of an answer that may tell something: status, length, names and lengths of headers.

    The cookie is left out that holds a random name: its length varies by itself.
    """
    headers = sorted((name, len(value)) for name, value in answer.headers if name != "Set-Cookie")
    return answer.status_code, len(answer.get_data()), headers, len(answer.headers.getlist("Set-Cookie"))


def test_an_account_and_none_are_answered_alike_at_both_pages(visit, mailed):
    answers = []
    for typed in (ID_NUMBERS[1], UNKNOWN):
        visitor = visit()
        first = asked(visitor, typed)
        mailed()
        visitor.page("/password/recover")
        wrong = [
            visitor.post("/password/recover", {"code": "abc", "new": NEW, "again": NEW}) for _try in range(6)
        ]
        answers.append([seen(each) for each in (first, *wrong)])
    assert answers[0] == answers[1]
