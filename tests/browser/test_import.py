"""An administrator brings a workbook, mends what is wrong, and brings it again (ui.md (e), U13)."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from app.models.person import Person
from app.services.imports import apply, staging
from app.services.imports.sheet import columns
from tests.browser.harness import PHONE, WIDE, led_on
from tests.browser.stumbling import faults, too_wide
from tests.browser.workbooks import colleague, filled

pytestmark = pytest.mark.browser


@pytest.fixture
def work(web, owner):
    """Does the job that waits, as a worker does."""

    def do():
        with owner.connect() as connection:
            waiting = "SELECT id, state FROM import_batch WHERE state IN ('reading', 'applying')"
            ((batch, state),) = connection.execute(text(waiting)).all()
        with web.config["SESSIONS"]() as session:
            (staging.read if state == "reading" else apply.apply)(session, batch)

    return do


def people(owner):
    with owner.connect() as connection:
        return connection.execute(
            text("SELECT count(*), md5(string_agg(p::text, '|' ORDER BY id)) FROM person p")
        ).one()


def chosen(page, content):
    page.set_input_files(
        "input[type=file]", {"name": "人员.xlsx", "mimeType": "application/zip", "buffer": content}
    )


def downloaded(page, button):
    with page.expect_download() as waiting:
        page.click(button)
    return load_workbook(BytesIO(waiting.value.path().read_bytes()))


def tally(page):
    return [int(each) for each in page.locator(".tally dd").all_inner_texts()]


@pytest.mark.parametrize("size", [WIDE, pytest.param(PHONE, marks=pytest.mark.long)], ids=["desk", "phone"])
def test_mended_and_sent_again_it_ends_with_no_wrong_row(person, owner, work, size):
    page = person("employer", size=size)
    page.goto("/home")
    page.click("main a[href='/import/person/']")  # 1
    template = downloaded(page, "a[href$='/template']")
    assert faults(page) + too_wide(page) == []

    stream = BytesIO()
    template.save(stream)
    wrong = colleague(2, "钱进", id_number="421000199501010019")
    content = filled(
        stream.getvalue(), colleague(1, "郑洁"), wrong, colleague(3, "冯远", title_series="炼金术")
    )
    before = people(owner)
    chosen(page, content)  # 2
    page.click("main form button")  # 3
    page.wait_for_selector("[data-progress]")
    assert faults(page) + too_wide(page) == []
    work()
    page.wait_for_selector(".tally")  # the page goes on by itself
    assert tally(page) == [1, 0, 0, 2]
    assert people(owner) == before
    assert faults(page) + too_wide(page) == []

    book = downloaded(page, "form[action$='/failed'] button")
    rows, keys = list(book.active.iter_rows(min_row=2)), list(columns(Person))
    assert len(rows) == 2
    for row in rows:
        serial = {"钱进": 2, "冯远": 3}[row[keys.index("name")].value]
        for key in ("id_number", "title_series"):
            row[keys.index(key)].value = colleague(serial, "")[key]
    page.click("form[action$='/begin'] button")  # 4
    page.wait_for_selector("[data-progress]")
    work()
    page.wait_for_selector(".tally")
    assert people(owner)[0] == before[0] + 1

    page.click("main a[href='/import/person/']")
    stream = BytesIO()
    book.save(stream)
    chosen(page, stream.getvalue())
    page.click("main form button")
    page.wait_for_selector("[data-progress]")
    work()
    page.wait_for_selector(".tally")
    assert tally(page) == [2, 0, 0, 0]
    page.check("input[value=all]")
    page.click("form[action$='/begin'] button")
    page.wait_for_selector("[data-progress]")
    work()
    page.wait_for_selector(".tally")
    assert people(owner)[0] == before[0] + 3
    assert faults(page) == []


def test_it_works_without_scripts_by_reloading(person, owner, work):
    page = person("employer", script=False)
    page.goto("/import/person/")
    template = page.request.get("/import/person/template").body()
    chosen(page, filled(template, colleague(1, "郑洁")))
    led_on(page, lambda: page.click("main form button"))
    work()
    led_on(page, lambda: page.click("[data-progress] a"))
    assert tally(page) == [1, 0, 0, 0]
    before = people(owner)[0]
    led_on(page, lambda: page.click("form[action$='/begin'] button"))
    work()
    led_on(page, lambda: page.click("[data-progress] a"))
    assert people(owner)[0] == before + 1
