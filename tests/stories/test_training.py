"""培训班: from a plan to hours that count, with two people half present; and signing in on a phone."""

import pytest

from app.services import sign_in_codes
from tests.browser.harness import led_on, rows
from tests.services.training import CLASS, HALF_DAYS, PLAN, at, made
from tests.stories.steps import fill, photograph, said, send, words
from tests.stories.test_administrators import Counting


def test_on_a_phone_one_signs_in_with_the_code_that_the_room_shows(window, session_for, cast):
    found = made(session_for, cast)
    with at(23, 9):
        desk = window(21, 21).open(f"/classes/{found.id}")
        led_on(desk, desk.get_by_role("link", name=words("Sign-in code"), exact=True).click)
        assert desk.locator("img.sign-in-code").get_attribute("src").startswith("data:image/svg+xml")
        seen = window(31, None, size=(390, 844))
        page = seen.open(f"/sign-in/{sign_in_codes.code(found.id, HALF_DAYS[0])}")
        assert seen.faults() == []
        hand = Counting(page)
        hand.press(page.get_by_role("button", name=words("Sign in now")))
        assert ("您已于 09:00 签到。" in said(page), hand.clicks) == (True, 1)
        led_on(page, page.get_by_role("link", name=words("My classes"), exact=True).last.click)
        assert "11-23 上午" in said(page)
        assert seen.faults() == []


@pytest.mark.long
@pytest.mark.parametrize("province", ["shandong"], indirect=True)
def test_in_shandong_a_plan_is_filed_taught_and_credited_with_two_people_half_present(window, owner):
    unit = window(21, 21)
    page = unit.open("/home")
    led_on(page, page.get_by_role("link", name="计划申报", exact=True).click)
    led_on(page, page.get_by_role("link", name=words("New training plan")).click)
    fill(page, PLAN)
    assert unit.faults() == []
    send(page, "Send")
    above = window(3, 3)
    other = above.open("/home")
    led_on(other, other.get_by_role("link", name="学时（分）审核").first.click)
    led_on(other, other.locator("main a[href^='/reviews/training_plan/']").first.click)
    assert above.faults() == []
    led_on(other, other.get_by_role("link", name="护理急救能力提升").click)
    led_on(other, lambda: other.keyboard.press("a"))

    page.reload()
    led_on(page, page.get_by_role("link", name="新建培训班").click)
    fill(page, {key: value for key, value in CLASS.items() if key != "enrolment"})
    assert unit.faults() == []
    send(page, "Make the class")
    page.locator("main [data-tick-all=person]").check()
    assert page.locator("main [data-tick=person]:checked").count() == 3
    assert unit.faults() == []
    send(page, "Add the chosen people")
    address = page.url
    with at(25, 9):
        unit = window(21, 21)
        page = unit.open(address)
        for half_day in HALF_DAYS:
            page.locator(f"[data-tick-all='{half_day}']").check()
        for half_day in HALF_DAYS[2:]:
            for name in ("李娜", "王强"):
                page.get_by_role("checkbox", name=name).nth(HALF_DAYS.index(half_day)).uncheck()
            assert page.locator(f"[data-tick-all='{half_day}']").evaluate("box => box.indeterminate")
        assert unit.faults() == []
        send(page, "Save the attendance")
        assert "3 人共可计 32 学时（分）：全部到课 1 人，部分到课 2 人" in said(page)
        led_on(page, page.get_by_role("link", name=words("Declare the hours"), exact=True).click)
        page.locator("main input[name=evidence]").set_input_files(photograph())
        send(page, "Send")

        above = window(3, 3)
        other = above.open("/reviews/class_hours/")
        led_on(other, other.get_by_role("link", name="护理急救第一期").click)
        assert above.faults() == []
        led_on(other, lambda: other.keyboard.press("a"))
        assert rows(owner, "SELECT person_id, hours FROM hour_entry ORDER BY 1") == [(1, 16), (2, 8), (3, 8)]
        mine = window(31, None, size=(390, 844)).open("/my/year")
        led_on(mine, mine.get_by_role("link", name="护理急救第一期").click)
        assert "全班 16 学时（分），共 4 个半天，到课 4 个半天。" in said(mine)
