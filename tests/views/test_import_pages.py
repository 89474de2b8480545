import html
import re
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from app.database import clock
from app.models.person import Person
from app.services import shelf
from app.services.imports import apply, batches, sheet, staging
from app.views.shell import LOCALE_COOKIE
from tests.services.imports.books import book, person

MEGABYTE = 1 << 20
HOSPITAL, SECOND, OTHER_UNIT, DEPARTMENT, OFFICE = (4, 4), (21, 21), (5, 5), (3, 3), (2, 2)


@pytest.fixture(autouse=True)
def _shelf(web, tmp_path):
    shelf.use((tmp_path / "files").as_uri())


@pytest.fixture
def jobs(web, owner):
    """Does what a worker does: every import that waits, and returns how many there were."""

    def work():
        with owner.connect() as connection:
            waiting = connection.execute(
                text("SELECT id, state FROM import_batch WHERE state IN ('reading', 'applying')")
            )
            found = waiting.all()
        for batch, state in found:
            with web.config["SESSIONS"]() as session:
                (staging.read if state == "reading" else apply.apply)(session, batch)
        return len(found)

    return work


def send(visit, content, name="人员.xlsx"):
    """Choose a file and press the button; returns the address of the import."""
    visit.page("/import/person/")
    answer = visit.post(
        "/import/person/", {"file": (BytesIO(content), name)}, content_type="multipart/form-data"
    )
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.location


def said(page):
    """The words of a page's content, without tags."""
    content = page.partition('id="content"')[2]
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", content).split()))


def english(visit):
    visit.client.set_cookie(LOCALE_COOKIE, "en")
    return visit


@pytest.fixture
def administrator(visit):
    return english(visit(*HOSPITAL))


def test_the_template_comes_as_a_workbook_in_the_readers_language(administrator, session_for, cast):
    answer = administrator.client.get("/import/person/template")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    titles = [cell.value for cell in load_workbook(BytesIO(answer.data)).active[1]]
    assert titles == [column.heading for column in sheet.sheet_columns(sheet.columns(Person), "en")]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_three_steps_from_the_file_to_the_list(administrator, jobs, owner):
    address = send(administrator, book(person(1), person(2), person(3, title_series="工程")))

    waiting = administrator.page(address)
    assert "The workbook is read and checked. You may leave this page" in waiting
    assert administrator.get(f"{address}/progress").json["finished"] is False

    assert jobs() == 1
    progress = administrator.get(f"{address}/progress").json
    assert (progress["finished"], progress["next"], progress["done"], progress["total"]) == (
        True,
        address,
        100,
        100,
    )
    result = said(administrator.page(address))
    assert "3 rows were read. Nothing has been written yet." in result
    assert "New 2 Changed 0 Known already 0 Wrong 1" in result
    assert "Title series '…' is none of the choices. Allowed: " in result
    assert "4 Title series: '工程' is none of the choices. 学三" in result

    begun = administrator.post(f"{address}/begin", {"mode": "good"})
    assert (begun.status_code, begun.location) == (302, address)
    assert "The rows are imported. You may leave this page" in administrator.page(address)
    assert jobs() == 1
    assert "2 rows were imported." in said(administrator.page(address))
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM person WHERE import_batch_id IS NOT NULL")) == 2


def test_the_wrong_rows_are_masked_on_the_page_and_whole_in_the_file(administrator, jobs):
    wrong = person(1, title_series="工程")
    shifted = person(2, title=person(3)["id_number"], title_level=person(3)["phone"])
    address = send(administrator, book(wrong, shifted))
    jobs()
    page = administrator.page(address)
    for row in (wrong, shifted, person(3)):
        assert row["id_number"] not in page
        assert row["phone"] not in page
    with administrator.post(f"{address}/failed") as answer:
        cells = [list(row) for row in load_workbook(BytesIO(answer.data)).active.values]
    assert [row[2] for row in cells[1:]] == [wrong["id_number"], shifted["id_number"]]


def test_what_cannot_be_read_is_refused_in_the_readers_language(visit, jobs):
    administrator = visit(*HOSPITAL)
    address = send(administrator, b"no workbook at all")
    jobs()
    page = administrator.page(address)
    assert "xlsx" in page
    assert "This is not" not in said(page)
    assert "This is not an Excel workbook (.xlsx)." in said(english(visit(*HOSPITAL)).page(address))


def test_no_file_and_too_large_a_file_are_faults_of_the_form(administrator, web):
    administrator.page("/import/person/")
    nothing = administrator.post("/import/person/", {}, content_type="multipart/form-data")
    assert nothing.status_code == 422
    assert "Please choose the workbook." in nothing.get_data(as_text=True)
    most = web.config["SETTINGS"].workbook_megabytes
    answer = administrator.client.post(
        "/import/person/", **multipart(administrator.token, most * MEGABYTE + 1)
    )
    assert answer.status_code == 422
    assert f"The file is larger than {most} MB." in answer.get_data(as_text=True)


