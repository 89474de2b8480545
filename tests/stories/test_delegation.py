"""The hospital's administrator goes on leave; a colleague approves hours in his name, and then no more."""

import pytest

from tests.browser.harness import led_on, rows
from tests.services.reviewing import declared, review_of
from tests.stories.steps import button, said, send, words

pytestmark = pytest.mark.usefixtures("province")


@pytest.fixture
def review(session_for, cast):
    """张丽 has declared hours, which wait at the hospital."""
    zhang = session_for(cast.professional(1))
    made = review_of(zhang, declared(zhang))
    zhang.commit()
    return made.id


def switch(page) -> None:
    """By the menu with the unit's name, to the post on behalf of 王强."""
    page.locator("details[data-menu] summary").first.click()
    led_on(page, page.get_by_role("button", name="代王强").click)


def test_a_colleague_decides_on_behalf_while_one_is_away_and_not_afterwards(window, owner, review):
    head = window(4, 4).open("/appointment/list/")
    led_on(head, head.get_by_role("link", name=words("Delegate")).click)
    head.get_by_label("刘芳").check()
    head.locator("[name=last]").fill(head.locator("[name=first]").input_value())
    send(head, "Delegate")
    assert "王强" in said(head)
    record = head.url

    colleague = window(21, 21).open("/home")
    switch(colleague)
    assert "代王强" in colleague.locator("details[data-menu]").first.inner_text()
    colleague.goto(f"/reviews/hours/{review}")
    led_on(colleague, lambda: colleague.keyboard.press("a"))
    assert rows(owner, "SELECT name, on_behalf, verdict FROM decision") == [("刘芳", "王强", "approve")]
    colleague.goto(f"/reviews/hours/{review}")
    assert "刘芳（代王强）" in said(colleague)

    head.goto(record)
    button(head, "End the delegation").click()
    led_on(head, head.locator("dialog[open] .btn-primary, dialog[open] .btn-danger").first.click)
    assert words("End the delegation") not in head.locator(".page-head").inner_text()

    colleague.goto("/home")
    assert "/login" in colleague.url


def test_the_page_has_no_faults_on_a_phone(window):
    seen = window(4, 4, size=(390, 844))
    seen.open("/delegations/new")
    assert seen.faults() == []
