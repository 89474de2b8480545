"""A reviewer marks fields when rejecting; the applicant and the next reviewer read it there."""

import pytest

from app.models.review import Review
from app.services import hours, marking, progress, reviews
from app.services.errors import NotEligible, ReasonMissing
from app.services.histories import history
from app.services.selection import Ids
from tests.services.reviewing import conference, declared, one, really, review_of

pytestmark = pytest.mark.usefixtures("today")
BAD_DATE = "证书上的日期是 6 月 21 日"


@pytest.fixture
def zhang(session_for, cast):
    return session_for(cast.professional(1))


@pytest.fixture
def liu(session_for, cast):
    return session_for(cast.administrator(4, 21))


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

    (mark,) = marking.last(liu, liu.get_one(Review, review.id, populate_existing=True))
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