def multipart(token, size):
    """The form with a file of so many bytes, written by hand: the test client would leave it in a file."""
    parts = (
        ("", token.encode()),
        ('; filename="large.xlsx"\r\nContent-Type: application/octet-stream', b"x" * size),
    )
    names = ("csrf_token", "file")
    body = b"".join(
        f'--line\r\nContent-Disposition: form-data; name="{name}"{words}\r\n\r\n'.encode() + content + b"\r\n"
        for name, (words, content) in zip(names, parts, strict=True)
    )
    return {"data": body + b"--line--\r\n", "content_type": "multipart/form-data; boundary=line"}


def test_all_or_nothing_with_a_wrong_row_is_refused_with_a_sentence(administrator, jobs):
    address = send(administrator, book(person(1), person(2, id_number="2")))
    jobs()
    answer = administrator.post(f"{address}/begin", {"mode": "all"})
    assert answer.status_code == 409
    assert "Some rows are wrong, so not all can be imported." in answer.get_data(as_text=True)
    assert administrator.post(f"{address}/begin", {"mode": "whatever"}).status_code == 409


def test_pressing_twice_imports_once(administrator, jobs, owner):
    address = send(administrator, book(person(1)))
    jobs()
    for _press in range(2):
        assert administrator.post(f"{address}/begin", {"mode": "good"}).status_code == 302
    jobs()
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit_event WHERE action = 'import'")) == 1


def test_another_unit_does_not_find_it_and_an_office_may_not_import(administrator, visit, jobs):
    address = send(administrator, book(person(1), person(2, id_number="2")))
    jobs()
    stranger = visit(*OTHER_UNIT)
    for path in (address, f"{address}/progress"):
        assert stranger.get(path).status_code == 404
    for path in (f"{address}/begin", f"{address}/failed"):
        assert stranger.post(path, {"mode": "good"}).status_code == 404
    office = visit(*OFFICE)
    assert [
        office.get(path).status_code for path in ("/import/person/", "/import/person/template", address)
    ] == [403] * 3
    assert visit(31).get("/import/person/").status_code == 403
    assert visit().get("/import/person/", headers={"Accept": "text/html"}).status_code == 302


def test_the_department_above_may_look_and_no_more(administrator, visit, jobs):
    address = send(administrator, book(person(1), person(2, id_number="2")))
    jobs()
    above = visit(*DEPARTMENT)
    page = above.page(address)
    assert f"{address}/begin" not in page
    assert f"{address}/failed" not in page
    for path in (f"{address}/begin", f"{address}/failed"):
        assert above.post(path, {"mode": "good"}).status_code == 403


def test_a_noun_that_nobody_imports_is_not_there(administrator):
    for noun in ("organization", "ab_user", "nonsense"):
        assert administrator.get(f"/import/{noun}/").status_code == 404


def test_menu_and_list_offer_the_import_to_those_who_may(administrator, visit):
    assert administrator.page("/person/list/").count('href="/import/person/"') == 2
    assert visit(*OFFICE).page("/person/list/").count('href="/import/person/"') == 0


def test_the_latest_imports_of_the_unit_are_listed(administrator, visit, jobs):
    address = send(administrator, book(person(1)), name="第一批.xlsx")
    page = english(visit(*SECOND)).page("/import/person/")
    assert "第一批.xlsx" in page
    assert f'href="{address}"' in page
    assert "第一批.xlsx" not in visit(*DEPARTMENT).page("/import/person/")


def test_a_file_without_one_right_row_says_so_and_leads_to_its_wrong_rows(administrator, jobs):
    address = send(administrator, book(person(1, id_number="1"), person(2, id_number="2")))
    jobs()
    page = administrator.page(address)
    assert "Nothing to import" in page
    assert "To be imported" not in page + administrator.page("/import/person/")
    assert "Nothing can be imported All rows of this file are wrong." in said(page)
    assert f"{address}/begin" not in page
    assert page.count(f'action="{address}/failed"') == 1
    with administrator.post(f"{address}/failed") as answer:
        assert len(list(load_workbook(BytesIO(answer.data)).active.values)) == 3


def test_a_file_that_says_nothing_new_says_so(administrator, jobs):
    address = send(administrator, book(person(1)))
    jobs()
    administrator.post(f"{address}/begin", {"mode": "good"})
    jobs()
    again = send(administrator, book(person(1)))
    jobs()
    page = administrator.page(again)
    assert "Nothing can be imported All rows of this file are known already." in said(page)
    assert f"{again}/failed" not in page


def test_a_month_later_the_page_says_what_became_of_the_rows(administrator, jobs, web):
    waiting = send(administrator, book(person(1)))
    done = send(administrator, book(person(2), person(3, id_number="3")))
    jobs()
    administrator.post(f"{done}/begin", {"mode": "good"})
    jobs()
    with web.config["SESSIONS"]() as session, clock.fixed(clock.now() + timedelta(days=31)):
        batches.sweep(session)
    page = said(administrator.page(waiting))
    assert "Nobody imported these rows within 30 days, so they were deleted." in page
    assert administrator.post(f"{waiting}/begin", {"mode": "good"}).status_code == 302
    assert jobs() == 0
    assert "The wrong rows were deleted after 30 days." in said(administrator.page(done))
    assert administrator.post(f"{done}/failed").status_code == 404
