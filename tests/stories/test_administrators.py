"""A hospital's super-administrator shares the work and leaves; every click is counted."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from app.database import clock
from app.models.second_factor import SecondFactor
from tests.browser.harness import led_on, rows
from tests.cast import FACTOR, ID_NUMBERS, PASSWORD, code
from tests.services.test_administrators import NEW
from tests.stories.steps import fill, pick, said, send, words


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


@pytest.mark.parametrize(
    ("way", "typed", "name"),
    [
        ("One of our own people", {}, "张丽"),
        ("Somebody new to the system", NEW, "陈新"),
        ("A user of the system from elsewhere", {"id_number": ID_NUMBERS[4], "password": PASSWORD}, "赵敏"),
    ],
    ids=["own", "new", "existing"],
)
def test_an_administrator_is_added_in_each_of_three_ways(window, way, typed, name):
    page = window(4, 4).open("/home")
    led_on(page, page.get_by_role("link", name="管理单位管理员", exact=True).click)
    led_on(page, page.get_by_role("link", name="新增管理员").first.click)
    led_on(page, page.get_by_role("link", name=words(way)).click)
    fill(page, {**typed, "department_id": "4"})
    if not typed:
        pick(page, "person_id", name)
    send(page, "Next step")
    page.locator("main input[name=role_id]").first.check()
    send(page, "Confirm and add")
    assert f"{name}现在是本单位的管理员" in said(page)
    led_on(page, page.get_by_role("link", name=words("All administrators")).click)
    assert page.locator("main table").get_by_role("link", name=name, exact=True).count() == 1


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


def test_with_a_second_factor_it_is_six_clicks_too_and_is_taken_back_in_four(window, owner):
    with Session(owner) as session:
        session.add(factor := SecondFactor(uid=uuid4(), account_id=4))
        factor.secret = FACTOR
        session.commit()
    page = window(4, 4).open("/home")
    hand = Counting(page)
    hand.press(page.locator("a[href='/appointment/list/']").first)
    hand.press(page.get_by_role("link", name="刘芳", exact=True))
    hand.press(page.get_by_role("link", name="设为超级管理员"))
    page.get_by_label("您的密码").fill(PASSWORD)
    page.get_by_label("您的两步验证码").fill(code(clock.now()))
    hand.press(page.get_by_role("button", name="移交"))
    assert hand.clicks <= 6
    assert rows(owner, "SELECT id FROM appointment WHERE organization_id = 4 AND super") == [(21,)]

    above = window(3, 3).open("/home")
    back = Counting(above)
    back.press(above.get_by_role("link", name="超级管理员移交记录"))
    back.press(above.get_by_role("link", name="刘芳", exact=True))
    back.press(above.get_by_role("link", name="撤回"))
    above.get_by_label("您的密码").fill(PASSWORD)
    back.press(above.get_by_role("button", name="撤回"))
    assert back.clicks <= 4
    assert rows(owner, "SELECT id FROM appointment WHERE organization_id = 4 AND super") == [(4,)]


def test_the_new_pages_have_no_faults_on_a_phone(window):
    seen = window(4, 4, size=(390, 844))
    for path in (
        "/administrators/new?way=new",
        "/administrators/21/hand-over",
        "/roles/new",
        "/administrators/21/role",
        "/second-factor/set-up",
        "/account/",
    ):
        seen.open(path)
        assert seen.faults() == [], path
