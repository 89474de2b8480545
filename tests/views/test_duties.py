"""The page of the separation of duties: five questions about one month."""

import pytest
from sqlalchemy import text

from app.services import shelf
from tests.services.reviewing import approve, declared, review_of
from tests.services.reviewing import now as at_noon


@pytest.fixture(autouse=True)
def _decided(web, tmp_path, session_for, cast, owner):
    """One declaration that the same account has approved at two steps."""
    shelf.use(tmp_path.as_uri())
    with at_noon():
        zhang = session_for(cast.professional(1))
        review = review_of(zhang, declared(zhang))
        approve(session_for(cast.administrator(4, 21)), review.id)
        approve(session_for(cast.administrator(3)), review.id)
        with owner.begin() as connection:
            connection.execute(text("ALTER TABLE decision DISABLE TRIGGER insert_only"))
            connection.execute(text("UPDATE decision SET account_id = 21"))
        yield


def test_the_department_sees_each_question_answered(visit):
    department = visit(3, 3)
    page = department.page("/duties/")
    assert "张丽 · 全国心血管病大会" in page
    assert 'href="/review/show/1"' in page
    assert "本月没有此类情况" in department.page("/duties/?tab=twice&month=2026-10")
    assert "荆州市中心医院管理员" in department.page("/duties/?tab=deciders&month=2026-11")
    assert "用人单位超级管理员" in department.page("/duties/?tab=roles")


@pytest.mark.parametrize(
    "query", ["month=0001-01", "month=9999-12", "month=x", "tab=x", "after=x", "month=2026-13"]
)
def test_an_address_that_means_nothing_shows_this_month(visit, query):
    assert "2026-11" in visit(3, 3).page(f"/duties/?{query}")


def test_it_is_the_super_administrators(visit):
    assert visit(4, 4).get("/duties/").status_code == 200
    assert visit(21, 21).get("/duties/").status_code == 403
    assert visit(31).get("/duties/").status_code == 403
