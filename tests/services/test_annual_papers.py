"""Plans, summaries and materials of a year: written, handed in, decided, corrected, once for each year."""

import pytest
from sqlalchemy import select

from app.models.annual_paper import AnnualPaper
from app.models.review import Review
from app.security.scope import Forbidden
from app.services import annual_lines, annual_papers, attachments, differences, marking, reviews
from app.services.annual_papers import Said
from app.services.errors import Decided, Faulty, NotEligible, Stale
from app.services.selection import Ids
from tests.bases import settled
from tests.services.reviewing import approve, one, photograph, reject

pytestmark = pytest.mark.usefixtures("today")
PLAN = {"directions": "卫生信息化", "classes": "4", "people": "320", "content": "电子病历与数据安全。"}


@pytest.fixture
def base(owner, session_for, cast):
    """The session of the administrator of an institution below the health department."""
    return session_for(settled(owner, cast))


def plan(session, *, year=2026, hand_in=True, **changed):
    said = Said(PLAN | changed, {"plan": [photograph("计划.jpg")]})
    return annual_papers.begin(session, "annual_plan", year, said, hand_in=hand_in)


def review_of(session, found):
    return annual_papers.review_of(session, found)


def state(sql, found_id):
    return sql("SELECT state FROM annual_paper WHERE id = :id", id=found_id)[0][0]


def test_a_plan_waits_for_the_department_and_is_approved_there(base, department, sql):
    made = plan(base)
    assert (made.title, made.state) == ("荆楚继续教育基地 · 2026 年度培训计划", "submitted")
    review = review_of(department, department.get(AnnualPaper, made.id))
    assert (review.kind, review.waiting_id, review.state) == ("annual_plan", 3, "open")
    seen = differences.seen(department, review, department.get(AnnualPaper, made.id), "zh")
    assert [(each.label, each.text) for each in seen][3:6] == [
        ("培训方向", "卫生信息化"),
        ("计划办班期数", "4"),
        ("计划培训人次", "320"),
    ]
    assert ("盖章的计划文件", "计划.jpg") in [(each.label, each.text) for each in seen]
    approve(department, review.id)
    assert state(sql, made.id) == "approved"
    with pytest.raises(NotEligible):
        annual_papers.hand_in(base, made.id, 0, Said(PLAN))


def test_what_is_missing_is_said_at_its_field_and_nothing_is_kept(base, sql):
    with pytest.raises(Faulty) as wrong:
        annual_papers.begin(base, "annual_plan", 2026, Said({"classes": "四"}), hand_in=True)
    assert sorted(wrong.value.problems) == ["classes", "content", "directions", "file_plan", "people"]
    assert sql("SELECT count(*) FROM annual_paper") == [(0,)]


def test_there_is_one_for_a_year_and_only_for_a_year_that_is_asked_for(base):
    plan(base)
    for year in (2026, 2025, 2028):
        with pytest.raises(Faulty) as wrong:
            plan(base, year=year)
        assert list(wrong.value.problems) == ["year"]
    assert plan(base, year=2027).year == 2027


def test_an_institution_hands_in_no_materials_and_a_department_no_plan(base, department):
    guide = Said(files={"guide": [photograph()]})
    with pytest.raises(NotEligible):
        annual_papers.begin(base, "study_guide", 2026, guide, hand_in=True)
    with pytest.raises(NotEligible):
        plan(department)


def test_a_draft_keeps_what_was_typed_and_is_sent_later_or_thrown_away(base, sql):
    made = annual_papers.begin(base, "annual_plan", 2026, Said({"classes": "四"}), hand_in=False)
    assert (made.state, made.values) == ("draft", {"classes": "四"})
    annual_papers.save(base, made.id, Said({"classes": "4"}, {"plan": [photograph()]}))
    sent = annual_papers.hand_in(base, made.id, 0, Said(PLAN))
    assert (sent.state, sent.values) == ("submitted", PLAN | {"classes": 4, "people": 320})
    other = plan(base, year=2027, hand_in=False)
    annual_papers.discard(base, other.id)
    assert sql("SELECT year FROM annual_paper") == [(2026,)]
    assert sql("SELECT count(*) FROM attachment WHERE subject = 'annual_paper'") == [(1,)]
    with pytest.raises(Forbidden):
        annual_papers.discard(base, made.id)


