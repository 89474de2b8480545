"""From the risk board to the people behind a number, their records and the reminder (STA-03, SUP-01)."""

import re

import pytest

from app.database import sessions
from app.services import outlook
from tests.services.reviewing import declared, really
from tests.services.test_crediting import origin
from tests.views.test_completion import counted, main

pytestmark = pytest.mark.usefixtures("today")
__all__ = ["counted", "origin"]


@pytest.fixture
def board(counted, session_for, cast, engine):
    """The same with 12 hours of 孙悦 that wait, and all of it folded."""
    declared(session_for(cast.professional(6)))
    with sessions(engine)() as session:
        outlook.fold(session)


def test_a_department_goes_from_the_light_to_the_people_and_reminds_them(visit, board, owner):
    client = visit(3, 3)
    page = client.page("/outlook/")
    shown = main(page)
    assert "2026 年度完成情况：荆州市卫生健康委员会" in shown
    assert "荆州市中心医院 进度滞后" in shown
    behind = re.search(r'href="(/completion/\?unit=4&amp;year=2026&amp;below=1&amp;state=open)"', page)[1]
    people = client.page(behind.replace("&amp;", "&"))
    assert "李娜" in people
    assert "张丽" not in main(people)

    answer = client.post(
        "/completion-reminders/preview",
        {"filter": "unit=4&year=2026&below=1&state=open", "whole": "1", "expected": "3"},
    ).get_data(as_text=True)
    assert "将提醒 3 人" in main(answer)
    answer = client.post(
        "/completion-reminders/",
        {"filter": "unit=4&year=2026&below=1&state=open", "whole": "1", "expected": "3"},
    )
    assert answer.status_code == 302
    told = "SELECT person_id FROM message WHERE kind = 'completion_reminder' ORDER BY 1"
    assert really(owner, told) == [(2,), (3,), (6,)]
    again = client.post(
        "/completion-reminders/preview",
        {"filter": "unit=4&year=2026&below=1&state=open", "whole": "1", "expected": "3"},
    ).get_data(as_text=True)
    assert "3 人未列入：七天内已经提醒过" in main(again)


def test_another_number_than_was_shown_is_asked_again(visit, board):
    client = visit(4, 4)
    client.page("/completion/")
    form = {"filter": "unit=4&year=2026&below=0", "id": ["2"], "expected": "2"}
    assert client.post("/completion-reminders/", form).status_code == 409
    nobody = {"filter": "unit=4&year=2026&below=0", "expected": "2"}
    for path in ("/completion-reminders/preview", "/completion-reminders/"):
        assert client.post(path, nobody).headers["Location"].startswith("/completion/?unit=4")
    form["id"] = ["4"]
    assert client.post("/completion-reminders/", form).status_code == 404


def test_the_records_of_one_person_are_a_click_away(visit, board):
    page = visit(4, 4).page("/completion/")
    assert 'href="/completion/records/1?year=2026"' in page
    shown = main(visit(4, 4).page("/completion/records/1?year=2026"))
    assert "张丽的 2026 年学习记录" in shown
    assert "专业技术培训班" in shown
    assert "已计入 128，要求 90 学时" in shown
    assert visit(8, 8).get("/completion/records/1").status_code == 404


def test_a_unit_narrows_its_people_by_state_series_and_department(visit, board):
    client = visit(4, 4)
    for words, found in (
        ("state=complete", ["张丽"]),
        ("state=short", ["李娜"]),
        ("state=nothing", ["王强"]),
        ("series=engineering&state=open", ["李娜", "王强"]),
        ("department=4", []),
        ("below=1&state=nothing", ["王强", "孙悦"]),
    ):
        page = main(client.page(f"/completion/?unit=4&year=2026&{words}"))
        assert (words, [name for name in ("张丽", "李娜", "王强", "孙悦") if name in page]) == (words, found)


def test_who_reaches_his_own_unit_alone_sees_no_light_of_others(visit, board):
    assert visit(8, 8).get("/outlook/?at=4").status_code == 404
    assert visit(31).get("/outlook/").status_code == 403
    assert visit(4, 4).get(f"/outlook/?at={'9' * 40}").status_code == 404
    assert visit(4, 4).get(f"/outlook/?page={'9' * 40}&year={'9' * 40}&by=x").status_code == 200
