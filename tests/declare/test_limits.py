"""Limits are never exceeded, whatever comes in whatever order; where the order matters, the rule says so."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.declare.limits import Kept, achievement, limited
from tests.declare.test_computed import ACTUAL, a_form

CAPS = st.integers(1, 60).map(lambda half: Decimal(half) / 2)
SUBJECTS = ("public", "professional")


@st.composite
def provinces(draw, *, one_subject=True):
    """Forms with yearly caps, caps of subjects, and perhaps one of the whole year."""
    forms = {}
    for number in range(4):
        words = {"item_cap": 30, "yearly_cap": draw(st.none() | CAPS), "subjects": list(SUBJECTS)}
        if one_subject:
            words["subjects"] = [SUBJECTS[number % 2]]
        forms[f"form_{number}"] = a_form(ACTUAL, key=f"form_{number}", **words)
    caps = {subject: draw(CAPS) for subject in SUBJECTS if draw(st.booleans())}
    rule = SimpleNamespace(subject_caps=caps, total_cap=draw(st.none() | CAPS))
    return SimpleNamespace(form=forms.get, forms=forms, rules={2026: rule})


@st.composite
def arrivals(draw, province, *, achievements=(None,)):
    """Hours as they are earned: each in a subject of its form."""
    found = []
    for _number in range(draw(st.integers(0, 8))):
        form = province.forms[draw(st.sampled_from(sorted(province.forms)))]
        subject, hours = draw(st.sampled_from(form.subjects)), draw(CAPS)
        found.append(Kept(2026, subject, form.key, hours, draw(st.sampled_from(achievements))))
    return found


def counted(province, earned):
    """What counts of what is earned, when it comes in this order."""
    kept: list[Kept] = []
    for each in earned:
        counts = limited(province, each, kept)
        kept.append(Kept(each.year, each.subject, each.form, counts.hours, each.achievement))
    return kept


def total(kept, **same):
    return sum(
        (each.hours for each in kept if all(getattr(each, key) == value for key, value in same.items())),
        Decimal(0),
    )


@given(st.data())
def test_no_limit_is_ever_exceeded(data):
    province = data.draw(provinces(one_subject=False))
    earned = data.draw(arrivals(province, achievements=(None, "paper:a", "paper:b")))
    kept = counted(province, earned)

    assert all(Decimal(0) <= now.hours <= before.hours for now, before in zip(kept, earned, strict=True))
    rule = province.rules[2026]
    for key, form in province.forms.items():
        assert form.yearly_cap is None or total(kept, form=key) <= form.yearly_cap
    for subject, cap in rule.subject_caps.items():
        assert total(kept, subject=subject) <= cap
    assert rule.total_cap is None or total(kept) <= rule.total_cap
    for name in ("paper:a", "paper:b"):
        highest = max((each.hours for each in earned if each.achievement == name), default=Decimal(0))
        assert total(kept, achievement=name) <= highest


@given(st.data())
def test_where_each_form_counts_to_one_subject_the_sum_is_the_same_in_any_order(data):
    province = data.draw(provinces())
    earned = data.draw(arrivals(province))
    shuffled = data.draw(st.permutations(earned))
    assert total(counted(province, shuffled)) == total(counted(province, earned))


@given(st.data())
def test_an_achievement_alone_counts_its_highest_hours_in_any_order(data):
    province = SimpleNamespace(form=lambda _key: None, rules={})
    hours = data.draw(st.lists(CAPS, min_size=1, max_size=6))
    earned = [Kept(2026, "professional", f"form_{n}", each, "paper:a") for n, each in enumerate(hours)]
    assert total(counted(province, data.draw(st.permutations(earned)))) == max(hours)


def test_where_a_form_counts_to_two_subjects_what_comes_first_has_counted():
    form = a_form(ACTUAL, key="talk", item_cap=30, yearly_cap=10, subjects=list(SUBJECTS))
    rule = SimpleNamespace(subject_caps={"public": Decimal(10)}, total_cap=None)
    province = SimpleNamespace(form={"talk": form}.get, rules={2026: rule})
    ten = Decimal(10)
    talk, same = Kept(2026, "public", "talk", ten), Kept(2026, "professional", "talk", ten)
    other = Kept(2026, "public", "other", ten)
    assert total(counted(province, [talk, same, other])) == 10
    assert total(counted(province, [same, other, talk])) == 20


@pytest.mark.parametrize("title", ["心血管 疾病 研究", "心血管疾病研究。", "  心血管疾病研究"])
def test_an_achievement_is_recognised_however_it_was_written(title):
    words = {"exclusive": {"group": "paper", "fields": ["title"]}, "item_cap": 30}
    assert achievement(a_form(ACTUAL, **words), {"title": title}) == "paper:心血管疾病研究"
