"""What differs between provinces on the way of one hour, in short; the whole way is test_the_whole_way.py."""

import pytest

from tests.browser.harness import PHONE, led_on
from tests.stories import chapters
from tests.stories.plan import CONFERENCE
from tests.stories.steps import declare, said, verb, words

pytestmark = pytest.mark.browser

ELSEWHERE = pytest.mark.parametrize("province", ["hainan", "shandong"], indirect=True)


@ELSEWHERE
def test_a_unit_is_let_in_once_its_department_has_approved_it(person, province):
    chen = chapters.a_unit_registers(person)
    chapters.it_waits_for_its_review(chen)
    chapters.the_department_approves_it(person)
    chapters.comes_in(chen)
    assert chapters.UNIT in chen.page.locator("header").inner_text()


@ELSEWHERE
def test_hours_go_the_way_of_the_province_under_its_own_words(person, province):
    zhang, hospital = person("professional", size=PHONE), person("employer")
    declare(zhang, CONFERENCE.subject, CONFERENCE.form, {"title": CONFERENCE.title, **CONFERENCE.answers})
    hospital.goto("/reviews/hours/")
    led_on(hospital, hospital.get_by_role("link", name=CONFERENCE.title).click)
    assert verb("hours", 0, "approve") in hospital.locator(".decide .btn-primary").inner_text()
    assert verb("hours", 0, "reject") in hospital.locator(".decide summary").first.inner_text()
    led_on(hospital, lambda: hospital.keyboard.press("a"))
    steps = province.reviews["hours"].steps
    assert chapters.page_sum(zhang) == ("12" if len(steps) == 1 else "0")
    chapters.those_above_approve(person, 1)
    assert chapters.page_sum(zhang) == "12"


@pytest.mark.parametrize("province", ["hubei", "hainan", "shandong"], indirect=True)
def test_the_portal_has_the_user_types_of_its_province_in_both_languages(person, province):
    page = person("nobody")
    page.goto("/")
    told = said(page)
    for user_type in province.user_types:
        assert user_type.label.zh in told
        assert user_type.label.en in told
    assert province.portal.login_window.zh in told
    assert (page.locator("main form").count() == 0) == (province.portal.entries == "separate")
    assert page.get_by_role("link", name=words("Register")).count() > 0
