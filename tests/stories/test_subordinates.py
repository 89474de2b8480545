"""A department looks after its units: a forgotten password, and one whose administrator has left."""

from sqlalchemy import text

from tests.browser.harness import led_on, rows
from tests.cast import ADMIN_NUMBERS
from tests.stories.steps import fill, log_in, photograph, pick, send


def test_a_department_finds_the_unit_and_gives_its_administrator_a_first_password(window):
    seen = window(3, 3)
    page = seen.open("/home")
    led_on(page, page.get_by_role("link", name="下属机构管理", exact=True).click)
    hospital = page.locator("main tr", has_text="荆州市中心医院")
    led_on(page, hospital.get_by_role("link", name="单位管理员", exact=True).click)
    led_on(page, page.locator("main tr", has_text="刘芳").get_by_role("link", name="重置密码").click)
    fill(page, {"reason": "本人来电，已核实身份"})
    led_on(page, page.get_by_role("button", name="重置密码").click)
    secret = page.locator("main code").inner_text()
    assert seen.faults() == []
    led_on(page, page.get_by_role("link", name="我已记下").click)
    assert secret not in page.locator("#content").inner_text()

    other = window().open("/")
    log_in(other, "employer", ADMIN_NUMBERS[21], secret)
    assert other.url.endswith("/password")


def test_a_department_takes_over_a_unit_that_nobody_leads(window, owner):
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(text("UPDATE ab_user SET state = 'disabled' WHERE id = 4"))
    seen = window(3, 3)
    page = seen.open("/subordinates/")
    led_on(page, page.get_by_role("link", name="无超级管理员").click)
    assert page.locator("main tbody tr").count() == 1
    led_on(page, page.get_by_role("link", name="接管", exact=True).click)
    assert seen.faults() == []
    pick(page, "person_id", "张丽")
    fill(page, {"reason": "原管理员已退休"})
    page.locator("main input[name=evidence]").set_input_files(photograph())
    assert "角色管理" in page.locator("main details", has_text="用人单位超级管理员").inner_text()
    page.check("main input[name=confirmed]")
    send(page, "Name the super-administrator")
    held = "SELECT account_id FROM appointment WHERE organization_id = 4 AND super AND ends_on IS NULL"
    assert rows(owner, held) == [(31,)]

    other = window(31, rows(owner, "SELECT id FROM appointment WHERE account_id = 31")[0][0]).open("/home")
    assert other.get_by_role("link", name="管理单位管理员", exact=True).count() == 1
