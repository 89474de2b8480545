"""A reviewer marks fields when rejecting; the applicant and the next reviewer read it there."""

import pytest

from app.models.review import Review
from app.security.actor import NOBODY
from app.services import differences, hours, marking, progress, receipts, reviews
from app.services.errors import NotEligible, ReasonMissing
from app.services.histories import history
from app.services.registrations import register_person
from app.services.selection import Ids
from tests.services.reviewing import conference, declared, one, really, review_of
from tests.services.test_reviews_registration import CHEN, HERE, PERSON

pytestmark = pytest.mark.usefixtures("today")
BAD_DATE = "证书上的日期是 6 月 21 日"


@pytest.fixture
def record(zhang):
    return declared(zhang)


def rejected(session, remarks, **why):
    review = session.get_one(Review, 1)
    return reviews.decide(session, one(review), "reject", remarks=remarks, **why)


def test_the_applicant_reads_the_remark_at_its_field_and_the_reason_names_it(record, zhang, liu, owner):
    rejected(liu, {"values.begins": BAD_DATE, "values.title": " "})

    objection = progress.of_record(zhang, record).objection
    assert [(mark.key, mark.remark) for mark in objection.marks] == [("values.begins", BAD_DATE)]
    assert (objection.reason, objection.marks[0].label.en) == ("请更正：开始日期", "First day")
    assert [event.remarks[0].remark for event in history(zhang, review_of(zhang, record))] == [BAD_DATE]


def test_a_reason_of_ones_own_stays_beside_the_marks(record, liu, owner):
    rejected(liu, {"evidence": "缺公章"}, reason="材料不全")
    assert really(owner, "SELECT reason, marks->0->>'key', marks->0->>'remark' FROM decision") == [
        ("材料不全", "evidence", "缺公章")
    ]


def test_the_next_reviewer_knows_what_was_marked(record, zhang, liu):
    rejected(liu, {"values.begins": BAD_DATE})
    review = review_of(zhang, record)
    hours.correct(zhang, record.id, review.version, conference(begins="2026-06-21"))

    seen = liu.get_one(Review, review.id, populate_existing=True)
    (mark,) = marking.last(liu, seen, differences.subject_of(liu, seen))
    assert (mark.key, mark.remark) == ("values.begins", BAD_DATE)


def test_a_mark_stands_at_a_field_that_there_is_and_empty_ones_are_no_reason(record, liu, owner):
    with pytest.raises(NotEligible):
        rejected(liu, {"values.nothing": "?"})
    with pytest.raises(ReasonMissing):
        rejected(liu, {"values.begins": "  "})
    assert really(owner, "SELECT state FROM review") == [("open",)]


def test_of_many_that_are_rejected_together_none_is_marked(record, zhang, liu, owner):
    declared(zhang, conference("乙"))
    chosen = Ids(tuple((review.id, review.version) for review in liu.query(Review)))
    reviews.decide(liu, chosen, "reject", reason="材料不全", remarks={"values.begins": BAD_DATE})
    assert really(owner, "SELECT marks FROM decision") == [(None,), (None,)]


def test_another_registration_shows_what_was_marked_and_what_differs(session_for, cast):
    wang, visitor = session_for(cast.administrator(4)), session_for(NOBODY)
    filled = PERSON | {"id_number": CHEN, "name": "陈晨"}
    receipt = register_person(visitor, filled, address=HERE)
    reviews.decide(wang, one(wang.get_one(Review, 1)), "reject", remarks={"title": "职称证书是助理工程师"})

    (mark,) = receipts.marks(visitor, receipts.by_receipt(visitor, receipt))
    assert (mark.key, mark.remark) == ("title", "职称证书是助理工程师")
    register_person(visitor, filled | {"title": "助理工程师"}, address=HERE)
    seen = wang.get_one(Review, 2)
    row = differences.subject_of(wang, seen)
    assert [(each.key, each.before, each.after) for each in differences.changes(wang, seen, row, "zh")] == [
        ("title", "工程师", "助理工程师")
    ]
    assert [each.key for each in marking.last(wang, seen, row)] == ["title"]
