"""A hospital's super-administrator shares the work and leaves; every click is counted."""

from tests.browser.harness import led_on, rows
from tests.cast import PASSWORD


class Counting:
    """A page on which each click that leads on is counted."""

    def __init__(self, page) -> None:
        self.page = page
        self.clicks = 0

    def press(self, found) -> None:
        self.clicks += 1
        led_on(self.page, found.click)

    def tick(self, found) -> None:
        self.clicks += 1
        found.click()


def test_a_role_from_a_copy_is_changed_and_given_in_eight_clicks(window, owner):
    page = window(4, 4).open("/home")
    hand = Counting(page)
    hand.press(page.get_by_role("link", name="角色管理", exact=True))
    hand.press(page.get_by_role("link", name="用人单位管理员", exact=True))
    hand.press(page.get_by_role("link", name="复制为新角色"))
    hand.tick(page.locator('input[value="person.export"]'))
    hand.press(page.get_by_role("button", name="下一步"))
    hand.press(page.get_by_role("button", name="保存"))
    hand.tick(page.get_by_label("刘芳"))
    hand.press(page.get_by_role("button", name="授予该角色"))

    assert hand.clicks <= 8
    held = "SELECT permissions_of(role_id) FROM appointment WHERE id = 21"
    assert "person.export" not in rows(owner, held)[0][0]
    assert "person.update" in rows(owner, held)[0][0]


def test_the_super_administrator_hands_over_in_six_clicks(window, owner):
    page = window(4, 4).open("/home")
    hand = Counting(page)
    hand.press(page.get_by_role("link", name="管理单位管理员", exact=True))
    hand.press(page.get_by_role("link", name="刘芳", exact=True))
    hand.press(page.get_by_role("link", name="设为超级管理员"))
    page.get_by_label("您的密码").fill(PASSWORD)
    hand.press(page.get_by_role("button", name="移交"))

    assert hand.clicks <= 6
    assert rows(owner, "SELECT id FROM appointment WHERE organization_id = 4 AND super") == [(21,)]
    assert page.get_by_role("link", name="新增管理员").count() == 0


def test_the_new_pages_have_no_faults_on_a_phone(window):
    seen = window(4, 4, size=(390, 844))
    for path in (
        "/administrators/new?way=new",
        "/administrators/21/hand-over",
        "/roles/new",
        "/administrators/21/role",
    ):
        seen.open(path)
        assert seen.faults() == [], path
