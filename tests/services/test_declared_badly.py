"""What cannot be declared: each mistake is a sentence at its field, in Chinese and in English."""

import pytest

from app.services import hours
from app.services.declarations import Declaration
from app.services.errors import Faulty
from app.services.wording import said
from tests.services.reviewing import photograph

pytestmark = [
    pytest.mark.usefixtures("today"),
    pytest.mark.parametrize("province", ["shandong"], indirect=True),
]

POST = {
    "title": "岗位技能培训",
    "organizer": "中心医院",
    "begins": "2026-05-04",
    "ends": "2026-05-08",
    "hours": "20",
}

MISTAKES = [
    ({"ends": "2026-05-01"}, "ends", "The last day lies before the first.", "结束日期早于开始日期。"),
    (
        {"begins": "2026-02-29"},
        "begins",
        "Please give a date like 2020-01-31.",
        "请填写日期，例如 2020-01-31。",
    ),
    (
        {"begins": "2025-12-31"},
        "begins",
        "The date must lie in the year 2026, for which it is declared.",
        "日期须在申报年度 2026 年内。",
    ),
    ({"ends": "2026-12-01"}, "ends", "The date lies in the future.", "日期不能晚于今天。"),
    ({"hours": "0"}, "hours", "“Hours” must be more than 0.", "“学时（分）”必须大于 0。"),
    ({"hours": "-8"}, "hours", "“Hours” must be more than 0.", "“学时（分）”必须大于 0。"),
    ({"hours": "1000"}, "hours", "So many hours cannot be: at most 120.", "学时（分）过多，最多为 120。"),
    (
        {"hours": "7.25"},
        "hours",
        "Hours are counted in halves: for example 7 or 7.5.",
        "学时（分）以 0.5 为单位，例如 7 或 7.5。",
    ),
    ({"hours": "二十"}, "hours", "Please give a number, for example 12.5.", "请填写数字，例如 12.5。"),
    ({"title": " "}, "title", "Please fill in this field.", "请填写此项。"),
]


def words(problem, locale: str) -> str:
    message, params = getattr(problem, "message", problem), getattr(problem, "params", {})
    told = {key: said(each, locale) if hasattr(each, "in_") else each for key, each in params.items()}
    return said(message, locale) % told if told else said(message, locale)


def refused(session, values, *files):
    with pytest.raises(Faulty) as wrong:
        hours.declare(session, 1, Declaration(2026, "professional", "post_training", values), files)
    return {
        key: [(words(each, "en"), words(each, "zh")) for each in some]
        for key, some in wrong.value.problems.items()
    }


@pytest.mark.parametrize(("changed", "field", "english", "chinese"), MISTAKES)
def test_each_mistake_is_said_at_its_field(zhang, sql, changed, field, english, chinese):
    assert refused(zhang, POST | changed, photograph()) == {field: [(english, chinese)]}
    assert sql("SELECT count(*) FROM hour_record") == [(0,)]


def test_a_missing_proof_is_said_at_the_proof(zhang):
    assert refused(zhang, POST) == {
        "evidence": [("Please add the proof: a photograph or a PDF.", "请上传证明材料（照片或 PDF）。")]
    }


def test_days_that_overlap_with_another_declaration_are_asked_about(zhang):
    said_first = Declaration(2026, "professional", "post_training", POST)
    first = hours.declare(zhang, 1, said_first, [photograph()])
    other = Declaration(
        2026, "public", "post_training", {**POST, "title": "公需培训", "begins": "2026-05-08"}
    )
    later = Declaration(
        2026, "public", "post_training", {**POST, "title": "公需培训", "begins": "2026-05-09"}
    )
    assert [twin.id for twin in hours.likely_duplicates(zhang, 1, other)] == [first.id]
    assert hours.likely_duplicates(zhang, 1, later) == []
