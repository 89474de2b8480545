"""学时（分）申报 as a unit's administrator sees it (HDC-01 to 03, 05)."""

import re
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from tests.cast import ID_NUMBERS
from tests.services.reviewing import really
from tests.views.workspace import photograph, words

pytestmark = [
    pytest.mark.usefixtures("today"),
    pytest.mark.parametrize("province", ["shandong"], indirect=True),
]

POST = {
    "year": "2026",
    "subject": "professional",
    "form": "post_training",
    "answer_title": "岗位技能培训",
    "answer_organizer": "中心医院",
    "answer_begins": "2026-05-04",
    "answer_ends": "2026-05-08",
    "answer_hours": "20",
}


@pytest.fixture
def liu(visit):
    """刘芳 at the hospital."""
    return visit(21, 21)


def begun(client, **changed) -> str:
    """A declaration that is kept, by its address."""
    client.page("/declare-for/new?subject=professional&form=post_training")
    answer = client.post("/declare-for/new", {**POST, "action": "people", **changed})
    assert answer.status_code == 302, words(answer.get_data(as_text=True))
    return answer.location.removesuffix("/people")


def test_a_unit_declares_for_two_of_its_people_and_finds_the_records(liu, owner):
    page = liu.page("/declare-for/")
    assert re.findall(r"/declare-for/new\?subject=(\w+)&amp;form=(\w+)", page) == [
        ("public", "post_training"),
        ("public", "training_class"),
        ("public", "lecture"),
        ("professional", "post_training"),
        ("professional", "training_class"),
        ("professional", "lecture"),
    ]
    here = begun(liu, evidence=photograph())
    offered = re.findall(r'name="person" value="(\d+)"', liu.page(f"{here}/people"))
    assert offered == ["1", "2", "3"]
    liu.post(f"{here}/people", {"person": ["1", "2"]})
    assert "可提交 2 人 · 共 40 学时（分）" in words(liu.page(here))

    sent = liu.post(here, {**POST, "own_2_hours": "12.5", "action": "send", "expected": "2"})
    assert sent.location.endswith("/hour_record/list/?year=2026")
    assert "已为 2 人提交，共 32.5 学时（分）" in liu.page(sent.location)
    assert really(owner, "SELECT person_id, hours, state FROM hour_record ORDER BY 1") == [
        (1, 20, "submitted"),
        (2, 12.5, "submitted"),
    ]
    assert really(owner, "SELECT count(*) FROM hour_declaration") == [(0,)]
    assert really(owner, "SELECT subject, count(*) FROM attachment GROUP BY 1") == [("hour_record", 2)]


def test_who_is_kept_back_stays_and_the_right_ones_are_sent(liu, owner):
    here = begun(liu, evidence=photograph())
    liu.post(f"{here}/people", {"person": ["1", "2", "3"]})
    checked = liu.post(here, {**POST, "own_2_hours": "-1", "action": "check"})
    page = words(liu.page(checked.location))
    assert "可提交 2 人 · 共 40 学时（分） · 1 人暂不能提交" in page

    again = liu.post(here, {**POST, "own_2_hours": "-1", "action": "send", "expected": "3"})
    assert again.status_code == 409
    liu.post(here, {**POST, "own_2_hours": "-1", "action": "send", "expected": "2"})
    assert really(owner, "SELECT person_id FROM hour_record ORDER BY 1") == [(1,), (3,)]
    assert really(owner, "SELECT people -> 0 -> 'person_id' FROM hour_declaration") == [(2,)]


def test_what_is_wrong_for_all_stands_at_its_field(liu):
    here = begun(liu)
    liu.post(f"{here}/people", {"person": ["1"]})
    refused = liu.post(here, {**POST, "answer_title": "", "answer_ends": "2026-05-01", "action": "check"})
    assert refused.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)">', refused.get_data(as_text=True)) == [
        "answer_title",
        "answer_ends",
    ]
    bare = liu.post(here, {**POST, "action": "send", "expected": "1"})
    assert re.findall(r'<li><a href="#(\w+)">', bare.get_data(as_text=True)) == ["evidence"]


