"""An institution's plan: written from its home, handed in with its file, decided by the department."""

import pytest

from tests.bases import BASE, settled
from tests.browser.harness import led_on
from tests.services.reviewing import photograph
from tests.stories.steps import fill, said

pytestmark = pytest.mark.browser

PLAN = {
    "answer_directions": "卫生信息化",
    "answer_classes": "4",
    "answer_people": "320",
    "answer_content": "电子病历与数据安全。",
}


def test_a_plan_goes_from_home_to_the_department_and_is_approved(window, owner, cast):
    settled(owner, cast)
    writing = window(21, BASE)
    page = writing.open("/home")
    led_on(page, lambda: page.get_by_role("link", name="2026 年度培训计划").click())
    fill(page, PLAN)
    page.set_input_files(
        "[name=file_plan]",
        {"name": "计划.jpg", "mimeType": "image/jpeg", "buffer": photograph().stream.read()},
    )
    assert writing.faults() == []
    led_on(page, lambda: page.get_by_role("button", name="报送").click())
    assert "主管部门审核" in said(page)
    assert writing.faults() == []

    deciding = window(3, 3)
    other = deciding.open("/reviews/annual_plan/")
    led_on(other, other.get_by_role("link", name="荆楚继续教育基地").first.click)
    assert ["盖章的计划文件" in said(other), "320" in said(other)] == [True, True]
    assert deciding.faults() == []
    led_on(other, lambda: other.keyboard.press("a"))
    page.goto("/home")
    assert "2026 年度培训计划" not in said(page)
