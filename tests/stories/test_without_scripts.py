"""The same way without scripts: log in, declare, approve one (U17); verifying is told elsewhere."""

import pytest

from tests.browser.harness import PHONE, led_on, rows
from tests.cast import ADMIN_NUMBERS, ID_NUMBERS, PASSWORD
from tests.stories.plan import CONFERENCE
from tests.stories.steps import declare, fill, log_in, open_queue, said, send, verb

pytestmark = pytest.mark.browser


def test_hours_are_declared_and_approved_without_any_script(person, owner):
    page = person("nobody", size=PHONE, script=False)
    log_in(page, "professional", ID_NUMBERS[1], PASSWORD)
    assert page.url.endswith("/my/year")
    declare(page, CONFERENCE.subject, CONFERENCE.form, {"title": CONFERENCE.title, **CONFERENCE.answers})
    assert CONFERENCE.title in said(page)

    hospital = person("nobody", script=False)
    log_in(hospital, "employer", ADMIN_NUMBERS[21], PASSWORD)
    open_queue(hospital, "hours")
    led_on(hospital, hospital.get_by_role("link", name=CONFERENCE.title).click)
    led_on(hospital, hospital.get_by_role("button", name=verb("hours", 0, "approve")).first.click)
    assert rows(owner, "SELECT verdict FROM decision") == [("approve",)]


def test_another_form_is_asked_for_without_any_script(person):
    page = person("professional", size=PHONE, script=False)
    page.goto("/my/hours/declare?subject=professional&form=conference")
    fill(page, {"answer_title": "肝胆外科新进展"})
    page.locator("main select[name=form]").select_option("lecture")
    send(page, "Show the fields")
    assert page.locator("[name=answer_title]").input_value() == "肝胆外科新进展"
    assert page.locator("[name=answer_half_days]").count() == 1


def test_a_whole_queue_is_approved_without_any_script(person, owner):
    page = person("professional", script=False)
    for title in ("全国心血管病大会", "全国护理学大会"):
        declare(page, CONFERENCE.subject, CONFERENCE.form, {"title": title, **CONFERENCE.answers})
    hospital = person("second administrator", script=False)
    hospital.goto("/reviews/hours/")
    hospital.locator("[name=whole]").check()
    led_on(hospital, hospital.locator(".bulk .btn-primary").click)
    led_on(hospital, hospital.locator(".form-foot .btn-primary").click)
    assert rows(owner, "SELECT verdict FROM decision") == [("approve",), ("approve",)]