def test_a_template_is_the_whole_units_and_a_draft_is_ones_own(liu, visit):
    here = begun(liu)
    kept = liu.post(here, {**POST, "action": "template", "name": "每月培训"})
    assert kept.status_code == 302
    wang = visit(4, 4)
    page = wang.page("/declare-for/")
    template = re.search(r"/declare-for/new\?template=(\d+)", page)
    assert ["每月培训" in page, "未提交的申报" in page] == [True, False]
    assert wang.get(here).status_code == 404
    assert 'value="岗位技能培训"' in wang.page(f"/declare-for/new?template={template[1]}")
    wang.page("/declare-for/")
    wang.post(f"/declare-for/templates/{template[1]}/discard")
    assert "每月培训" not in wang.page("/declare-for/")
    assert visit(5, 5).get(here).status_code == 404


def test_another_form_keeps_what_both_ask(liu):
    here = begun(liu)
    liu.post(here, {**POST, "form": "training_class", "reload": "1"})
    page = liu.page(here)
    assert 'value="中心医院"' in page
    assert 'name="answer_days"' in page


def test_what_came_back_is_declared_again_from_where_it_was(liu, owner):
    here = begun(liu, evidence=photograph())
    liu.post(f"{here}/people", {"person": ["1"]})
    liu.post(here, {**POST, "action": "send", "expected": "1"})
    (record,) = really(owner, "SELECT subject_id FROM review")[0]
    with owner.begin() as connection:
        connection.exec_driver_sql("SELECT set_config('xueshi.actor', 'test', true)")
        connection.exec_driver_sql("UPDATE review SET state = 'rejected'")
        connection.exec_driver_sql("UPDATE hour_record SET state = 'returned'")
    assert f"/declare-for/new?record={record}" in liu.page(f"/hour_record/show/{record}")
    liu.page(f"/declare-for/new?record={record}")
    new = liu.post("/declare-for/new", {**POST, "record": str(record), "action": "check"})
    assert "张丽" in liu.page(new.location)


def test_only_on_the_job_training_comes_by_workbook_from_its_own_template(liu, visit):
    page = liu.page("/declare-for/new?subject=professional&form=post_training")
    assert 'value="workbook"' in page
    assert 'value="workbook"' not in liu.page("/declare-for/new?subject=professional&form=lecture")
    answer = liu.post("/declare-for/new", {**POST, "action": "workbook", "evidence": photograph()})
    assert answer.location.endswith("/workbook")
    here = answer.location.removesuffix("/workbook")
    assert "下载模板" in liu.page(answer.location)
    titles = [
        cell.value for cell in load_workbook(BytesIO(liu.client.get(f"{here}/template").data)).active[1]
    ]
    assert "培训名称*" in titles

    book = Workbook()
    for row in (
        ["证件号", "姓名", "培训名称", "组织单位", "开始日期", "结束日期", "学时（分）"],
        [ID_NUMBERS[1], "张丽", "岗位技能培训", "中心医院", "2026-05-04", "2026-05-08", "20"],
    ):
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    sent = liu.post(f"{here}/workbook", {"file": (BytesIO(stream.getvalue()), "岗位培训.xlsx")})
    assert re.fullmatch(r"/import/hour_record/[0-9a-f-]{36}", sent.location)
    assert "岗位培训.xlsx" in liu.page(sent.location)
    assert visit(5, 5).get(sent.location).status_code == 404


def test_what_was_declared_is_withdrawn_on_its_record(liu, visit):
    here = begun(liu, evidence=photograph())
    liu.page(f"{here}/people")
    liu.post(f"{here}/people", {"person": ["1"]})
    liu.post(here, {**POST, "action": "send", "expected": "1"})
    page = liu.page("/hour_record/show/1")
    act = re.search(r'action="(/declare-for/records/1/withdraw\?version=\d+)"', page)[1]
    assert liu.post(act).status_code == 302
    page = liu.page("/hour_record/show/1")
    assert ("已撤回" in page, "重新申报" in page, "/withdraw" in page) == (True, True, False)
    stranger = visit(5, 5)
    stranger.page("/home")
    assert stranger.post(act).status_code == 404
