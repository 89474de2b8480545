"""An organisation declares hours for people (HDC-01, 03): judged and reviewed one by one, sent together."""

from decimal import Decimal

import pytest
from sqlalchemy import event

from app.models.hour_record import HourRecord
from app.models.organization import Organization
from app.models.review import Review
from app.security.scope import Forbidden
from app.services import attachments, group_declarations, hours
from app.services.declarations import Declaration
from app.services.errors import CountChanged, Decided, Faulty, NotEligible, NotFound
from app.services.group_judgement import Applicant
from tests.services.reviewing import approve, declared, photograph

SHANDONG = pytest.mark.parametrize("province", ["shandong"], indirect=True)
pytestmark = [pytest.mark.usefixtures("today"), SHANDONG]

POST = {
    "title": "岗位技能培训",
    "organizer": "中心医院",
    "begins": "2026-05-04",
    "ends": "2026-05-08",
    "hours": "20",
}
LECTURE = {"title": "心血管前沿", "speaker": "胡大一", "held": "2026-06-01", "half_days": "2"}


def said(form: str = "post_training", **changed: str) -> Declaration:
    values = {"post_training": POST, "lecture": LECTURE}[form]
    return Declaration(2026, "professional", form, {**values, **changed})


def three(*own) -> list[Applicant]:
    """张丽, 李娜 and 王强, each with answers of one's own if given."""
    return [Applicant(key, own[key - 1] if key <= len(own) else {}) for key in (1, 2, 3)]


@pytest.fixture
def papers(liu):
    """A proof that was uploaded once, with something of the unit's."""
    return proof(liu)


def proof(session):
    record = session.get_one(Organization, 4)
    kept = attachments.keep(session, record, photograph())
    session.commit()
    return [kept]


def test_each_gets_a_record_a_review_and_the_proof_that_all_share(liu, papers, sql):
    sent = group_declarations.send(liu, said(), three({}, {"hours": "12.5"}), papers, expected=3)

    assert (sent.count, sent.hours) == (3, Decimal("52.5"))
    assert sql(
        "SELECT person_id, hours, state, declarer_id, creator_id FROM hour_record ORDER BY person_id"
    ) == [
        (1, 20, "submitted", 4, 21),
        (2, Decimal("12.5"), "submitted", 4, 21),
        (3, 20, "submitted", 4, 21),
    ]
    assert sql("SELECT title, waiting_id, state, measure, files FROM review ORDER BY person_id") == [
        ("张丽 · 岗位技能培训", 4, "open", 20, 1),
        ("李娜 · 岗位技能培训", 4, "open", Decimal("12.5"), 1),
        (
            "王强 · 岗位技能培训",
            3,
            "open",
            20,
            1,
        ),  # of two administrators one declared it, the other is 王强 himself
    ]
    shared = "SELECT count(DISTINCT shared_uid), count(*) FROM attachment WHERE subject = 'hour_record'"
    assert sql(shared) == [(1, 3)]
    assert sql("SELECT person_id, kind FROM message ORDER BY 1") == [
        (key, "hours_declared") for key in (1, 2, 3)
    ]
    actions = "SELECT action, count(*) FROM audit_event WHERE noun = 'hour_record' GROUP BY 1 ORDER BY 1"
    assert sql(actions) == [("create", 3), ("submit", 3)]


def test_who_declared_it_does_not_decide_and_who_else_may_lets_it_count(liu, wang, papers, sql):
    group_declarations.send(liu, said(), [Applicant(1)], papers)
    review = liu.query(Review).one()

    with pytest.raises((NotEligible, Forbidden)):
        approve(liu, review.id)
    approve(wang, review.id)

    assert sql("SELECT state, step FROM review") == [("open", 1)]


def test_the_only_administrator_of_a_unit_declares_and_the_department_decides(session_for, cast, sql):
    zhao = session_for(cast.administrator(8))
    words = said("lecture")
    group_declarations.send(zhao, words, [Applicant(4)])

    assert sql("SELECT waiting_id, chain -> 0 -> 'marks' FROM review") == [(7, ["alone"])]


def test_what_is_wrong_with_one_keeps_that_one_back_alone(liu, papers):
    shown = group_declarations.preview(liu, said(), three({}, {"hours": "-3"}, {"hours": "96"}))

    assert [each.name for each in shown] == ["张丽", "李娜", "王强"]
    assert [bool(each.problems) for each in shown] == [False, True, False]
    assert shown[2].worth.hours == 60  # as much as one item counts
    with pytest.raises(CountChanged):
        group_declarations.send(liu, said(), three({}, {"hours": "-3"}), papers, expected=3)
    assert group_declarations.send(liu, said(), three({}, {"hours": "-3"}), papers, expected=2).count == 2


def test_people_of_another_unit_are_nobodys_to_declare_for(liu, papers):
    shown = group_declarations.preview(liu, said(), [Applicant(5), Applicant(4), Applicant(999)])

    assert [{key: [str(each) for each in some] for key, some in line.problems.items()} for line in shown] == [
        {"": ["Please choose one of your own professionals."]}
    ] * 3
    with pytest.raises(NotEligible):
        group_declarations.send(liu, said(), [Applicant(5)], papers)


