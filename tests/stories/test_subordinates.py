"""An administrator has forgotten the password; the department above gives a first one over the telephone."""

from tests.browser.harness import led_on
from tests.cast import ADMIN_NUMBERS
from tests.stories.steps import fill, log_in


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
