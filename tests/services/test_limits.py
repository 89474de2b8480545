"""Declared hours within the limits of the province: caps, achievements, an activity that spans two years."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.database import clock
from app.declare.learning_form import Exclusive
from app.declare.province import serve
from app.models.hour_record import HourRecord
from app.services import differences, hours
from app.services.declarations import Declaration
from app.services.errors import Faulty
from app.services.reckoning import reckoning
from tests.services.reviewing import conference, declared, photograph, reject, review_of, training

pytestmark = pytest.mark.usefixtures("today")


def ruled(profile, **words):
    """The province with other words in its rule of 2026."""
    rule = profile.rules[2026].model_copy(update=words)
    return profile.model_copy(update={"rules": {**profile.rules, 2026: rule}})


def formed(profile, key, **words):
    """The province with other words in one of its learning forms."""
    forms = tuple(form.model_copy(update=words) if form.key == key else form for form in profile.forms)
    return profile.model_copy(update={"forms": forms})


def refusal(session, said):
    with pytest.raises(Faulty) as refused:
        declared(session, said)
    return [str(wrong) for wrong in refused.value.problems[""]]


def test_the_cap_of_a_subject_holds_over_all_its_forms(zhang, liu, province):
    serve(ruled(province, subject_caps={"professional": Decimal(60)}))
    declared(zhang, training(6))
    limited = declared(zhang, conference())
    assert (limited.hours, reckoning(limited)) == (
        12, ("12 hours for “国家级”",),
    )  # fmt: skip
    assert refusal(zhang, training(1, title="再一班")) == [
        "At most 60 hours of this subject count in a year, and 60 were used."
    ]
    assert declared(zhang, training(1, "public")).hours == 8


def test_a_limit_that_bites_is_told_to_the_person_and_to_the_reviewer(zhang, liu, province):
    serve(ruled(province, total_cap=Decimal(100)))
    for subject in ("professional", "public"):
        declared(zhang, training(6, subject))
    record = declared(zhang, conference())
    why = (
        "12 hours for “国家级”",
        "12 hours were earned, 4 of them count.",
        "At most 100 hours count in a year, and 96 were used.",
    )
    assert (record.hours, reckoning(record)) == (4, why)
    seen = differences.seen(liu, review_of(liu, record), liu.get_one(HourRecord, record.id), "en")
    assert [(fact.label, fact.text) for fact in seen if fact.key == "reckoning"] == [
        ("How it is counted", "\n".join(why))
    ]


def test_one_achievement_counts_once_with_its_highest_hours(zhang, liu, province):
    serve(
        formed(province, "conference", exclusive=Exclusive(group="talk", fields=("title",)), yearly_cap=None)
    )
    lower = declared(zhang, conference("心血管大会", level="provincial"))
    higher = declared(zhang, conference("心血管大会。", level="national"))
    assert (lower.hours, higher.hours) == (8, 4)
    assert refusal(zhang, conference("心血管大会", level="national")) == [
        "The same achievement counts once, with its highest hours: 12 count already."
    ]
    reject(liu, review_of(liu, lower).id)
    zhang.expire_all()
    assert declared(zhang, conference("心血管大会", level="national")).hours == 8
    assert declared(zhang, conference("另一个大会")).hours == 12


def test_each_year_counts_its_own_days_of_what_spans_two(zhang, province):
    over = {"begins": "2026-12-28", "ends": "2027-01-06", "days": "10"}
    values = training(1).values | over
    with clock.fixed(datetime(2027, 1, 20, 2, 0, tzinfo=UTC)):
        with pytest.raises(Faulty):
            hours.declare(
                zhang, 1, Declaration(2026, "professional", "training_class", values), [photograph()]
            )
        serve(formed(province, "training_class", over_years=True))
        found = [
            hours.declare(
                zhang, 1, Declaration(year, "professional", "training_class", values), [photograph()]
            )
            for year in (2026, 2027)
        ]
    assert [each.hours for each in found] == [Decimal("25.5"), Decimal(38)]
    assert reckoning(found[0]) == (
        "10 days at 8 hours",
        "One item counts at most 64 hours.",
        "4 of its 10 days lie in this year, and their share of the hours counts for it.",
    )
