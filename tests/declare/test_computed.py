from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.declare.computed import beyond_days, computed
from app.declare.invalid import Invalid
from app.declare.learning_form import LearningForm

ANSWERS = ("title", "amount", "level", "rank")


def a_form(hours, **words):
    level = {
        "choices": [
            {"key": key, "label": {"zh": key, "en": key.title()}} for key in ("national", "provincial")
        ]
    }
    types = {"title": "text", "amount": "number", "level": "choice", "rank": "integer"}
    return LearningForm.model_validate(
        {
            "key": "some_form",
            "label": {"zh": "某形式", "en": "Some form"},
            "subjects": ["professional"],
            "declared_by": ["person"],
            "evidence": "none",
            "hours": hours,
            "fields": [
                {"key": key, "type": types[key], "required": True, "label": {"zh": key, "en": key.title()}}
                | (level if key == "level" else {})
                for key in ANSWERS
            ],
        }
        | words
    )


ACTUAL = {"by": "actual", "field": "amount"}
DAY = {"by": "day", "field": "amount", "hours": 8}
HALF_DAY = {"by": "half_day", "field": "amount", "hours": 4}
MINUTES = {"by": "minutes", "field": "amount", "minutes": 45}
FIXED = {"by": "fixed", "hours": 15}
LEVEL = {"by": "level", "field": "level", "hours": {"national": 12, "provincial": 8}}
TABLE = {
    "by": "level_and_rank",
    "field": "level",
    "rank": "rank",
    "table": {"national": [64, 56, 48], "provincial": [56]},
}
FALLING = {
    "by": "level_and_rank",
    "field": "level",
    "rank": "rank",
    "start": {"national": 48, "provincial": 2},
    "step": 6,
    "floor": 6,
}
EVERY = [ACTUAL, DAY, HALF_DAY, MINUTES, FIXED, LEVEL, TABLE, FALLING]


@pytest.mark.parametrize(
    ("formula", "values", "hours", "why"),
    [
        (ACTUAL, {"amount": "7.3"}, "7", "7.3 hours as stated"),
        (ACTUAL, {"amount": 7.5}, "7.5", "7.5 hours as stated"),
        (DAY, {"amount": 3}, "24", "3 days at 8 hours"),
        (HALF_DAY, {"amount": "3"}, "12", "3 half days at 4 hours"),
        (MINUTES, {"amount": 135}, "3", "135 minutes at 45 minutes an hour, rounded down to half hours"),
        (MINUTES, {"amount": 134}, "2.5", "134 minutes at 45 minutes an hour, rounded down to half hours"),
        (MINUTES, {"amount": 22}, "0", "22 minutes at 45 minutes an hour, rounded down to half hours"),
        (FIXED, {}, "15", "15 hours for each item"),
        (LEVEL, {"level": "provincial"}, "8", "8 hours for “provincial”"),
        (TABLE, {"level": "national", "rank": 3}, "48", "48 hours for “national”, rank 3"),
        (TABLE, {"level": "national", "rank": 4}, "0", "0 hours for “national”, rank 4"),
        (FALLING, {"level": "national", "rank": 1}, "48", "48 hours for “national”, rank 1"),
        (FALLING, {"level": "national", "rank": "3"}, "36", "36 hours for “national”, rank 3"),
        (FALLING, {"level": "national", "rank": 99}, "6", "6 hours for “national”, rank 99"),
        (FALLING, {"level": "provincial", "rank": 5}, "2", "2 hours for “provincial”, rank 5"),
    ],
)
def test_hours_follow_from_the_answers_and_say_why(formula, values, hours, why):
    outcome = computed(a_form(formula), values)
    assert outcome.hours == Decimal(hours)
    assert outcome.explanation == (why,)


def test_the_cap_of_one_item_is_applied_and_named():
    outcome = computed(a_form(DAY, item_cap=20), {"amount": 3})
    assert outcome.hours == 20
    assert outcome.explanation == ("3 days at 8 hours", "One item counts at most 20 hours.")


def test_a_cap_that_takes_nothing_away_is_not_mentioned():
    assert computed(a_form(DAY, item_cap=24), {"amount": 3}).cap is None


