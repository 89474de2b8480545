"""A reviewer's morning without a mouse: log in, decide, give a reason, log out (U4)."""

import pytest

from tests.browser.harness import led_on, rows
from tests.cast import ADMIN_NUMBERS, PASSWORD
from tests.services.reviewing import conference, declared
from tests.stories.steps import words

pytestmark = pytest.mark.browser

MOST = 60
"""Presses of Tab after which something counts as out of reach."""

MARKED = """(selector) => {
    const here = document.activeElement, seen = getComputedStyle(here);
    if (!here.matches(selector)) return '';
    return seen.outlineStyle !== 'none' || seen.boxShadow !== 'none' ? 'marked' : 'not to be seen';
}"""


@pytest.fixture
def waiting(web, session_for, cast):
    """Two declarations of 张丽 wait at her hospital."""
    zhang = session_for(cast.professional(1))
    for title in ("全国心血管病大会", "全国护理学大会"):
        declared(zhang, conference(title))


def tab_to(page, selector):
    """Press Tab until this has the focus, and see that it is marked."""
    for _press in range(MOST):
        page.keyboard.press("Tab")
        if found := page.evaluate(MARKED, selector):
            assert found == "marked", selector
            return
    raise AssertionError(f"{selector} is out of reach")


def press(page, key):
    led_on(page, lambda: page.keyboard.press(key))


def test_a_reviewer_decides_by_keys_alone(person, web, owner, waiting):
    page = person("nobody")
    page.goto("/login?as=employer")
    tab_to(page, "[name=number]")
    page.keyboard.type(ADMIN_NUMBERS[21])
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    press(page, "Enter")

    tab_to(page, "a.todo[href='/reviews/hours/']")
    press(page, "Enter")
    page.keyboard.press("j")
    press(page, "Enter")
    press(page, "a")

    page.keyboard.press("r")
    tab_to(page, "#reason")
    page.keyboard.type("会议 a r j k 级别不符")
    tab_to(page, ".decide .btn-danger")
    press(page, "Enter")
    decisions = "SELECT verdict, reason FROM decision ORDER BY id"
    assert rows(owner, decisions) == [("approve", ""), ("reject", "会议 a r j k 级别不符")]

    tab_to(page, "details[data-menu]:last-of-type > summary")
    page.keyboard.press("Enter")
    tab_to(page, "form[action='/logout'] button")
    press(page, "Enter")
    assert words("You are logged out.") in page.locator("#messages").inner_text()
