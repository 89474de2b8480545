"""The check before the login, in a real browser: nobody notices it, and whoever has no scripts can add."""

import pytest

from tests.browser.harness import PHONE, led_on
from tests.cast import ADMIN_NUMBERS, PASSWORD
from tests.stories.steps import add_up, fill, log_in, said, words

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False])
def test_after_a_wrong_password_one_logs_in_with_scripts_and_without(person, script):
    page = person("nobody", size=PHONE, script=script)
    page.goto("/login?as=employer")
    for _time in range(2):
        fill(page, {"number": ADMIN_NUMBERS[5], "password": "Wrong-2026"})
        add_up(page)
        led_on(page, page.locator("main .form-foot .btn-primary").first.click)
        assert words("The account or the password is wrong. Please enter them again.") in said(page)
    assert page.locator("#human_sum").is_visible() is not script
    log_in(page, "employer", ADMIN_NUMBERS[5], PASSWORD)
    assert page.url.endswith("/home")


def test_the_work_is_done_while_one_types_and_its_end_is_told_to_those_who_listen(person):
    page = person("nobody")
    page.goto("/progress")
    status = page.locator(".human [role=status]")
    assert status.inner_text() == ""
    page.locator("[name=receipt]").focus()
    page.get_by_text(words("The security check is done.")).wait_for()
    assert page.locator("[name=human]").input_value() != ""


def test_where_the_work_cannot_be_had_the_sum_is_asked_instead(person):
    page = person("nobody")
    page.route("**/human/work", lambda route: route.fulfill(status=200, body="nothing"))
    page.goto("/progress")
    page.locator("[name=receipt]").fill("0000-0000-0000-0000-0000")
    page.locator("#human_sum").wait_for(state="visible")
    add_up(page)
    led_on(page, page.locator("main .form-foot .btn-primary").first.click)
    assert words("There is no registration with this receipt code.") in said(page)
