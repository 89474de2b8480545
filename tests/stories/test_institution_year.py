"""An institution's year: plan, training plan, class with people of other units, hours, summary."""

import pytest

from tests.bases import BASE, NAME, settled
from tests.browser.harness import led_on, rows
from tests.cast import ID_NUMBERS
from tests.services.training import CLASS, HALF_DAYS, at
from tests.services.training import PLAN as TRAINING
from tests.stories.steps import fill, open_queue, photograph, said, send
from tests.stories.test_institution import PLAN

SUMMARY = {"answer_classes": "1", "answer_people": "2", "answer_done": "全部按计划完成。"}
LIST = f"{ID_NUMBERS[1]} 张丽\n{ID_NUMBERS[4]} 赵敏"


def decide(window, account, kind, words):
    """Whoever stands above reads it and approves."""
    seen = window(account, account)
    page = seen.open("/home")
    open_queue(page, kind)
    led_on(page, page.locator("main").get_by_role("link", name=words).first.click)
    assert seen.faults() == []
    led_on(page, lambda: page.keyboard.press("a"))


def write(page, paper, answers, file):
    """Write an annual paper from the home of the institution."""
    page.goto("/home")
    led_on(page, page.get_by_role("link", name=paper).first.click)
    fill(page, answers)
    page.locator(f"main [name={file}]").set_input_files(photograph())
    led_on(page, page.get_by_role("button", name="报送").click)


@pytest.mark.long
@pytest.mark.parametrize("above", [3, 2], ids=["below a department", "below an HR office"])
def test_from_the_plan_of_the_year_to_its_summary_all_is_decided_above(window, owner, cast, above):
    settled(owner, cast, above)
    here = window(21, BASE)
    page = here.open("/home")
    write(page, "2026 年度培训计划", PLAN, "file_plan")
    decide(window, above, "annual_plan", NAME)

    page.goto("/training-plans/new")
    fill(page, TRAINING | {"classes": "1"})
    assert here.faults() == []
    send(page, "Send")
    address = page.url
    decide(window, above, "institution_training_plan", TRAINING["title"])

    page.goto(address)
    led_on(page, page.get_by_role("link", name="新建培训班").click)
    fill(page, {key: value for key, value in CLASS.items() if key != "enrolment"})
    send(page, "Make the class")
    page.locator("main [name=people]").fill(LIST)
    send(page, "Take over the list")
    taught = page.url
    assert ["张丽" in said(page), "赵敏" in said(page)] == [True, True]
    led_on(page, page.get_by_role("link", name="修改培训班").click)
    fill(page, {"place": "图书馆二楼"})
    assert here.faults() == []
    send(page, "Save")
    assert "图书馆二楼" in page.locator("#content").text_content()

    with at(25, 9):
        here = window(21, BASE)
        page = here.open(taught)
        for half_day in HALF_DAYS:
            page.locator(f"[data-tick-all='{half_day}']").check()
        send(page, "Save the attendance")
        led_on(page, page.get_by_role("link", name="申报学时").click)
        page.locator("main input[name=evidence]").set_input_files(photograph())
        assert here.faults() == []
        send(page, "Send")
        decide(window, above, "class_hours", CLASS["title"])
        assert rows(owner, "SELECT person_id, hours FROM hour_entry ORDER BY 1") == [(1, 16), (4, 16)]

        write(page, "2026 年度工作总结", SUMMARY, "file_summary")
        assert here.faults() == []
        decide(window, above, "annual_summary", NAME)
        page.goto("/home")
        assert [each in said(page) for each in ("2026 年度培训计划", "2026 年度工作总结")] == [False, False]
    assert rows(owner, "SELECT kind, state FROM review ORDER BY id") == [
        (kind, "approved")
        for kind in ("annual_plan", "institution_training_plan", "class_hours", "annual_summary")
    ]