def test_what_is_wrong_for_all_is_refused_as_a_whole(liu, papers):
    with pytest.raises(Faulty) as wrong:
        group_declarations.preview(liu, said(title="", begins="2025-12-31"), three())
    assert set(wrong.value.problems) == {"title", "begins"}
    with pytest.raises(Faulty) as bare:
        group_declarations.send(liu, said(), three(), ())
    assert set(bare.value.problems) == {"evidence"}
    with pytest.raises(Faulty) as nobody:
        group_declarations.send(liu, said(), [], papers)
    assert set(nobody.value.problems) == {"people"}


def test_the_same_is_declared_once_and_the_like_is_pointed_out(liu, papers):
    group_declarations.send(liu, said(), [Applicant(1)], papers)

    again = group_declarations.preview(liu, said(), three())
    assert [bool(each.problems) for each in again] == [True, False, False]
    like = group_declarations.preview(liu, said(title="岗位 技能培训", hours="8"), three())
    assert [(bool(each.problems), each.note is not None) for each in like] == [
        (False, True),
        (False, False),
        (False, False),
    ]


def test_a_cap_of_the_year_leaves_each_what_he_has_not_used(liu, session_for, cast):
    zhang = session_for(cast.professional(1))
    for number in (1, 2):
        hours.declare(zhang, 1, said("lecture", title=f"讲座 {number}"))

    shown = group_declarations.preview(liu, said("lecture", half_days="2"), three())
    assert [each.worth.hours for each in shown] == [8, 8, 8]
    hours.declare(zhang, 1, said("lecture", title="讲座 3", half_days="1"))
    shown = group_declarations.preview(liu, said("lecture", half_days="2"), three())
    assert [each.worth.hours for each in shown] == [4, 8, 8]


def test_a_form_that_the_person_alone_declares_is_not_for_units(liu):
    with pytest.raises(Faulty) as wrong:
        group_declarations.preview(liu, Declaration(2026, "professional", "conference", {}), three())
    assert set(wrong.value.problems) == {"form"}


def test_a_professional_and_an_office_declare_for_nobody(zhang, office):
    for session in (zhang, office):
        with pytest.raises(Forbidden):
            group_declarations.preview(session, said(), three())


def test_five_hundred_cost_as_many_statements_as_three(liu, papers, owner, sql):
    sql(
        "SELECT set_config('xueshi.actor', 'test', true);"
        "INSERT INTO person (id, uid, organization_id, name, document_type, state, extra, id_number_sealed,"
        " id_number_index, id_number_tail) SELECT n, gen_random_uuid(), 4, 'N' || n, 'id_card', 'active',"
        " '{}', '', CAST(n AS text)::bytea, '' FROM generate_series(5001, 5500) n"
    )
    counted = []

    def count(*_words) -> None:
        counted[-1] += 1

    event.listen(liu.get_bind(), "before_cursor_execute", count)
    for people in ([5001, 5002, 5003], range(5001, 5501)):
        counted.append(0)
        words = said(title=f"培训 {len(counted)}")
        group_declarations.send(liu, words, [Applicant(key) for key in people], papers)
    assert counted[0] == counted[1]
    assert sql("SELECT count(*) FROM hour_record")[0][0] == 503
    assert liu.query(HourRecord).count() == 503


def test_a_unit_takes_back_what_it_declared_and_nobody_has_decided(liu, wang, papers, session_for, cast, sql):
    group_declarations.send(liu, said(), three(), papers)
    mine = hours.review_of(wang, wang.get_one(HourRecord, 1))
    taken = group_declarations.withdraw(wang, 1, mine.version)  # by another of its administrators

    assert (taken.person_id, taken.state) == (1, "withdrawn")
    assert sql("SELECT person_id, state FROM review ORDER BY 1") == [
        (1, "withdrawn"), (2, "open"), (3, "open")
    ]  # fmt: skip
    assert sql("SELECT person_id, params FROM message WHERE kind = 'hours_taken_back'") == [
        (1, {"organization": "荆州市中心医院", "title": "岗位技能培训", "hours": "20"})
    ]
    with pytest.raises(Decided):
        group_declarations.withdraw(liu, 1, mine.version)
    with pytest.raises(NotFound):
        group_declarations.withdraw(session_for(cast.administrator(3)), 2, 1)
    with pytest.raises(NotFound):
        group_declarations.withdraw(session_for(cast.administrator(5)), 2, 1)


def test_nor_what_its_person_declared_or_what_was_decided(liu, wang, department, zhang, papers):
    group_declarations.send(liu, said(), three(), papers)
    review = hours.review_of(wang, wang.get_one(HourRecord, 2))
    approve(wang, review.id)
    department.expire_all()
    approve(department, review.id)
    liu.expire_all()
    with pytest.raises(Decided):
        group_declarations.withdraw(liu, 2, liu.get_one(Review, review.id).version)
    own = declared(zhang)
    with pytest.raises(NotFound):
        group_declarations.withdraw(liu, own.id, 1)