@pytest.mark.parametrize(
    ("formula", "values", "said"),
    [
        (DAY, {}, "Please give a number for “amount”."),
        (DAY, {"amount": None}, "Please give a number for “amount”."),
        (DAY, {"amount": "three"}, "Please give a number for “amount”."),
        (DAY, {"amount": -1}, "“amount” cannot be -1."),
        (DAY, {"amount": "NaN"}, "“amount” cannot be NaN."),
        (DAY, {"amount": "Infinity"}, "“amount” cannot be Infinity."),
        (DAY, {"amount": "9" * 23}, "“amount” cannot be 99999999999999999999."),
        (LEVEL, {}, "Please choose “level”."),
        (LEVEL, {"level": "worldwide"}, "Please choose “level”."),
        (LEVEL, {"level": ["national"]}, "Please choose “level”."),
        (TABLE, {"level": "national"}, "Please give a number for “rank”."),
        (TABLE, {"level": "national", "rank": 0}, "“rank” begins at 1."),
        (TABLE, {"level": "national", "rank": 1.5}, "“rank” must be a whole number."),
    ],
)
def test_an_answer_that_the_formula_cannot_use_is_asked_for_again(formula, values, said):
    with pytest.raises(Invalid) as refusal:
        computed(a_form(formula), values)
    assert str(refusal.value) == said


amounts = st.decimals(0, 100_000, allow_nan=False, places=1)
levels = st.sampled_from(["national", "provincial"])
caps = st.none() | st.integers(0, 900)


@given(st.sampled_from(EVERY), amounts, levels, st.integers(1, 500), caps)
def test_hours_are_whole_halves_within_nothing_and_the_cap(formula, amount, level, rank, cap):
    hours = computed(a_form(formula, item_cap=cap), {"amount": amount, "level": level, "rank": rank}).hours
    assert hours >= 0
    assert hours * 2 == int(hours * 2)
    assert cap is None or hours <= cap


@given(st.sampled_from([ACTUAL, DAY, HALF_DAY, MINUTES]), amounts, amounts, caps)
def test_more_is_never_less(formula, one, other, cap):
    form = a_form(formula, item_cap=cap)
    less, more = sorted([one, other])
    assert computed(form, {"amount": less}).hours <= computed(form, {"amount": more}).hours


@given(st.sampled_from([TABLE, FALLING]), levels, st.integers(1, 200), st.integers(1, 200))
def test_who_ranks_further_back_never_gets_more(formula, level, one, other):
    form = a_form(formula)
    front, back = sorted([one, other])
    assert (
        computed(form, {"level": level, "rank": front}).hours
        >= computed(form, {"level": level, "rank": back}).hours
    )


@given(amounts)
def test_no_hour_has_fewer_than_45_minutes(minutes):
    assert computed(a_form(MINUTES), {"amount": minutes}).hours * 45 <= minutes


DATES = [
    {"key": key, "type": "date", "required": True, "label": {"zh": "日期", "en": "Date"}}
    for key in ("begins", "ends")
]


@pytest.mark.parametrize(
    ("formula", "amount", "begins", "ends", "wrong"),
    [
        (
            HALF_DAY,
            "24",
            "2026-06-20",
            "2026-06-20",
            ("amount", "By the dates there were 2 half days at most."),
        ),
        (
            HALF_DAY,
            "5",
            "2026-06-20",
            "2026-06-21",
            ("amount", "By the dates there were 4 half days at most."),
        ),
        (HALF_DAY, "4", "2026-06-20", "2026-06-21", None),
        (DAY, "3", "2026-06-20", "2026-06-21", ("amount", "By the dates there were 2 days at most.")),
        (DAY, "2", "2026-06-20", "2026-06-21", None),
        (DAY, "1", "2026-06-21", "2026-06-20", ("ends", "The last day lies before the first.")),
        (DAY, "9", "", "2026-06-20", None),
    ],
)
def test_no_more_days_count_than_lie_between_the_dates(formula, amount, begins, ends, wrong):
    made = a_form(formula | {"first": "begins", "last": "ends"})
    made = LearningForm.model_validate(
        made.model_dump(by_alias=True) | {"fields": [*made.model_dump()["fields"], *DATES]}
    )
    found = beyond_days(made, {"amount": amount, "begins": begins, "ends": ends})
    assert (found and (found[0], str(found[1]))) == wrong
