"""Declaring hours: what a learning form asks, what it counts, drafts and files."""

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import pytest

from app.database import clock
from app.models.hour_record import HourRecord
from app.security.scope import Forbidden
from app.services import hours, reviews
from app.services.attachments import Upload
from app.services.declarations import Declaration
from app.services.errors import Faulty, NotEligible, NotFound
from tests.services.reviewing import (
    conference,
    declared,
    photograph,
    really,
    reject,
    review_of,
    training,
)

pytestmark = pytest.mark.usefixtures("today")


def wrong(session, said: Declaration, *files: Upload) -> dict[str, list[str]]:
    """What is said about a declaration that is refused, by field."""
    with pytest.raises(Faulty) as refused:
        hours.declare(session, 1, said, files or (photograph(),))
    return {key: [str(each) for each in sentences] for key, sentences in refused.value.problems.items()}


def test_hours_follow_from_the_answers_and_nothing_else_is_kept(zhang, owner):
    declared(zhang, training(5))

    assert really(owner, "SELECT hours, title, subject, form, state, source FROM hour_record") == [
        (40, "专业技术培训班", "professional", "training_class", "submitted", "declaration")
    ]
    assert really(owner, "SELECT values FROM hour_record") == [(dict(training(5).values) | {"days": 5},)]
    assert really(owner, "SELECT title, measure, due_on::text FROM review") == [
        ("张丽 · 专业技术培训班", 40, "2026-11-27")
    ]


def test_every_answer_is_checked_and_named(zhang, owner):
    assert wrong(zhang, conference(title="", level="galactic", begins="31.02.2026")) == {
        "title": ["Please fill in this field."],
        "level": ["'galactic' is none of the choices."],
        "begins": ["Please give a date like 2020-01-31."],
    }
    assert wrong(zhang, conference(state="approved")) == {"state": ["There is no such field."]}
    assert wrong(zhang, conference("长" * 121)) == {"title": ["At most 120 characters fit here."]}
    assert really(owner, "SELECT count(*) FROM hour_record") == [(0,)]


def test_dates_lie_in_the_year_and_not_in_the_future(zhang):
    assert wrong(zhang, conference(begins="2025-12-31")) == {
        "begins": ["The date must lie in the year 2026, for which it is declared."]
    }
    assert wrong(zhang, conference(begins="2026-12-01")) == {"begins": ["The date lies in the future."]}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Declaration(2024, "professional", "conference", {}), "year"),
        (Declaration(2027, "professional", "conference", {}), "year"),
        (Declaration(2026, "astrology", "conference", {}), "subject"),
        (Declaration(2026, "public", "conference", {}), "form"),
        (Declaration(2026, "professional", "telepathy", {}), "form"),
    ],
)
def test_year_subject_and_form_must_go_together(zhang, said, field):
    assert field in wrong(zhang, said)


def test_a_year_is_open_until_the_day_it_closes(zhang):
    with clock.fixed(datetime(2027, 1, 31, 15, 0, tzinfo=UTC)):
        declared(zhang)
    with clock.fixed(datetime(2027, 1, 31, 16, 30, tzinfo=UTC)):  # 1 February in China
        assert wrong(zhang, conference("二")) == {
            "year": [
                (
                    "Hours of 2026 could be declared until 2027-01-31."
                    " The HR office above you can reopen the year."
                )
            ]
        }


def test_the_yearly_cap_counts_what_waits_and_what_counts_but_not_what_was_rejected(
    session_for, cast, zhang, owner
):
    first = declared(zhang, conference("一"))
    declared(zhang, conference("二"))
    assert wrong(zhang, conference("三")) == {
        "": ["学术会议 counts at most 24 hours a year, and these are used up."]
    }
    reject(session_for(cast.administrator(4, 21)), review_of(zhang, first).id)
    zhang.expire_all()
    declared(zhang, conference("三", level="provincial"))
    hours.correct(zhang, first.id, 2, conference("一"))
    assert really(owner, "SELECT title, hours FROM hour_record ORDER BY id") == [
        ("一", 4),
        ("二", 12),
        ("三", 8),
    ]


