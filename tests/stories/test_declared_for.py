"""A unit of Shandong declares hours for its people: picked by hand, and thirty of them by workbook."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from app.encrypted import blind
from app.services.imports import apply, staging
from tests.browser.harness import led_on, rows
from tests.cast import ID_NUMBERS, number
from tests.stories.steps import fill, open_queue, photograph, said

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("province", ["shandong"], indirect=True)]

TRAINING = {
    "answer_title": "护理技能提升培训",
    "answer_organizer": "护理部",
    "answer_begins": "2026-06-01",
    "answer_ends": "2026-06-05",
    "answer_hours": "20",
}


def begun(page) -> None:
    """From the menu to the form, filled in, with its proof."""
    page.goto("/home")
    led_on(page, page.locator("aside a[href='/declare-for/']").click)  # 1
    led_on(page, page.locator("main a[href*='subject=professional&form=post_training']").click)  # 2
    fill(page, TRAINING)
    page.locator("main input[name=evidence]").set_input_files(photograph())


def test_a_unit_declares_for_its_people_and_a_colleague_lets_it_pass(person, owner):
    page = person("second administrator")
    begun(page)
    led_on(page, page.locator("button[value=people]").click)
    page.locator("[data-tick-all]").check()
    led_on(page, page.locator("#choosing .btn-primary").click)
    assert "可提交 3 人 · 共 60 学时（分）" in said(page)
    led_on(page, page.locator("button[value=send]").click)
    assert rows(owner, "SELECT person_id, hours, state FROM hour_record ORDER BY 1") == [
        (1, 20, "submitted"),
        (2, 20, "submitted"),
        (3, 20, "submitted"),
    ]

    hospital = person("employer")
    open_queue(hospital, "hours")
    assert "张丽" in said(hospital)


@pytest.mark.long
def test_thirty_people_come_by_workbook(person, owner, web):
    people = [(f"{20 + serial}", number(f"42100019850101{serial:03}")) for serial in range(27)]
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        _colleagues(connection, people)
    page = person("second administrator")
    begun(page)
    led_on(page, page.locator("button[value=workbook]").click)
    with page.expect_download() as waiting:
        page.locator("a[href$='/template']").click()
    book = load_workbook(BytesIO(waiting.value.path().read_bytes()))
    mine = [("张丽", ID_NUMBERS[1]), ("李娜", ID_NUMBERS[2]), ("王强", ID_NUMBERS[3])]
    for name, id_number in [*mine, *people]:
        book.active.append([id_number, name, *TRAINING.values()])
    book.active.delete_rows(2)  # the example
    stream = BytesIO()
    book.save(stream)
    page.set_input_files(
        "main input[type=file]",
        {"name": "岗位培训.xlsx", "mimeType": "application/zip", "buffer": stream.getvalue()},
    )
    led_on(page, page.locator("main form .btn-primary").click)
    _work(web, owner)
    page.reload()
    assert page.locator(".tally dd").all_inner_texts() == ["30", "0", "0", "0"]
    led_on(page, page.locator("main form .btn-primary").click)
    _work(web, owner)
    page.reload()
    assert rows(owner, "SELECT count(*), sum(hours) FROM hour_record WHERE state = 'submitted'") == [
        (30, 600)
    ]


def _colleagues(connection, people) -> None:
    connection.execute(
        text(
            "INSERT INTO person (uid, organization_id, name, document_type, state, extra, id_number_sealed,"
            " id_number_index, id_number_tail) SELECT gen_random_uuid(), 4, t.name, 'id_card', 'active',"
            " '{}', '', t.key, '' FROM unnest(CAST(:names AS text[]), CAST(:keys AS bytea[])) AS t(name, key)"
        ),
        {
            "names": [name for name, _number in people],
            "keys": [blind("person.id_number", each) for _name, each in people],
        },
    )


def _work(web, owner) -> None:
    """Do the job that waits, as a worker does."""
    waiting = "SELECT id, state FROM import_batch WHERE state IN ('reading', 'applying')"
    ((batch, state),) = rows(owner, waiting)
    with web.config["SESSIONS"]() as session:
        (staging.read if state == "reading" else apply.apply)(session, batch)
