"""Queues besides hours: registrations, changes of units, and the sample of what was passed."""

from datetime import timedelta

from playwright.sync_api import expect

from app.database import clock
from app.declare.province import serve
from app.security.actor import NOBODY
from app.services import reviews, samples
from app.services.registrations import register_person
from app.services.selection import Filter
from tests.browser.harness import led_on, rows
from tests.cast import number
from tests.services.changing import ask_for_unit, wanted
from tests.services.reviewing import NOW, at_the_last_step, declared
from tests.services.test_reviews_registration import HERE, PERSON
from tests.services.test_samples import percent
from tests.stories.steps import approve_page, open_queue, send

LIU, AUTHORITY, CITY = 21, 3, 2
STATES = "SELECT state, count(*) FROM registration GROUP BY 1 ORDER BY 1"


def reject_page(page, reason):
    """All of the page at once: the box in the head, R, a reason, and the button."""
    page.locator("[data-pick-all]").check()
    led_on(page, lambda: page.keyboard.press("r"))
    page.locator("[name=reason]").fill(reason)
    led_on(page, page.locator(".form-foot .btn-danger").first.click)


def test_registrations_are_passed_rejected_and_sent_again(window, session_for, owner):
    def registers(which, name):
        words = PERSON | {"id_number": number(f"4210001990010{which}"), "name": name}
        return register_person(session_for(NOBODY), words, address=HERE)

    registers("1001", "陈晨")
    registers("1002", "何欢")
    page = window(LIU, LIU).open("/home")
    open_queue(page, "person_registration")
    approve_page(page)
    assert rows(owner, STATES) == [("approved", 2)]
    assert "2" in page.locator("#messages").inner_text()

    registers("1003", "吴桐")
    open_queue(page, "person_registration")
    reject_page(page, "请填写职称取得时间")
    assert rows(owner, STATES) == [("approved", 2), ("rejected", 1)]

    registers("1003", "吴桐")
    open_queue(page, "person_registration")
    approve_page(page)
    assert rows(owner, STATES) == [("approved", 3), ("rejected", 1)]


def test_all_of_a_filter_are_passed_in_four_presses(window, session_for, cast, owner):
    at_the_last_step(owner, declared(session_for(cast.professional(1))), 29)
    page = window(CITY, CITY).open("/reviews/hours/?form=conference")
    expect(page.locator(".list-head .found")).to_have_text("共 30 条")
    page.locator("[data-pick-all]").check()  # 1
    page.locator("[data-whole]").check()  # 2
    expect(page.locator("[data-chosen-text]")).to_contain_text("30")
    led_on(page, lambda: page.keyboard.press("a"))  # 3
    led_on(page, page.locator(".form-foot [name=action]").last.click)  # 4
    assert rows(owner, "SELECT state, count(*) FROM review GROUP BY 1") == [("approved", 30)]


def test_changes_of_units_are_rejected_in_a_batch(window, session_for, cast, owner):
    for unit, name in ((4, "荆州市第三医院"), (5, "荆州市第四医院")):
        ask_for_unit(session_for, cast, unit, wanted({"name": name}, under="name"))
    page = window(AUTHORITY, AUTHORITY).open("/home")
    open_queue(page, "organization_change")
    reject_page(page, "名称与批复不一致")
    assert rows(owner, "SELECT state FROM change_request") == [("rejected",), ("rejected",)]
    assert rows(owner, "SELECT count(*) FROM organization WHERE name LIKE '%第四医院'") == [(0,)]
    led_on(page, page.locator(".tabs a", has_text="已审核").click)
    assert page.locator("td.state").all_inner_texts() == ["驳回", "驳回"]


def test_the_office_above_looks_at_the_sample_of_what_was_passed(window, session_for, cast, owner, province):
    at_the_last_step(owner, declared(session_for(cast.professional(1))), 0)
    reviews.decide(session_for(cast.administrator(CITY)), Filter("hours", expected=1), "approve")
    with clock.fixed(NOW + timedelta(days=1)):
        serve(percent(province, 100))
        samples.draw(session_for(NOBODY))
        page = window(1, 1).open("/sample_check/list/")
        led_on(page, page.locator("td.name a").first.click)
        led_on(page, page.locator("a[href='/sample-checks/1']").first.click)
        assert "结业证书.jpg" in page.locator("#content").inner_text()
        page.locator("[name=result][value=wrong]").check()
        page.locator("[name=remark]").fill("证明缺公章")
        send(page, "Save")
    assert rows(owner, "SELECT state, remark FROM sample_check") == [("wrong", "证明缺公章")]
