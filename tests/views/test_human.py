"""Where a person is asked for: at the login after a failed one, and always where robots would come."""

import re

import pytest

from tests.cast import ADMIN_NUMBERS, ID_NUMBERS, PASSWORD
from tests.views.test_public_pages import PERSON

REFUSED = "安全验证缺失或已过期"
NOTHING = {"human": ""}


def page(answer):
    return answer.get_data(as_text=True)


def added(shown):
    """What somebody without scripts types: the sum of the question on the page."""
    one, other = re.search(r"(\d) 加 (\d) 等于", shown).groups()
    token = re.search(r'name="human_token" value="([^"]+)"', shown).group(1)
    return {"human": "", "human_token": token, "human_sum": str(int(one) + int(other))}


def test_the_first_login_asks_for_nothing_and_after_a_failed_one_a_person_is_asked_for(visit):
    browser = visit()
    typed = {"number": ADMIN_NUMBERS[5], "password": PASSWORD}
    assert browser.post("/login", typed | NOTHING).status_code == 302

    other = visit()
    wrong = other.post("/login", typed | {"password": "Wrong-2026"} | NOTHING)
    assert wrong.status_code == 401
    assert REFUSED not in page(wrong)
    again = other.post("/login", typed | NOTHING)
    assert (again.status_code, REFUSED in page(again)) == (401, True)
    assert other.post("/login", typed | added(page(again))).status_code == 302


def test_the_check_is_asked_before_anything_is_known_of_the_number(visit):
    browser = visit()
    browser.post("/login", {"number": ADMIN_NUMBERS[5], "password": "Wrong-2026"})
    answers = [
        browser.post("/login", {"number": number, "password": "Wrong-2026"} | NOTHING)
        for number in (ADMIN_NUMBERS[5], ID_NUMBERS[1], "421000199001019999")
    ]
    assert [(answer.status_code, REFUSED in page(answer)) for answer in answers] == [(401, True)] * 3


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/register/person", PERSON),
        ("/progress", {"receipt": "0000-0000-0000-0000-0000"}),
        ("/progress", {"number": ID_NUMBERS[1], "password": PASSWORD}),
    ],
)
def test_forms_before_the_login_are_not_read_without_a_person(visit, path, typed):
    browser = visit()
    shown = browser.page(path)
    assert 'data-human="/human/work"' in shown
    refused = page(browser.post(path, typed | NOTHING))
    assert REFUSED in refused
    assert REFUSED not in page(browser.post(path, typed | added(refused)))


def test_a_challenge_is_not_kept_by_anybody_on_the_way(visit):
    answer = visit().get("/human/work")
    assert sorted(answer.get_json()) == ["challenge", "most", "salt", "signature"]
    assert answer.headers["Cache-Control"] == "no-store"
