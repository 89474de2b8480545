"""A unit prepares its title review: from the light to those who are behind, to the reminder they read."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.models.parent_change import ParentChange as Origin
from app.services import crediting, outlook
from tests.browser.harness import led_on, rows
from tests.services.reviewing import declared
from tests.services.test_crediting import earned, origin
from tests.stories.steps import said

pytestmark = pytest.mark.long
__all__ = ["origin"]


@pytest.fixture
def behind(session_for, cast, origin, engine):
    """李娜 is complete; 张丽 waits for 12 hours, 王强 has nothing."""
    department = session_for(cast.administrator(3))
    crediting.credit(department, Origin, [earned(2, "64"), earned(2, "64", subject="public")])
    declared(session_for(cast.professional(1)))
    with session_for(cast.administrator(4)) as session:
        outlook.fold(session)


def test_a_unit_goes_from_the_light_to_a_reminder_that_is_read(window, behind, owner):
    page = window(4, 4).open("/home")
    led_on(page, page.get_by_role("link", name="继教完成情况查询", exact=True).click)
    led_on(page, page.get_by_role("link", name="按机构和科室", exact=True).click)
    assert "进度滞后" in said(page)
    led_on(
        page,
        page.locator("tr", has_text="荆州市中心医院（本级）").locator("a[href$='state=open']").click,
    )
    assert "李娜" not in said(page)

    with page.expect_download() as taken:
        page.get_by_role("button", name="导出", exact=True).click()
    lines = list(load_workbook(BytesIO(taken.value.path().read_bytes())).active.values)
    assert [line[0] for line in lines[5:]] == ["张丽", "王强"]

    page.locator("[data-pick-all]").check()
    led_on(page, page.get_by_role("button", name="提醒").click)
    assert "将提醒 2 人" in said(page)
    led_on(page, page.get_by_role("button", name="提醒").click)
    told = "SELECT person_id FROM message WHERE kind = 'completion_reminder' ORDER BY 1"
    assert rows(owner, told) == [(1,), (3,)]
    assert "继续教育尚未完成" in said(window(31).open("/messages/"))
