"""继教完成情况: a unit's people against the rule of a year, printed or as a workbook."""

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.models.parent_change import ParentChange as Origin
from app.services import crediting, learning
from tests.services.reviewing import declared, really
from tests.services.teaching import published
from tests.services.test_crediting import earned, origin

pytestmark = pytest.mark.usefixtures("today")
__all__ = ["origin"]


def main(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


@pytest.fixture
def counted(session_for, cast, origin):
    """张丽 has completed 2026, 李娜 has 64 hours of one subject, 王强 has none."""
    session = session_for(cast.administrator(3))
    crediting.credit(session, Origin, [earned(1, "64"), earned(1, "64", subject="public"), earned(2, "64")])


def test_a_unit_sees_who_is_qualified_and_prints_it_with_its_moment(visit, counted):
    page = visit(4, 4).page("/completion/")
    shown = main(page)
    assert "2026 年度继教完成情况：荆州市中心医院" in shown
    assert "共 3 名专业技术人员：1 人合格，2 人不合格" in shown
    assert "截至 2026-11-22 10:00 已计入的学时" in shown
    assert "张丽 — 64 64 / 60 128 / 90 — — 合格 学习记录" in shown
    assert "李娜 — 0 64 / 60 64 / 90 26 — 不合格 学习记录" in shown
    assert "data-print" in page
    assert "共 3 名专业技术人员：0 人合格，3 人不合格" in main(visit(4, 4).page("/completion/?year=2025"))


def test_an_office_above_opens_it_from_the_unit_and_nobody_elsewhere_does(visit, counted):
    assert 'href="/completion/?unit=4"' in visit(2, 2).page("/organization/show/4")
    assert "1 人合格" in main(visit(2, 2).page("/completion/?unit=4"))
    assert visit(8, 8).get("/completion/?unit=4").status_code == 404
    assert visit(31).get("/completion/").status_code == 403


def test_the_workbook_says_the_same_as_of_when_and_is_recorded(visit, counted, owner):
    client = visit(4, 4)
    client.page("/completion/")
    with client.post("/completion/export?unit=4&year=2026") as answer:
        book = BytesIO(answer.data)
    sheet = load_workbook(book).active
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    said = [row for row in rows if row and row[0] in ("张丽", "李娜", "王强")]
    assert said == [
        ["张丽", 64, 64, 128, 0, 0, "合格"],
        ["李娜", 0, 64, 64, 26, 0, "不合格"],
        ["王强", 0, 0, 0, 90, 0, "不合格"],
    ]  # fmt: skip
    assert any("2026-11-22 10:00" in str(cell) for row in rows for cell in row)
    assert really(owner, "SELECT after ->> 'filter' FROM audit_event WHERE action = 'export'") == [
        ("荆州市中心医院 2026",)
    ]


def test_the_record_of_hours_says_why_they_count(visit, session_for, cast):
    record = declared(session_for(cast.professional(1)))
    assert "学时计算说明 “国家级”计 12 学时" in main(visit(4, 4).page(f"/hour_record/show/{record.id}"))


def test_beside_it_stands_who_takes_which_course(visit, session_for, cast):
    course = published(session_for(cast.administrator(2)), session_for(cast.administrator(1)))
    learning.begin(session_for(cast.professional(1)), course.id)
    client = visit(4, 4)
    assert 'href="/learners/?unit=4"' in client.page("/completion/")
    assert "张丽 职业道德与法治 · 荆州市人力资源和社会保障局 公需科目 1 0 / 1 学习中 2026-11-22" in main(
        client.page("/learners/?unit=4")
    )
    assert "本单位尚无人员开始在线学习" in client.page("/learners/?unit=4&state=passed")
    assert visit(8, 8).get("/learners/?unit=4").status_code == 404
