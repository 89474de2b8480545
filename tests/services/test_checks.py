"""Beside the evidence stands what a reviewer should look at with more care; the clean ones pass alone."""

import pytest
from sqlalchemy import select

from app.declare.check import CHECKS
from app.models.review import Review
from app.reviews import KINDS
from app.security import doors
from app.services import checks, hours, reviews
from app.services.declarations import Declaration
from app.services.errors import CountChanged, NotEligible
from app.services.judgement import preview
from app.services.selection import Filter, Ids
from tests.services.reviewing import conference, declared, one, really, review_of, training
from tests.services.test_reviews_batch import counted

pytestmark = pytest.mark.usefixtures("today")


def seminar(title="心血管培训班", certificate="", first="2026-05-01", last="2026-05-03", days="3"):
    """A class of eight hours a day."""
    said = training(int(days), title=title)
    values = {**said.values, "begins": first, "ends": last, "certificate": certificate}
    return Declaration(2026, "professional", "training_class", values)


def practice(hours="20"):
    values = {"title": "义诊", "place": "荆州", "content": "社区义诊", "ends": "2026-04-30", "hours": hours}
    return Declaration(2026, "professional", "practice", values)


def said_of(session, kind="hours"):
    """What the checks say, by review: keys and sentences."""
    rows = session.scalars(select(Review).where(Review.kind == kind).order_by(Review.id)).all()
    return {
        key: [(doubt.check.key, str(doubt)) for doubt in doubts]
        for key, doubts in checks.found(session, kind, rows).items()
    }


def test_every_check_is_one_that_some_kind_wants():
    assert {key for kind in KINDS.values() for key in kind.checks} == set(CHECKS)
    checks.check_bindings()


def test_nothing_is_said_of_what_is_in_order(zhang, liu):
    declared(zhang, seminar(certificate="NO-1"))
    declared(zhang, seminar("另一个班", "NO-2", first="2026-05-04", last="2026-05-06"))
    assert said_of(liu) == {}


def test_dates_that_overlap_and_days_that_hold_too_much(zhang, liu):
    declared(zhang, seminar())
    declared(zhang, seminar("另一个班", first="2026-05-03", last="2026-05-05"))
    assert said_of(liu) == {
        1: [
            ("long_day", "On 2026-05-03 it makes 16 hours, with what else was declared for that day."),
            (
                "overlapping",
                "Its dates overlap with another declaration of the same person (2026-05-03 to 2026-05-05).",
            ),
        ],
        2: [
            ("long_day", "On 2026-05-03 it makes 16 hours, with what else was declared for that day."),
            (
                "overlapping",
                "Its dates overlap with another declaration of the same person (2026-05-01 to 2026-05-03).",
            ),
        ],
    }


def test_what_was_rejected_stands_beside_nothing(zhang, liu):
    declared(zhang, seminar(certificate="A1"))
    reviews.decide(liu, one(liu.get_one(Review, 1)), "reject", reason="无公章")
    declared(zhang, seminar(certificate="A1", title="另一个班"))
    found = said_of(liu)
    assert 2 not in found  # the rejected one is told of the other, which counts
    assert found[1][-1] == ("number_used", "The same person has declared this number before.")


def test_more_than_the_year_takes_and_a_date_outside_it(zhang, liu, sql):
    declared(zhang, conference("甲"))
    declared(zhang, conference("乙"))
    sql("UPDATE hour_record SET hours = 16 WHERE id = 1")
    sql("""UPDATE hour_record SET values = values || '{"begins": "2025-06-20"}' WHERE id = 2""")
    over = "With it Academic conference makes 28 hours in 2026; at most 24 count."
    found = said_of(liu)
    assert found[1] == [("over_cap", over.replace("Academic conference", "学术会议"))]
    assert found[2][1] == ("outside_year", "2025-06-20 lies outside 2026, for which it is declared.")


