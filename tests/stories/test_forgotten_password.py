"""A password is forgotten and a new one chosen: on a phone, without scripts, by a real mail."""

import dataclasses
import re
import time

import pytest
from sqlalchemy import text

from tests import postoffice
from tests.browser.harness import PHONE, led_on, rows
from tests.browser.stumbling import faults, too_small, too_wide
from tests.cast import ID_NUMBERS, PASSWORD
from tests.stories.steps import add_up, fill, log_in, said, send, words

pytestmark = pytest.mark.browser

EMAIL, NEW = "zhangli@example.cn", "Lantern 2031"


@pytest.fixture(autouse=True)
def _today():
    """Today: the worker is a program of its own, and its clock must agree on ten minutes."""


@pytest.fixture
def letters():
    with postoffice.mail_server() as kept:
        yield kept


@pytest.fixture
def web(web, owner, letters, monkeypatch):
    """The platform sends mail through this server, and its worker is told so in its environment."""
    monkeypatch.setenv("XUESHI_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("XUESHI_SMTP_PORT", str(letters.port))
    monkeypatch.setenv("XUESHI_SMTP_SECURITY", "none")
    monkeypatch.setenv("XUESHI_MAIL_FROM", "xueshi@example.cn")
    settings = dataclasses.replace(
        web.config["SETTINGS"], smtp_host="127.0.0.1", smtp_port=letters.port, mail_from="xueshi@example.cn"
    )
    monkeypatch.setitem(web.config, "SETTINGS", settings)
    with owner.begin() as connection:
        connection.execute(text("UPDATE ab_user SET contact_email = :to WHERE id = 31"), {"to": EMAIL})
    return web


def arrived(letters, count):
    """The mails, once so many have come."""
    end = time.monotonic() + 120  # what nobody waits for is sent once a minute
    while len(letters.taken) < count and time.monotonic() < end:
        time.sleep(0.1)
    return letters.texts()


def code_for(page, letters):
    """From the login page to the mail with the code."""
    page.goto("/login")
    led_on(page, page.get_by_role("link", name=words("Forgotten your password?")).click)
    fill(page, {"number": ID_NUMBERS[1], "contact": EMAIL})
    send(page, "Send the code")
    to, told = arrived(letters, 1)[0]
    assert to == EMAIL
    return re.findall(r"\d{6}", told)[0]


def test_a_forgotten_password_is_replaced_by_mail_without_any_script(person, worker, letters, owner):
    signed_in = person("professional")
    signed_in.goto("/my/year")
    page = person("nobody", size=PHONE, script=False)
    code = code_for(page, letters)
    fill(page, {"code": code, "new": NEW, "again": NEW})
    send(page, "Change password")
    assert words("Your password is changed and every session has ended. Log in with it.") in said(page)

    signed_in.reload()
    assert signed_in.url.endswith("/login?next=/my/year")
    fill(page, {"number": ID_NUMBERS[1], "password": PASSWORD})
    page.locator("main .form-foot .btn-primary").first.click()
    page.locator(".summary").wait_for()
    log_in(page, "professional", ID_NUMBERS[1], NEW)
    assert page.url.endswith("/my/year")

    assert [told for _to, told in arrived(letters, 2)][1].startswith(words(TOLD))
    led_on(page, page.locator(".topbar a[href='/messages/']").click)
    assert words(TOLD) in said(page)
    send(page, "Mark all as read")
    assert rows(owner, "SELECT kind, state FROM message WHERE read_at IS NOT NULL ORDER BY id") == [
        ("recovery_code", "sent"), ("password_changed", "sent"),
    ]  # fmt: skip


TOLD = (
    "The password of your account was changed, and all its sessions ended. If it was not you, tell"
    " the help desk at once."
)


@pytest.mark.parametrize(("size", "dark"), [(PHONE, True), ((1440, 900), False)], ids=["phone", "desk"])
def test_each_of_its_pages_is_accessible(person, worker, letters, size, dark):
    page = person("nobody", size=size, dark=dark)
    wrong = []
    page.goto("/password/forgotten")
    wrong += faults(page) + too_small(page) + too_wide(page)
    fill(page, {"number": ID_NUMBERS[1], "contact": "nobody"})
    send_wrong(page, "Send the code")
    wrong += faults(page) + too_small(page) + too_wide(page)
    code_for(page, letters)
    wrong += faults(page) + too_small(page) + too_wide(page)
    fill(page, {"code": "1", "new": "a", "again": "a"})
    send_wrong(page, "Change password")
    wrong += faults(page) + too_small(page) + too_wide(page)
    assert wrong == []


def send_wrong(page, msgid):
    """Press the button, and be told what is wrong."""
    add_up(page)
    led_on(page, page.get_by_role("button", name=words(msgid)).click)
    assert page.locator(".summary li").count() == 1
