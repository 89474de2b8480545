"""A unit that exists is not registered twice: who begins to type its name is led to its administrator."""

import pytest
from sqlalchemy import text

from tests.browser.harness import PHONE
from tests.stories.steps import fill

pytestmark = pytest.mark.browser

TOLD = "荆州市卫生健康委员会下的荆州市中心医院已经注册，请联系其管理员（王**, 刘**，电话 0716-8000000）。"


def test_a_unit_that_exists_is_found_while_typing_and_leads_to_whom_to_ask(person, owner):
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(text("UPDATE organization SET telephone = '0716-8000000' WHERE id = 4"))
    page = person("nobody", size=PHONE)
    page.goto("/register/employer")
    fill(page, {"name": "中心医院 荆州"})
    page.locator(".known p").first.wait_for()
    assert TOLD in page.locator(".known p").all_inner_texts()
    fill(page, {"name": "一家新单位"})
    page.locator(".known p").first.wait_for(state="detached")