def test_a_declaration_without_a_proof_is_noted_where_the_form_lets_it_be(zhang, liu):

    hours.declare(zhang, 1, practice())
    assert [key for key, _sentence in said_of(liu)[1]] == ["no_proof"]
    assert preview(liu, Filter("hours")).doubtful == ()


def test_a_number_used_before_is_told_without_saying_whose_it_is(session_for, cast, zhang, liu):
    declared(zhang, seminar(certificate="鄂教 2026-007"))
    declared(session_for(cast.professional(4)), seminar(certificate="鄂教２０２６００７"))
    elsewhere = ("number_used", "Somebody at another organization has declared this number before.")
    within = ("number_used", "Somebody else at or below your organization has declared this number before.")
    assert said_of(liu) == {1: [elsewhere]}
    assert said_of(session_for(cast.administrator(3))) == {1: [elsewhere]}
    assert said_of(session_for(cast.administrator(1))) == {1: [within], 2: [within]}


def test_who_reviews_there_himself_is_named_as_such(session_for, cast, liu):
    declared(session_for(cast.professional(3)), seminar())
    assert [key for key, _sentence in said_of(liu)[1]] == ["applicant_reviews"]


def test_a_new_account_is_noted(zhang, liu, sql):
    declared(zhang, seminar())
    for opened, keys in (("2026-11-20 02:00+00", ["new_account"]), ("2026-11-19 02:00+00", [])):
        sql("UPDATE ab_user SET opened_at = :opened WHERE id = 31", opened=opened)
        assert [key for key, _sentence in said_of(liu).get(1, [])] == keys
        liu.rollback()


def test_only_the_clean_ones_are_passed_and_the_others_are_named(zhang, liu, owner):
    for said in (seminar(certificate="X"), seminar("二", "X", "2026-06-01", "2026-06-02", "2"), conference()):
        declared(zhang, said)
    seen = preview(liu, Filter("hours"))
    assert (seen.count, [pair[0] for pair in seen.clean]) == (3, [3])
    assert [(each.id, str(each.reason)) for each in seen.doubtful] == [
        (1, "The same person has declared this number before."),
        (2, "The same person has declared this number before."),
    ]
    with pytest.raises(CountChanged):
        reviews.decide(liu, Filter("hours", expected=3, clean=True), "approve")
    outcome = reviews.decide(liu, Filter("hours", expected=1, clean=True), "approve")
    assert (outcome.count, [each.id for each in outcome.skipped]) == (1, [1, 2])
    assert really(owner, "SELECT id, waiting_id FROM review ORDER BY id") == [(1, 4), (2, 4), (3, 3)]


def test_one_that_became_doubtful_since_the_preview_is_left_out(zhang, liu):
    declared(zhang, seminar(certificate="X"))
    shown = preview(liu, Filter("hours")).clean
    liu.rollback()
    declared(zhang, seminar("二", "X", "2026-06-01", "2026-06-02", "2"))
    with pytest.raises(NotEligible) as told:
        reviews.decide(liu, Ids(shown, clean=True), "approve")
    assert str(told.value) == "The same person has declared this number before."


def test_three_ask_as_many_questions_as_one(zhang, liu, engine):
    review_of(zhang, declared(zhang, seminar(certificate="1")))
    with counted(engine) as for_one:
        said_of(liu)
    liu.rollback()
    for month in ("06", "07"):
        declared(zhang, seminar(month, month, f"2026-{month}-01", f"2026-{month}-03"))
    with counted(engine) as for_three:
        said_of(liu)
    assert len(for_three) == len(for_one) < 8


def test_a_door_tells_nothing_of_records_outside_the_scope(session_for, cast, zhang):
    declared(zhang, seminar(certificate="1"))
    declared(zhang, seminar("二", "1"))
    yichang = session_for(cast.administrator(7))
    assert doors.learned(yichang, [1, 2], ["begins"]) == []
    assert doors.numbers_used(yichang, [1, 2]) == []
    assert doors.numbers_used(session_for(cast.professional(5)), [1, 2]) == []
