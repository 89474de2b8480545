"""人员调转: three functions in Hubei, four in Shandong, from picking the person to reading the record."""

import pytest

from tests.browser.harness import led_on, rows
from tests.stories.steps import pick, said, send
from tests.stories.test_administrators import Counting


def choose(page, hand, name, text):
    """Type into the picker that has the focus already, and press what is offered."""
    page.locator(f"main select[name={name}] ~ .ts-wrapper.focus").wait_for()
    page.keyboard.type(text)
    option = page.locator(f"main select[name={name}] ~ .ts-wrapper .option", has_text=text).first
    return hand.press(option) if name == "person_id" else hand.tick(option)


def leave(page, unit):
    """张丽 goes: menu, person, target, reason, send. Returns how often something was clicked."""
    hand = Counting(page)
    hand.press(page.get_by_role("link", name="人员调出", exact=True))
    choose(page, hand, "person_id", "张丽")
    assert "421000********1239" in said(page)
    choose(page, hand, "to_id", unit)
    hand.tick(page.locator("[name=reason]"))
    page.keyboard.type("工作调动")
    hand.press(page.get_by_role("button", name="提交"))
    return hand.clicks


def confirm(page, at):
    """The first line of a queue, opened from the menu and decided with A; returns the clicks."""
    hand = Counting(page)
    hand.press(page.locator(f".side a[href='/reviews/transfer/?at={at}']"))
    hand.press(page.get_by_role("link", name="张丽 · "))
    assert "421000********1239" in said(page)
    led_on(page, lambda: page.keyboard.press("a"))
    return hand.clicks


def test_in_hubei_a_person_goes_out_and_comes_in(window, owner):
    leaving = window(21, 21)
    page = leaving.open("/home")
    assert leave(page, "宜昌市中心") <= 5
    assert leaving.faults() == []
    timeline = page.locator(".timeline-list li").all_inner_texts()
    assert [each.partition("\n")[0].split(" · ")[0] for each in timeline] == ["人员调入审核"]

    arriving = window(8, 8)
    other = arriving.open("/home")
    assert "421000********1239" not in arriving.open("/person/list/").locator("#content").inner_text()
    assert confirm(other, "destination") <= 2
    assert rows(owner, "SELECT organization_id FROM person WHERE id = 1") == [(8,)]
    assert "张丽" in said(arriving.open("/person/list/"))

    for seen in (leaving, arriving):
        record = seen.open("/home")
        led_on(record, record.get_by_role("link", name="调转记录", exact=True).click)
        assert ("张丽" in said(record), "调转成功" in said(record)) == (True, True)
        assert seen.faults() == []


def test_on_a_phone_a_professional_asks_and_takes_it_back(window):
    seen = window(31, None, size=(390, 844))
    page = seen.open("/transfer-out/")
    assert seen.faults() == []
    pick(page, "to_id", "宜昌市中心")
    page.locator("[name=reason]").fill("工作调动")
    send(page, "Send")
    assert seen.faults() == []
    page.get_by_role("button", name="撤回").click()
    led_on(page, page.locator("dialog[open] .btn-primary, dialog[open] .btn-danger").first.click)
    assert "已撤回" in said(page)


@pytest.mark.long
@pytest.mark.parametrize("province", ["shandong"], indirect=True)
def test_in_shandong_the_own_unit_lets_go_first(window, province, owner):
    page = window(21, 21).open("/home")
    leave(page, "青岛市中心")
    for account, at, unit in ((4, "source", 4), (8, "destination", 8)):
        other = window(account, account).open("/home")
        confirm(other, at)
        assert rows(owner, "SELECT organization_id FROM person WHERE id = 1") == [(unit,)]
