"""Whether hours bear a review of titles: what is there, what lacks, what would close the gap."""

from decimal import Decimal

import pytest

from app.declare.province import serve
from app.declare.year_rule import Span
from app.models.parent_change import ParentChange as Origin
from app.services import crediting, readiness
from app.services.crediting import Earned
from app.services.errors import NotFound
from tests.services.reviewing import conference, declared, training
from tests.services.test_crediting import CLASS, origin
from tests.services.test_spans import rule

pytestmark = pytest.mark.usefixtures("today", "origin")
__all__ = ["origin"]


@pytest.fixture
def two_years(province):
    """Two years in a row of 90 hours, 60 of them professional."""
    rules = {year: rule(year, minimum={"professional": 60}) for year in (2025, 2026)}
    profile = province.model_copy(update={"span": Span(years=2), "rules": rules})
    serve(profile)
    return profile


def earn(session, year, person=1, **by_subject):
    earned = [
        Earned(CLASS, person, year, subject, "seminar", Decimal(hours), "论文")
        for subject, hours in by_subject.items()
    ]
    crediting.credit(session, Origin, earned)


def of(session, year=2026, person=1):
    return readiness.of_person(session, person, year, readiness.window())


def test_it_says_by_year_and_subject_what_is_there_and_what_lacks(zhang, department, two_years):
    earn(department, 2025, public=40, professional=60)
    earn(department, 2026, public=24, professional=40)
    found = of(zhang)
    assert [(each.year, each.complete, each.total, each.required, each.missing) for each in found.years] == [
        (2026, False, 64, 90, 26), (2025, True, 100, 90, 0),
    ]  # fmt: skip
    assert [(line.key, line.hours, line.minimum, line.missing) for line in found.years[0].subjects] == [
        ("public", 24, 0, 0), ("professional", 40, 60, 20),
    ]  # fmt: skip
    assert (found.ready, found.would, found.missing) == (False, False, 26)


def test_what_waits_is_named_where_it_would_close_the_gap(zhang, department, two_years):
    earn(department, 2025, professional=90)
    earn(department, 2026, professional=80)
    helps = declared(zhang, training(3))
    useless = declared(zhang, conference("另一个会议"))
    found = of(zhang)
    assert [(each.id, each.closes) for each in found.years[0].waiting] == [
        (helps.id, True),
        (useless.id, False),
    ]
    assert (found.ready, found.years[0].would, found.would) == (False, True, True)


def test_what_waits_in_the_wrong_subject_closes_nothing(zhang, department, two_years):
    earn(department, 2025, professional=90)
    earn(department, 2026, public=90, professional=50)
    declared(zhang, training(4, "public", "公需科目培训"))
    found = of(zhang)
    assert [each.closes for each in found.years[0].waiting] == [False]
    assert (found.would, found.missing) == (False, 10)


def test_only_what_was_learned_since_the_title_counts_also_of_what_waits(zhang, two_years, sql):
    serve(two_years.model_copy(update={"span": Span(years=2, since=("title",))}))
    declared(zhang, training(3))
    sql("SELECT set_config('xueshi.actor', 'test', true)")
    assert len(of(zhang).years[0].waiting) == 1
    sql("UPDATE person SET title_since = '2026-11-01' WHERE id = 1")
    zhang.expire_all()
    assert [(each.year, each.waiting) for each in of(zhang).years] == [(2026, ()), (2025, ())]


def test_where_the_province_names_no_years_one_says_how_many(zhang, province):
    assert readiness.window(3) == readiness.Window(3)
    assert (readiness.window().years, readiness.window(99).years) == (5, 10)
    found = readiness.of_person(zhang, 1, 2026, readiness.window(1))
    assert [each.year for each in found.years] == [2026]


def test_a_year_without_a_rule_bears_nothing(zhang, province):
    [year] = readiness.of_person(zhang, 1, 2012, readiness.window(1)).years
    assert (year.ruled, year.complete, year.would) == (False, False, False)


def test_a_unit_lists_who_is_ready_and_who_is_not_some_at_a_time(wang, department, two_years, monkeypatch):
    for year in (2025, 2026):
        earn(department, year, person=2, professional=90)
    listed = {
        which: [
            each.person.name
            for each in readiness.of_unit(wang, 4, 2026, readiness.window(), ready=which, after=None).people
        ]
        for which in (None, True, False)
    }
    assert listed == {None: ["张丽", "李娜", "王强"], True: ["李娜"], False: ["张丽", "王强"]}
    monkeypatch.setattr(readiness, "PAGE", 1)
    first = readiness.of_unit(wang, 4, 2026, readiness.window(), ready=False, after=None)
    then = readiness.of_unit(wang, 4, 2026, readiness.window(), ready=False, after=first.later)
    assert [each.person.name for each in (*first.people, *then.people)] == ["张丽", "王强"]
    assert then.later is None


def test_nobody_looks_into_another_unit(wang, two_years):
    with pytest.raises(NotFound):
        of(wang, person=4)
    with pytest.raises(NotFound):
        readiness.of_unit(wang, 8, 2026, readiness.window(), ready=None, after=None)
