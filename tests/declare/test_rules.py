from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.declare.rules import completion, open_years, within_year
from app.declare.year_rule import YearRule

HUBEI = YearRule(total=Decimal(90), minimum={"professional": Decimal(60)}, closes=date(2027, 1, 31))
GUANGDONG = YearRule(
    total=Decimal(90),
    minimum={"public": Decimal(30), "professional": Decimal(42), "elective": Decimal(18)},
    closes=date(2027, 1, 31),
)
TWO = ["public", "professional"]


def hours(**by_subject):
    return {key: Decimal(value) for key, value in by_subject.items()}


def test_ninety_hours_with_sixty_professional_complete_the_year():
    year = completion(HUBEI, TWO, hours(public=30, professional=60))
    assert year.qualified
    assert year.missing == 0
    assert year.lacking == ()


def test_ninety_hours_with_fifty_nine_professional_do_not():
    year = completion(HUBEI, TWO, hours(public=31, professional=59))
    assert not year.qualified
    assert year.total == 90
    assert year.missing_total == 0
    assert [(subject.key, subject.missing) for subject in year.lacking] == [("professional", 1)]
    assert year.missing == 1


def test_sixty_professional_without_the_total_do_not():
    year = completion(HUBEI, TWO, hours(public="29.5", professional=60))
    assert not year.qualified
    assert year.missing_total == Decimal("0.5")
    assert year.lacking == ()


def test_ninety_professional_hours_alone_complete_the_year():
    assert completion(HUBEI, TWO, hours(professional=90)).qualified


def test_an_empty_year_lacks_everything():
    year = completion(HUBEI, TWO, {})
    assert (year.total, year.missing_total, year.missing) == (0, 90, 90)
    assert [(subject.key, subject.hours) for subject in year.subjects] == [("public", 0), ("professional", 0)]


def test_three_subjects_have_three_conditions():
    three = [*TWO, "elective"]
    assert completion(GUANGDONG, three, hours(public=30, professional=42, elective=18)).qualified
    year = completion(GUANGDONG, three, hours(public=60, professional=42))
    assert not year.qualified
    assert [subject.key for subject in year.lacking] == ["elective"]
    assert year.missing == 18


def test_hours_of_a_subject_that_was_given_up_still_count_to_the_total():
    year = completion(HUBEI, TWO, hours(public=20, professional=60, foreign_language=10))
    assert year.qualified
    assert [subject.key for subject in year.subjects] == ["public", "professional", "foreign_language"]


@given(
    st.dictionaries(st.sampled_from(["public", "professional", "elective"]), st.integers(0, 120).map(Decimal))
)
def test_the_hours_said_to_be_missing_complete_the_year(counted):
    year = completion(GUANGDONG, [*TWO, "elective"], counted)
    topped = {subject.key: subject.hours + subject.missing for subject in year.subjects}
    topped["public"] += year.missing - sum(subject.missing for subject in year.subjects)
    assert completion(GUANGDONG, [*TWO, "elective"], topped).qualified
    assert year.qualified == (year.missing == 0)


def test_a_yearly_cap_leaves_what_is_left_of_it(hubei):
    conference = hubei.form("conference")
    assert conference.yearly_cap == 24
    assert within_year(conference, Decimal(12), Decimal(0)) == 12
    assert within_year(conference, Decimal(12), Decimal(16)) == 8
    assert within_year(conference, Decimal(12), Decimal(40)) == 0
    assert within_year(hubei.form("training_class"), Decimal(64), Decimal(640)) == 64


def test_a_year_is_open_from_its_first_day_until_it_closes(hubei):
    assert open_years(hubei, date(2026, 1, 1)) == (2026, 2025)
    assert open_years(hubei, date(2026, 1, 31)) == (2026, 2025)
    assert open_years(hubei, date(2026, 2, 1)) == (2026,)
    assert open_years(hubei, date(2031, 1, 1)) == ()


def test_a_part_of_a_subject_must_be_learned_in_certain_forms():
    part = {"label": {"zh": "脱产培训", "en": "Training"}, "subject": "professional",
            "forms": ["class", "seminar"], "hours": Decimal(30)}  # fmt: skip
    rule = YearRule.model_validate(HUBEI.model_dump() | {"parts": [part]})
    learned = {("professional", "class"): Decimal(16), ("professional", "seminar"): Decimal(4),
               ("professional", "paper"): Decimal(70)}  # fmt: skip
    year = completion(rule, TWO, hours(professional=90), learned)
    assert (year.qualified, year.missing, year.parts[0].missing) == (False, 10, 10)
    learned["professional", "class"] += 10
    assert completion(rule, TWO, hours(professional=100), learned).qualified
