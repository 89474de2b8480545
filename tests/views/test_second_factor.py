"""The second factor as people see it: at the login, when it is set up, taken away, reset."""

import re
from dataclasses import replace

import pytest

from app.database import clock
from tests.cast import ADMIN_NUMBERS, PASSWORD, code
from tests.services.reviewing import really

KEY = re.compile(r"data-copy=\"((?:[A-Z2-7]{4} ?){8})\"")
CARRIED = re.compile(r'name="token"[^>]*value="([^"]+)"')


def half(visit):
    browser = visit()
    browser.get("/login")
    browser.post("/login?next=/organization/list/", {"number": ADMIN_NUMBERS[2], "password": PASSWORD})
    return browser


def turned_on(browser, **more):
    page = browser.page("/second-factor/set-up")
    secret = KEY.search(page).group(1).replace(" ", "")
    typed = {"token": CARRIED.search(page).group(1), "code": code(clock.now(), secret), "password": PASSWORD}
    return browser.post("/second-factor/set-up", {**typed, **more})


def test_the_code_is_asked_after_the_password_and_leads_where_one_wanted_to_go(visit):
    browser = half(visit)
    assert browser.get("/home").status_code == 401
    assert browser.get("/second-factor/code").status_code == 200
    wrong = browser.post("/second-factor/code", {"code": "000000"})
    assert "code-error" in wrong.get_data(as_text=True)
    answer = browser.post("/second-factor/code", {"code": code()})
    assert answer.location == "/organization/list/"
    assert browser.get("/home").status_code == 200


def test_without_the_password_there_is_no_page_for_a_code(visit):
    assert visit().get("/second-factor/code").location == "/login"


def test_who_must_have_one_gets_nowhere_before_it_is_set_up(visit, owner):
    with owner.begin() as connection:
        connection.exec_driver_sql("DELETE FROM second_factor WHERE account_id = 2")
    browser = visit(2, 2)
    for path in ("/home", "/organization/list/", "/api/v1/organization/", "/password"):
        answer = browser.get(path)
        assert (answer.status_code, answer.location) in {(302, "/second-factor/set-up"), (200, None)}
        assert (answer.status_code == 200) == (path == "/password")
    done = turned_on(browser)
    assert len(re.findall(r"<li><code>[a-z2-9]{5}-[a-z2-9]{5}</code>", done.get_data(as_text=True))) == 10
    assert browser.get("/home").status_code == 200


def test_the_key_stands_as_a_picture_and_as_text_and_stays_when_a_code_is_wrong(visit):
    browser = visit(4, 4)
    page = browser.page("/second-factor/set-up")
    assert 'src="data:image/svg+xml' in page
    carried = CARRIED.search(page).group(1)
    again = browser.post("/second-factor/set-up", {"token": carried, "code": "000000", "password": PASSWORD})
    assert KEY.search(again.get_data(as_text=True)).group(1) == KEY.search(page).group(1)


def test_whoever_need_not_have_one_takes_it_away(visit, owner):
    browser = visit(4, 4)
    codes = re.findall(r"<li><code>([a-z0-9-]+)</code>", turned_on(browser).get_data(as_text=True))
    browser.page("/second-factor/remove")
    browser.post("/second-factor/remove", {"code": codes[0], "password": PASSWORD})
    assert really(owner, "SELECT id FROM second_factor WHERE account_id = 4") == []
    assert visit(2, 2).get("/second-factor/remove").location == "/second-factor/set-up"


LOST = [("administrator/21", "/appointment/show/21", 21), ("person/1", "/person/show/1", 31)]


@pytest.mark.parametrize(("whose", "show", "account"), LOST)
def test_a_lost_one_is_reset_by_a_button_that_asks(visit, owner, whose, show, account):
    path = f"/lost-factor/{whose}"
    turned_on(visit(account, account if account == 21 else None))
    head = visit(4, 4)
    assert path in head.page(show)
    assert head.post(path).location == show
    assert really(owner, "SELECT id FROM second_factor WHERE account_id = :id", id=account) == []
    clerk = visit(21, 21)
    clerk.get("/password")
    assert clerk.post(path).status_code == 403


def test_a_demonstration_asks_it_of_nobody(visit, owner, web, monkeypatch):
    with owner.begin() as connection:
        connection.exec_driver_sql("DELETE FROM second_factor WHERE account_id = 2")
    assert visit(2, 2).get("/home").location == "/second-factor/set-up"
    monkeypatch.setitem(web.config, "SETTINGS", replace(web.config["SETTINGS"], demo=True))
    assert visit(2, 2).get("/home").status_code == 200
