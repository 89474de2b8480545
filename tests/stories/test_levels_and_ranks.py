"""On a phone: a conference counts by its level and a paper by the author's rank, with evidence of each."""

import pytest
from playwright.sync_api import expect

from tests.browser.harness import PHONE, led_on, rows
from tests.stories.steps import answered, approve_by_key, fill, open_queue, photograph, said, send, words

pytestmark = pytest.mark.browser

CONFERENCE = {"title": "全国护理学术会议", "level": "provincial"}
PAPER = {"title": "急诊分诊流程的改进", "kind": "core", "rank": "2"}


def begun(page, form):
    """The form of one learning form, as one comes to it from the year."""
    page.goto("/my/year")
    led_on(page, page.get_by_role("link", name=words("Declare hours")).last.click)
    led_on(page, page.locator(f"main a[href*='subject=professional&form={form}']").click)
    return page.locator("main .worth strong")


@pytest.mark.long
def test_hours_follow_from_the_level_of_a_conference_and_the_rank_of_an_author(window, owner):
    mine = window(31, None, size=PHONE)
    page = mine.open("/my/year")
    worth = begun(page, "conference")
    fill(page, answered("conference", CONFERENCE))
    expect(worth).to_have_text("8 学时")
    page.locator("main [name=answer_level]").select_option("national")
    expect(worth).to_have_text("12 学时")
    page.locator("main input[name=evidence]").set_input_files(photograph())
    page.evaluate("scrollTo(0, 0)")  # what stays in view lies over a field while one scrolls
    assert mine.faults() == []
    send(page, "Send for review")

    worth = begun(page, "paper")
    assert page.locator("main [name=answer_level]").count() == 0
    fill(page, answered("paper", PAPER))
    expect(worth).to_have_text("21 学时")
    page.locator("main [name=answer_rank]").fill("1")
    expect(worth).to_have_text("24 学时")
    page.locator("main input[name=evidence]").set_input_files(photograph())
    page.evaluate("scrollTo(0, 0)")  # what stays in view lies over a field while one scrolls
    assert mine.faults() == []
    send(page, "Send for review")

    for place in ((21, 21), (3, 3), (2, 2)):
        for title in (PAPER["title"], CONFERENCE["title"]):
            above = window(*place).open("/home")
            open_queue(above, "hours")
            approve_by_key(above, title)
    page.goto("/my/year")
    assert "36 / 60" in said(page)
    led_on(page, page.get_by_role("link", name=PAPER["title"]).click)
    assert ["24" in said(page), "结业证书.jpg" in said(page)] == [True, True]
    assert mine.faults() == []
    counted = "SELECT form, hours FROM hour_entry ORDER BY form"
    assert rows(owner, counted) == [("conference", 12), ("paper", 24)]
