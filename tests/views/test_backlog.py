"""审核时效: one level with its numbers, each of which leads to its list."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.database import clock, sessions
from app.services import backlog
from tests.services.reviewing import NOW, approve, conference, declared, review_of, training

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def later(session_for, cast, engine):
    """Nine days later, of two declarations of 张丽 one has gone on to the authority after a working day."""
    zhang = session_for(cast.professional(1))
    first, _second = (review_of(zhang, declared(zhang, each)).id for each in (conference(), training(3)))
    with clock.fixed(NOW + timedelta(days=1)):
        approve(session_for(cast.administrator(4, 21)), first)
    with clock.fixed(NOW + timedelta(days=9)):
        with sessions(engine)() as session:
            backlog.fold(session)
        yield


def test_each_number_leads_to_the_level_below_or_to_its_list(visit, later):
    city = visit(2, 2)
    page = city.page("/backlog/")
    assert "数据截至 12-01 10:00" in page
    assert '<a href="/backlog/?at=3&amp;kind=">2</a>' in page

    page = city.page("/backlog/?at=3&kind=hours&by=median")
    assert "荆州市卫生健康委员会（本级）" in page
    for number, address in (
        (1, "/backlog/4/waiting?kind=hours"),
        (1, "/backlog/4/waiting?kind=hours&amp;overdue=1"),
        (1, "/backlog/4/decided?kind=hours"),
    ):
        assert f'<a href="{address}">{number}</a>' in page

    assert "逾期 2 个工作日" in city.page("/backlog/4/waiting?kind=hours&overdue=1")
    page = city.page("/backlog/4/decided?kind=hours")
    assert ("张丽 · 全国心血管病大会" in page, '<span class="status status-ok">通过</span>' in page) == (
        True,
        True,
    )


def test_a_level_is_a_workbook_too_for_those_who_export_organizations(visit, later):
    office = visit(3, 3)
    assert 'action="/backlog/export?at=3&amp;kind=hours&amp;by=overdue"' in office.page(
        "/backlog/?kind=hours"
    )
    book = office.post("/backlog/export?at=3&kind=hours&by=median", buffered=True)
    rows = list(load_workbook(BytesIO(book.data)).active.iter_rows(values_only=True))
    assert [row[:3] for row in rows[-2:]] == [
        ("荆州市卫生健康委员会", "1", "1"),
        ("荆州市中心医院", "1", "1"),
    ]
    hospital = visit(4, 4)
    assert "/backlog/export" not in hospital.page("/backlog/")
    assert hospital.post("/backlog/export?kind=hours").status_code == 403


def test_what_an_address_cannot_mean_is_left_out_or_not_found(visit, later):
    city = visit(2, 2)
    assert city.get("/backlog/?kind=nonsense&by=nonsense&page=nonsense").status_code == 200
    assert [
        city.get(f"/backlog/{path}").status_code for path in ("?at=7", "?at=x", "7/waiting", "x/decided")
    ] == [404] * 4
    assert visit(31).get("/backlog/").status_code == 403