def test_what_came_back_is_corrected_at_the_marks_and_the_reviewer_sees_what_changed(base, department):
    made = plan(base)
    review = review_of(department, made)
    remarks = {"values.people": "与去年相差太大", "files.plan": "没有公章"}
    reviews.decide(department, one(review), "reject", remarks=remarks)
    base.expire_all()
    marks = marking.last(base, review_of(base, made), made)
    assert [(mark.key, mark.remark) for mark in marks] == list(remarks.items())
    said = Said(PLAN | {"people": "200"}, {"plan": [photograph("盖章.jpg")]})
    version = review_of(base, made).version
    with pytest.raises(Stale):
        annual_papers.hand_in(base, made.id, version - 1, Said(PLAN))
    annual_papers.hand_in(base, made.id, version, said)
    department.expire_all()
    again = department.get_one(Review, review.id)
    changes = differences.changes(department, again, department.get(AnnualPaper, made.id), "zh")
    assert [(each.label, each.before, each.after) for each in changes] == [
        ("计划培训人次", "320", "200"),
        ("盖章的计划文件", "计划.jpg", "计划.jpg\n盖章.jpg"),
    ]


def test_what_a_reviewer_has_decided_about_stays_and_what_nobody_saw_may_be_replaced(base, department):
    made = plan(base)
    (first,) = attachments.of(base, made)
    changed = Said(PLAN, {"plan": [photograph("新.jpg")]}, (first.uid,))
    annual_papers.hand_in(base, made.id, review_of(base, made).version, changed)
    assert [each.name for each in attachments.of(base, made)] == ["新.jpg"]
    reject(department, review_of(department, made).id)
    base.expire_all()
    (second,) = attachments.of(base, made)
    with pytest.raises(NotEligible):
        annual_papers.hand_in(
            base, made.id, review_of(base, made).version, Said(PLAN, {"plan": [photograph()]}, (second.uid,))
        )


def test_the_reviewer_of_what_was_changed_meanwhile_decides_nothing(base, department):
    made = plan(base)
    review = review_of(department, made)
    seen = Ids(((review.id, review.version),))
    annual_papers.hand_in(base, made.id, review.version, Said(PLAN | {"people": "90"}))
    with pytest.raises((Decided, Stale)):
        reviews.decide(department, seen, "approve")
    approve(department, review.id)


def test_materials_of_a_department_are_taken_in_by_the_office_and_changed_until_then(department, office, sql):
    said = Said(files={"guide": [photograph("学习指南.jpg")]})
    made = annual_papers.begin(department, "study_guide", 2026, said, hand_in=True)
    review = review_of(office, made)
    assert (review.waiting_id, review.title) == (2, "荆州市卫生健康委员会 · 2026 学习指南")
    annual_papers.withdraw(department, made.id, review.version)
    assert state(sql, made.id) == "withdrawn"
    annual_papers.hand_in(department, made.id, 0, Said(files={"guide": [photograph("第二版.jpg")]}))
    approve(office, review_of(office, made).id)
    assert state(sql, made.id) == "approved"
    notice = Said(files={"notice": [photograph("工作通知.jpg")]})
    assert annual_papers.begin(department, "work_notice", 2026, notice, hand_in=True).state == "submitted"


def test_the_answers_of_the_year_before_are_offered_and_what_is_due_is_listed(base):
    plan(base)
    asked = annual_papers.asked_for(base.scalars(select(AnnualPaper)).one())
    assert annual_lines.prefilled(base, asked, 2027)["content"] == PLAN["content"]
    assert annual_lines.prefilled(base, asked, 2026) == {}
    listed = [
        (each.asked.key, each.year, each.found is not None, each.files) for each in annual_lines.lines(base)
    ]
    assert listed == [
        ("annual_plan", 2027, False, 0),
        ("annual_plan", 2026, True, 1),
        ("annual_summary", 2026, False, 0),
        ("annual_summary", 2025, False, 0),
    ]


def test_a_neighbour_sees_nothing_of_it(base, session_for, cast):
    made = plan(base)
    for place, seen in ((3, True), (2, True), (1, True), (4, False), (7, False), (10, False)):
        assert (session_for(cast.administrator(place)).get(AnnualPaper, made.id) is not None) == seen
