"""Deciding in a browser: cancelled acts stay undone, two presses act once, numbers agree (U10, U12)."""

import pytest

from tests.browser.harness import led_on, rows

pytestmark = pytest.mark.browser

MINE, HIS = "张丽 · 全国心血管病大会", "王强 · 省级心电学术年会"
DECIDED = """SELECT review.title, decision.verdict FROM decision JOIN review ON review.id = decision.review_id
    WHERE decision.account_id = 21 ORDER BY decision.id"""


def opened(page, title):
    """The review of the queue with this title."""
    page.goto("/reviews/hours/")
    led_on(page, page.get_by_role("link", name=title).click)
    return page


def pressed(page, key):
    led_on(page, lambda: page.keyboard.press(key))


def box(page, title):
    return page.get_by_role("checkbox", name=title)


def numbers(page, queue):
    """What the menu, the home page and the list itself say about one queue."""
    page.goto("/home")
    badge = page.locator(f".side-nav a[href='/reviews/{queue}/'] .count")
    home = page.locator(f"a.todo[href='/reviews/{queue}/'] .number").inner_text()
    menu = badge.inner_text() if badge.count() else "0"
    page.goto(f"/reviews/{queue}/")
    tab = page.locator(".tabs [aria-current] .count").inner_text()
    return menu, home, tab, str(page.locator("table.list tbody tr").count())


def test_what_was_cancelled_stays_and_only_what_was_chosen_next_is_decided(person, scene, owner):
    page = person("second administrator")
    page.goto("/reviews/hours/")
    box(page, HIS).check()
    pressed(page, "r")
    led_on(page, page.get_by_role("link", name="取消").click)
    box(page, MINE).check()
    pressed(page, "a")
    page.locator(".form-foot .btn-primary:focus").wait_for()
    pressed(page, "Enter")
    assert rows(owner, DECIDED) == [(MINE, "approve")]
    assert page.locator("table.list tbody tr").count() == 1


def test_a_dialog_that_was_cancelled_leaves_nothing_behind(person, scene, owner):
    draft = "SELECT id FROM hour_record WHERE state = 'draft'"
    ((kept,),) = rows(owner, draft)
    page = person("professional")
    page.goto(f"/my/hours/{kept}/edit")
    page.get_by_role("button", name="删除草稿").click()
    page.locator("#confirm").get_by_role("button", name="取消").click()
    assert page.evaluate("document.activeElement.dataset.confirm") is not None
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_url("**/my/year/2026")
    assert rows(owner, draft) == [(kept,)]


def test_two_presses_at_once_decide_once(person, scene, owner):
    page = person("second administrator")
    opened(page, HIS)
    led_on(page, page.get_by_role("button", name="通过并查看下一条").dblclick)
    assert rows(owner, DECIDED) == [(HIS, "approve")]


def test_the_next_one_is_shown_and_is_not_decided_by_the_same_press(person, scene, owner):
    page = person("second administrator")
    pressed(opened(page, MINE), "a")
    assert page.locator("h1").inner_text() == HIS
    assert rows(owner, DECIDED) == [(MINE, "approve")]


def test_who_comes_too_late_is_told_who_decided(person, scene, owner):
    first, late = person("second administrator"), person("second administrator")
    for page in (first, late):
        opened(page, MINE)
    pressed(first, "a")
    pressed(late, "a")
    assert "刘芳" in late.locator("#content").inner_text()
    assert rows(owner, DECIDED) == [(MINE, "approve")]


@pytest.mark.parametrize(
    ("role", "queue", "waiting"),
    [
        ("second administrator", "hours", 2),
        ("employer", "person_registration", 1),
        ("authority", "employer_registration", 1),
    ],
)
def test_menu_home_and_list_say_the_same_number_before_and_after(person, scene, role, queue, waiting):
    page = person(role)
    for left in range(waiting, -1, -1):
        assert numbers(page, queue) == (str(left),) * 4
        if left:
            led_on(page, page.locator("table.list tbody a").first.click)
            pressed(page, "a")
