"""Provinces with three subjects, with parts of a subject, and with two years in a row: profiles, no code."""

import json
from decimal import Decimal

import pytest

from app.declare.part import Choice
from app.declare.province import serve
from app.declare.year_rule import Span, YearRule
from app.models.parent_change import ParentChange as Origin
from app.services import crediting, years
from app.services.crediting import Earned
from app.services.spans import span_of
from tests.services.reviewing import really
from tests.services.test_crediting import CLASS, origin

pytestmark = pytest.mark.usefixtures("today", "origin")
__all__ = ["origin"]
ELECTIVE = Choice.model_validate({"key": "elective", "label": {"zh": "个人选修", "en": "Elective"}})


def rule(year, **words):
    said = {"total": 90, "minimum": {}, "closes": f"{year + 1}-01-31"} | words
    return YearRule.model_validate_json(json.dumps(said))


def earn(session, year, **by_subject):
    """Hours of 李娜, who was in a class."""
    earned = [
        Earned(CLASS, 2, year, subject, "training_class", Decimal(hours), "培训班")
        for subject, hours in by_subject.items()
    ]
    crediting.credit(session, Origin, earned)


def test_three_subjects_of_30_42_and_18(department, province, owner):
    asked = {"public": 30, "professional": 42, "elective": 18}
    serve(
        province.model_copy(
            update={"subjects": (*province.subjects, ELECTIVE), "rules": {2026: rule(2026, minimum=asked)}}
        )
    )
    earn(department, 2026, public=30, professional=60)
    view = years.year_of(department, 2, 2026)
    assert (view.complete, [(line.key, line.hours, line.missing) for line in view.subjects]) == (
        False,
        [("public", 30, 0), ("professional", 60, 0), ("elective", 0, 18)],
    )
    earn(department, 2026, elective=18)
    assert years.year_of(department, 2, 2026).complete
    assert really(owner, "SELECT complete FROM person_year") == [(True,)]


def test_a_part_of_a_subject_must_be_learned_in_classes(department, province, owner):
    part = {"label": {"zh": "面授", "en": "In class"}, "subject": "professional", "forms": ["training_class"],
            "hours": 30}  # fmt: skip
    serve(province.model_copy(update={"rules": {2026: rule(2026, parts=[part])}}))
    long = [Earned(CLASS, 2, 2026, "professional", "seminar", Decimal(90), "论文")]
    crediting.credit(department, Origin, long)
    view = years.year_of(department, 2, 2026)
    assert (view.complete, [str(why) for why in view.why_not]) == (
        False, ["30 more hours are needed in 面授, where 30 are asked."],
    )  # fmt: skip
    earn(department, 2026, professional=30)
    assert years.year_of(department, 2, 2026).complete
    assert really(owner, "SELECT complete FROM person_year") == [(True,)]


def test_two_years_of_90_in_a_row(department, province):
    serve(
        province.model_copy(
            update={"span": Span(years=2), "rules": {year: rule(year) for year in (2025, 2026)}}
        )
    )
    earn(department, 2026, public=64, professional=26)
    assert [(each.year, each.hours, each.complete) for each in span_of(department, 2, 2026).years] == [
        (2026, 90, True), (2025, 0, False),
    ]  # fmt: skip
    earn(department, 2025, public=60, professional=30)
    assert span_of(department, 2, 2026).fulfilled
    assert not span_of(department, 2, 2025).fulfilled


def test_only_what_was_learned_since_the_present_title_counts_to_the_row(department, province, sql):
    serve(
        province.model_copy(
            update={"span": Span(years=2, since=("title",)), "rules": {y: rule(y) for y in (2025, 2026)}}
        )
    )
    sql("SELECT set_config('xueshi.actor', 'test', true)")
    earn(department, 2025, public=60, professional=30)
    earn(department, 2026, public=64)
    early = Earned(
        CLASS, 2, 2026, "professional", "training_class", Decimal(26), "班",
        {"begins": "2026-03-01", "ends": "2026-03-04", "days": "4"},
    )  # fmt: skip
    crediting.credit(department, Origin, [early])
    sql("UPDATE person SET title_since = '2026-05-01' WHERE id = 2")
    department.expire_all()
    view = span_of(department, 2, 2026)
    assert [(each.year, each.hours, each.complete) for each in view.years] == [
        (2026, 64, False), (2025, 0, False),
    ]  # fmt: skip
    assert years.year_of(department, 2, 2026).complete
