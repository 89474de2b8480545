"""Tables of statistics: numbers that lead to their lists, workbooks, and figures that are kept."""

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from app.services.statistics import counting

TITLE = "UPDATE person SET title_series = 'engineering', title_level = :level WHERE id = :person"
pytestmark = pytest.mark.usefixtures("today")


def main(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


@pytest.fixture
def counted(session_for, cast, owner):
    """张丽 is an engineer, 李娜 a senior one, all others work in health; everything is counted."""
    with owner.begin() as connection:
        for person, level in ((1, "intermediate"), (2, "senior")):
            given = {"person": person, "level": level}
            connection.execute(text(TITLE), given)
        connection.execute(text("UPDATE person SET title_series = 'health' WHERE id > 2"))
    counting.count(session_for(cast.administrator(1)))


def test_a_unit_sees_its_title_series_and_each_number_leads_to_its_people(visit, counted):
    client = visit(4, 4)
    page = client.page("/titles/")
    assert "荆州市中心医院，含下级，2026 年度；数据截至 2026-11-22 10:00" in main(page)
    assert "工程技术人员 1 0 1 0 0 0 2 50.0 0 0.0" in main(page)
    assert "总计 1 0 1 0 0 2 4 100.0 0 0.0" in main(page)
    link = re.search(r'href="(/statistics/people[^"]*level=senior[^"]*)"', page)[1].replace("&amp;", "&")
    listed = main(client.page(link))
    assert ("李娜" in listed, "张丽" in listed) == (True, False)
    assert "data-chart" in page
    assert re.search(r'<script src="/static/ui/charts\.[0-9a-f]+\.js" defer>', page)
    assert "总计 1 0 1 0 0 1 3" in main(client.page("/titles/?alone=1"))


def test_a_department_reads_the_manuals_table_by_unit_and_by_title(visit, counted):
    client = visit(3, 3)
    page = client.page("/statistics/")
    assert re.search(r'colspan="3">当年公开课程学习人数</th>', page)
    assert "荆州市中心医院 2 0 4 0" in main(page)
    assert "总计 3 0 5 0" in main(page)
    assert "当年学习符合本省全部要求的专技人员" in main(page)
    assert "荆州市中心医院（本级） 1 0 3" in main(client.page("/statistics/?at=4"))
    by_title = client.page("/statistics/?by=series")
    assert "卫生技术人员 3 0 3 0" in main(by_title)
    assert "工程技术人员 1 0 2 0" in main(by_title)
    down = re.search(r'href="(/statistics/\?[^"]*series=engineering[^"]*)"', by_title)[1].replace(
        "&amp;", "&"
    )
    assert "荆州市中心医院 1 0 2 0" in main(client.page(down))
    assert client.get("/statistics/?at=8").status_code == 404
    assert client.get("/statistics/?at=x&year=99999999999999999999").status_code == 404
    assert client.get("/statistics/people?figure=nothing").status_code == 404
    assert visit(31).get("/statistics/").status_code == 403


def test_the_workbook_and_the_kept_figures_say_the_same(visit, counted):
    client = visit(3, 3)
    client.page("/statistics/")
    with client.post("/statistics/export?by=organization&before=1") as answer:
        book = load_workbook(BytesIO(answer.data))
    assert book.sheetnames == ["2026", "2025", "与上年相比"]
    with client.post("/statistics/export?public=1") as answer:
        sheet = load_workbook(BytesIO(answer.data)).active
    assert [row[4] for row in sheet.iter_rows(min_row=7, values_only=True)] == ["*", "*", 5]
    kept = client.post("/snapshots/take/statistics?by=organization")
    shown = main(client.page(kept.headers["Location"]))
    assert "总计 3 0 5 0" in shown
    assert "留存，此后未有任何改动" in shown
    assert kept.headers["Location"] in client.page("/snapshots/")
    assert visit(2, 2).get(kept.headers["Location"]).status_code == 404
