"""职称申报学时预检 on the pages: one's own, and the unit's list."""

import pytest
from sqlalchemy.dialects.postgresql import insert

from app.database import transaction
from app.declare.province import serve
from app.declare.year_rule import Span
from app.models.hour_entry import HourEntry
from app.services import totals
from tests.services.reviewing import declared, training
from tests.services.test_spans import rule
from tests.views.workspace import ZHANG, complete, words

pytestmark = pytest.mark.usefixtures("today")


def test_a_professional_sees_what_is_missing_and_what_waits(visit, session_for, cast):
    declared(session_for(cast.professional(1)), training(8))
    shown = words(visit(ZHANG).page("/readiness/mine?years=1&title=主任医师"))
    assert "2026 年度职称申报学时预检" in shown
    assert "本次申报学时不足" in shown
    assert "专业技术培训班" in shown
    assert "可补足缺口" in shown


def test_who_has_completed_the_year_is_ready(visit, session_for, cast):
    complete(session_for, cast)
    assert "本次申报所需学时已齐备" in words(visit(ZHANG).page("/readiness/mine?years=1"))
    unit = visit(4, 4)
    assert "张丽" in words(unit.page("/readiness/?years=1&which=ready"))
    listed = words(unit.page("/readiness/?years=1&which=not"))
    assert [name for name in ("张丽", "李娜", "王强") if name in listed] == ["李娜", "王强"]


def test_nobody_looks_into_another_unit(visit):
    assert visit(8, 8).get("/readiness/1").status_code == 404
    assert visit(8, 8).get("/readiness/?unit=4").status_code == 404
    assert visit(ZHANG).get("/readiness/").status_code == 403
    assert visit(4, 4).get("/readiness/mine").status_code == 403
    assert visit(4, 4).get("/readiness/?which=some").status_code == 404


@pytest.mark.parametrize("year", ["1" * 40, "abc", "0", "-1", "9999"])
def test_a_year_that_is_none_is_the_present_one(visit, year):
    assert "2026 年度" in words(visit(4, 4).page(f"/readiness/?year={year}&years={year}"))


def test_five_years_are_proven_by_one_paper(visit, session_for, cast, province):
    asked = range(2022, 2027)
    serve(province.model_copy(update={"span": Span(years=5), "rules": {each: rule(each) for each in asked}}))
    office = session_for(cast.administrator(1))
    entries = [
        {"person_id": 1, "year": year, "subject": "professional", "form": "conference", "hours": 90,
         "sign": 1, "source": "test"}
        for year in asked
    ]  # fmt: skip
    with transaction(office):
        totals.enter(office, insert(HourEntry.__table__).values(entries))
    zhang = visit(ZHANG)
    page = zhang.page("/readiness/mine")
    assert "2022—2026 年合并证书" in words(page)
    answer = zhang.post("/my/certificates/2026", {"since": "2022"})
    assert answer.status_code == 303
    paper = zhang.client.get(answer.location)
    assert (paper.status_code, paper.mimetype) == (200, "application/pdf")
    assert f'href="{answer.location}"' in zhang.page("/readiness/mine")