def test_what_is_left_of_a_cap_is_known_before_it_is_sent(zhang):
    declared(zhang, conference("一"))
    found = hours.worth(zhang, 1, conference("二"))
    assert (found.hours, found.left, found.computed.explanation) == (
        Decimal(12), Decimal(12), ("12 hours for “国家级”",),
    )  # fmt: skip


def test_a_draft_keeps_what_was_typed_and_counts_nothing(zhang, owner):
    said = Declaration(2026, "professional", "conference", {"title": "半成品", "begins": "next week"})
    kept = hours.draft(zhang, 1, said)
    assert really(owner, "SELECT state, hours, values FROM hour_record") == [
        ("draft", 0, {"title": "半成品", "begins": "next week"})
    ]
    assert really(owner, "SELECT count(*) FROM review") == [(0,)]

    hours.draft(zhang, 1, conference("完成"), [photograph()], draft_id=kept.id)
    hours.declare(zhang, 1, conference("完成"), draft_id=kept.id)
    assert really(owner, "SELECT title, state, hours FROM hour_record") == [("完成", "submitted", 12)]
    with pytest.raises(NotEligible):
        hours.declare(zhang, 1, conference("完成"), draft_id=kept.id)


def test_a_draft_is_thrown_away_with_its_files(zhang, owner, shelf_here):
    kept = hours.draft(zhang, 1, conference(), [photograph(), photograph("二.jpg")])
    assert len([path for path in shelf_here.rglob("*") if path.is_file()]) == 2

    hours.discard(zhang, kept.id)
    assert really(owner, "SELECT (SELECT count(*) FROM hour_record), (SELECT count(*) FROM attachment)") == [
        (0, 0)
    ]
    assert [path for path in shelf_here.rglob("*") if path.is_file()] == []


def test_what_was_sent_cannot_be_thrown_away(zhang, owner):
    record = declared(zhang)
    with pytest.raises(NotEligible):
        hours.discard(zhang, record.id)
    assert really(owner, "SELECT count(*) FROM hour_record") == [(1,)]


def test_nobody_declares_for_somebody_else(session_for, cast, zhang, owner):
    with pytest.raises(NotFound):
        hours.declare(zhang, 2, conference(), [photograph()])
    with pytest.raises(Forbidden):
        hours.declare(session_for(cast.administrator(4, 21)), 1, conference(), [photograph()])
    assert really(owner, "SELECT count(*) FROM hour_record") == [(0,)]


def test_nobody_corrects_somebody_elses_record(session_for, cast, zhang, owner):
    record = declared(zhang)
    liu = session_for(cast.administrator(4, 21))
    reject(liu, 1)

    with pytest.raises(Forbidden):
        hours.correct(liu, record.id, 2, conference("改"))
    with pytest.raises(NotFound):
        hours.correct(session_for(cast.professional(4)), record.id, 2, conference("改"))
    assert really(owner, "SELECT title FROM hour_record") == [("全国心血管病大会",)]


def test_a_zip_that_calls_itself_a_photograph_is_refused(zhang, owner, shelf_here):
    assert wrong(zhang, conference(), Upload("证明.jpg", BytesIO(b"PK\x03\x04" + bytes(100)))) == {
        "evidence": ["Only PDF, JPG and PNG files are taken."]
    }
    assert [path for path in shelf_here.rglob("*") if path.is_file()] == []


def test_ten_files_are_enough(zhang):
    files = [photograph(f"{number}.jpg") for number in range(11)]
    assert wrong(zhang, conference(), *files) == {"evidence": ["At most ten files belong to one record."]}


def test_a_likely_duplicate_is_pointed_out_and_not_refused(zhang, session_for, cast):
    declared(zhang, conference("全国 心血管病大会（2026）"))
    again = conference("全国心血管病大会 2026")

    assert [each.title for each in hours.likely_duplicates(zhang, 1, again)] == ["全国 心血管病大会（2026）"]
    assert hours.likely_duplicates(zhang, 1, conference("另一个")) == []
    record = declared(zhang, again)
    assert len(hours.likely_duplicates(zhang, 1, again, besides=record.id)) == 1
    reviews.withdraw(zhang, review_of(zhang, record).id, 1)
    assert zhang.get_one(HourRecord, record.id).state == "withdrawn"
