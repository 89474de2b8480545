"""The button that asks for a decision: where it stands, what it says, where it leads."""

from datetime import timedelta

import pytest

from app.database import clock
from tests.services.reviewing import NOW, declared, review_of

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def waiting(session_for, cast):
    """张丽's hours wait at the hospital."""
    return review_of(session_for(cast.professional(1)), declared(session_for(cast.professional(1))))


def test_one_asks_on_the_page_of_ones_declaration_and_returns_there(visit, waiting):
    with clock.fixed(NOW + timedelta(days=9)):
        zhang = visit(31)
        page = zhang.page("/my/hours/1")
        assert "已等待 7 个工作日，逾期 2 个工作日" in page
        assert f'action="/reminders/{waiting.id}?back=/my/hours/1"' in page

        answer = zhang.post(f"/reminders/{waiting.id}?back=/my/hours/1")
        assert (answer.status_code, answer.location) == (302, "/my/hours/1")
        page = zhang.page("/my/hours/1")
        assert "已提醒审核人员。" in page
        assert "已催办 1 次，最近一次 2026-12-01 10:00。" in page
        assert 'action="/reminders/' not in page

        again = zhang.post(f"/reminders/{waiting.id}?back=//evil.example")
        assert (again.status_code, again.location) == (302, "/home")
        assert "今日已催办过，请明日再试。" in zhang.page("/my/year")


def test_reviewers_see_the_clock_and_no_button(visit, waiting):
    with clock.fixed(NOW + timedelta(days=9)):
        liu = visit(21, 21)
        assert "逾期 2 个工作日" in liu.page("/reviews/hours/")
        page = liu.page(f"/reviews/hours/{waiting.id}")
        assert "已等待 7 个工作日，逾期 2 个工作日" in page
        assert 'action="/reminders/' not in page
        assert liu.post(f"/reminders/{waiting.id}").status_code == 403
