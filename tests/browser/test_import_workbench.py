"""A unit brings a workbook of its own: says what columns and words mean, corrects a row, takes it back."""

import pytest
from sqlalchemy import text

from app.services.imports import apply, staging, undoing
from tests.browser.harness import PHONE, WIDE, led_on
from tests.browser.stumbling import faults, too_wide
from tests.browser.test_import import chosen, people, tally
from tests.browser.workbooks import colleague, roll

pytestmark = pytest.mark.browser

JOBS = {"reading": staging.read, "applying": apply.apply, "undoing": undoing.undo}


@pytest.fixture
def work(web, owner):
    """Does the job that waits, as a worker does."""

    def do():
        with owner.connect() as connection:
            waiting = "SELECT id, state FROM import_batch WHERE state IN ('reading', 'applying', 'undoing')"
            ((batch, state),) = connection.execute(text(waiting)).all()
        with web.config["SESSIONS"]() as session:
            JOBS[state](session, batch)

    return do


@pytest.mark.parametrize(
    ("size", "script"),
    [(WIDE, True), pytest.param(PHONE, True, marks=pytest.mark.long)],
    ids=["desk", "phone"],
)
def test_a_roll_of_the_units_own_is_understood_corrected_and_taken_back(person, owner, work, size, script):
    page = person("employer", size=size, script=script)
    before = people(owner)
    rows = [
        colleague(1, "郑洁"),
        colleague(2, "钱进", id_number="1"),
        colleague(3, "冯远", title_series="炼金"),
    ]

    def looks_right():
        assert faults(page) + too_wide(page) == []

    def go_on():
        work()
        if script:
            page.wait_for_selector(".tally, .match")
        else:
            led_on(page, lambda: page.click("[data-progress] a"))

    page.goto("/import/person/")
    chosen(page, roll(*rows))
    led_on(page, lambda: page.click("main form button"))
    go_on()
    looks_right()
    page.select_option(".match:has-text('员工') select", "name")
    led_on(page, lambda: page.click("main form[method=post] button"))
    go_on()
    assert tally(page) == [1, 0, 0, 2]

    led_on(page, lambda: page.click("main a[href$='/words']"))
    looks_right()
    page.select_option("select[name=meaning]", "engineering")
    led_on(page, lambda: page.click("main form button"))
    assert tally(page) == [2, 0, 0, 1]

    led_on(page, lambda: page.click("main a[href$='/rows']"))
    looks_right()
    page.fill("input[name$='-id_number']", colleague(2, "")["id_number"])
    led_on(page, lambda: page.click("main form button"))
    assert tally(page) == [3, 0, 0, 0]

    led_on(page, lambda: page.click("form[action$='/begin'] button"))
    go_on()
    assert people(owner)[0] == before[0] + 3
    led_on(page, lambda: page.click("main a[href$='/undo']"))
    looks_right()
    page.fill("#reason", "传错了文件")
    led_on(page, lambda: page.click("main form button"))
    go_on()
    assert tally(page) == [3, 0, 0, 0]
    assert people(owner) == before
    looks_right()
