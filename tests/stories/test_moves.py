"""A department goes from one city to another: it asks, the old office lets it go, the new one takes it."""

from tests.browser.harness import led_on, rows
from tests.stories.steps import approve_by_key, open_queue, pick, send

TITLE = "荆州市卫生健康委员会 → 宜昌市人力资源和社会保障局"


def test_a_department_changes_its_superior_with_both_approvals(window, owner):
    page = window(3, 3).open("/home")
    led_on(page, page.get_by_role("link", name="基本信息管理", exact=True).click)
    led_on(page, page.get_by_role("link", name="更换上级部门", exact=True).click)
    pick(page, "to_id", "宜昌市人力")
    page.locator("[name=reason]").fill("机构改革，划归宜昌市管理")
    send(page, "Send")
    assert page.locator(".timeline-list li").all_inner_texts()[0].startswith("原上级部门审核")

    for office in (2, 6):
        other = window(office, office).open("/home")
        open_queue(other, "parent_change")
        approve_by_key(other, TITLE)

    assert rows(owner, "SELECT parent_id FROM organization WHERE id = 3") == [(6,)]
    people = window(6, 6).open("/person/list/").locator("main table").inner_text()
    assert "周敏" in people
    assert "周敏" not in window(2, 2).open("/person/list/").locator("#content").inner_text()
    page.goto("/superior/")
    assert "现上级部门：宜昌市人力资源和社会保障局" in page.locator("#content").inner_text()


def test_the_pages_of_a_change_have_no_faults_on_a_phone(window):
    seen = window(4, 4, size=(390, 844))
    page = seen.open("/superior/")
    assert seen.faults() == []
    pick(page, "to_id", "宜昌市卫生")
    page.locator("[name=reason]").fill("划归宜昌市管理")
    send(page, "Send")
    assert seen.faults() == []
    other = window(7, 7, size=(390, 844))
    open_queue(other.open("/home"), "parent_change")
    assert other.faults() == []
