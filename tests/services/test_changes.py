"""Changes of reviewed data: asked for with proof, seen field by field, written where nothing else changed."""

import pytest

from app.declare.profile import ChangeRules, Changes
from app.declare.province import serve
from app.models.attachment import Attachment
from app.models.change_request import ChangeRequest
from app.models.organization import Organization
from app.models.person import Person
from app.models.review import Review
from app.services import (
    attachments,
    changes,
    credentials,
    differences,
    queues,
    records,
    reviews,
    revoking,
    trails,
)
from app.services.changes import Wanted
from app.services.errors import Faulty, NotEligible, Overtaken, Refused
from app.services.selection import Filter
from app.services.versions import WHATEVER, version
from tests.services.changing import TITLE, ask, ask_for_unit, asked, wanted
from tests.services.reviewing import approve, photograph, reject

pytestmark = pytest.mark.usefixtures("today")

LIU = 21
"""Another administrator of the hospital."""


def titles(sql, person=1):
    return sql("SELECT title, title_level FROM person WHERE id = :id", id=person)


def problems(call, *args, **words):
    with pytest.raises(Faulty) as wrong:
        call(*args, **words)
    return {key: [str(each) for each in some] for key, some in wrong.value.problems.items()}


def test_a_title_is_asked_for_and_changes_with_the_approval(session_for, cast, sql):
    _request, review = ask(session_for, cast)
    assert (review.kind, review.title, review.waiting_id) == ("person_change", "张丽 · 职称、职称级别", 4)
    assert titles(sql) == [(None, None)]
    approve(session_for(cast.administrator(4, LIU)), review.id)
    assert titles(sql) == [("副主任医师", "associate_senior")]
    assert sql("SELECT state FROM change_request") == [("approved",)]
    assert sql("SELECT person_id, kind FROM message ORDER BY id") == [(1, "review_approved")]


def test_the_reviewer_sees_old_and_new_and_the_proof_of_the_field(session_for, cast):
    request, review = ask(session_for, cast)
    session = session_for(cast.administrator(4, LIU))
    row = session.get_one(ChangeRequest, request.id)
    found = differences.changes(session, review, row, "zh")
    assert [(each.label, each.before, each.after) for each in found] == [
        ("职称", "", "副主任医师"),
        ("职称级别", "", "副高级"),
    ]
    assert [(each.field, each.name) for each in attachments.of(session, row)] == [("title", "职称证书.jpg")]


def test_what_needs_no_review_is_changed_at_once(session_for, cast, sql):
    session = session_for(cast.professional(1))
    done = changes.change(
        session, session.get_one(Person, 1), wanted({"email": "li@example.cn", **TITLE}), WHATEVER
    )
    assert (done.direct, [each.kind for each in done.requests]) == (("email",), ["person_change"])
    assert sql("SELECT email, title FROM person WHERE id = 1") == [("li@example.cn", None)]


def test_the_person_reads_who_changed_what(session_for, cast):
    _request, review = ask(session_for, cast)
    approve(session_for(cast.administrator(4, LIU)), review.id)
    session = session_for(cast.professional(1))
    (deed,) = trails.trail(session, session.get_one(Person, 1), "zh")
    assert (deed.name, [(each.label, each.after) for each in deed.changes]) == (
        "荆州市中心医院管理员",
        [("职称", "副主任医师"), ("职称级别", "副高级")],
    )


def test_nobody_asks_for_somebody_else(session_for, cast):
    session = session_for(cast.professional(1))
    assert session.get(Person, 2) is None
    administrator = session_for(cast.administrator(5))
    assert administrator.get(Person, 1) is None


def test_a_field_that_waits_is_not_asked_for_twice(session_for, cast):
    ask(session_for, cast)
    session = session_for(cast.professional(1))
    person = session.get_one(Person, 1)
    again = wanted({"title": "主任医师"})
    assert problems(changes.change, session, person, again, WHATEVER) == {
        "title": ["A change of this is being reviewed already. Withdraw it first."]
    }
    _other, review = asked(
        session, session.get_one(Person, 1), wanted({"education": "master"}, under="education")
    )
    assert review.state == "open"


def test_what_is_the_same_is_no_change(session_for, cast):
    session = session_for(cast.professional(1))
    person = session.get_one(Person, 1)
    assert problems(changes.change, session, person, wanted({"title_series": "engineering"}), WHATEVER) == {
        "": ["Nothing is different from what stands there now."]
    }


def test_bad_values_are_told_at_their_fields(session_for, cast):
    session = session_for(cast.professional(1))
    person = session.get_one(Person, 1)
    wrong = wanted({"title_level": "nonsense", "state": "closed"})
    assert sorted(problems(changes.change, session, person, wrong, WHATEVER)) == ["state", "title_level"]


def test_a_form_that_was_overtaken_asks_for_nothing(session_for, cast, sql):
    session = session_for(cast.professional(1))
    seen = version(session.get_one(Person, 1))
    session.rollback()
    sql("UPDATE person SET title = '医师' WHERE id = 1")
    with pytest.raises(Overtaken):
        changes.change(session, session.get_one(Person, 1), wanted(), seen)


def test_a_field_changed_meanwhile_is_said_and_nothing_is_applied(session_for, cast, sql):
    _request, review = ask(session_for, cast)
    sql("UPDATE person SET title_level = 'intermediate' WHERE id = 1")
    liu = session_for(cast.administrator(4, LIU))
    with pytest.raises(NotEligible) as refused:
        approve(liu, review.id)
    assert refused.value.message.params == {"fields": "职称级别"}
    assert titles(sql) == [(None, "intermediate")]
    reject(session_for(cast.administrator(4, LIU)), review.id, "请核对后重新提交")


def test_a_field_that_somebody_else_has_made_right_meanwhile_is_no_obstacle(session_for, cast, sql):
    _request, review = ask(session_for, cast)
    sql("UPDATE person SET title = '副主任医师' WHERE id = 1")
    approve(session_for(cast.administrator(4, LIU)), review.id)
    assert titles(sql) == [("副主任医师", "associate_senior")]


def test_a_rejected_request_is_corrected_with_its_values_and_files_kept(session_for, cast, sql):
    request, review = ask(session_for, cast)
    reject(session_for(cast.administrator(4, LIU)), review.id, "级别有误")
    mine = session_for(cast.professional(1))
    review = changes.review_of(mine, mine.get_one(ChangeRequest, request.id))
    corrected = wanted({**TITLE, "title_level": "intermediate"}, proof="")
    changes.correct(mine, request.id, review.version, corrected)
    liu = session_for(cast.administrator(4, LIU))
    row = liu.get_one(ChangeRequest, request.id)
    review = changes.review_of(liu, row)
    assert (review.state, review.round, row.values["title_level"]) == ("open", 2, "intermediate")
    assert [each.name for each in attachments.of(liu, row)] == ["职称证书.jpg"]
    approve(liu, review.id)
    assert titles(sql) == [("副主任医师", "intermediate")]


def test_a_request_is_withdrawn_by_whoever_asked(session_for, cast, sql):
    _request, review = ask(session_for, cast)
    reviews.withdraw(session_for(cast.professional(1)), review.id, review.version)
    assert sql("SELECT r.state, c.state FROM review r, change_request c") == [("withdrawn", "withdrawn")]
    _request, again = ask(session_for, cast)
    assert again.state == "open"


def test_an_education_is_added_and_another_one_taken_away(session_for, cast, sql):
    degree = {"kind": "education", "name": "医学硕士", "issuer": "武汉大学", "obtained_on": "2018-06-30"}
    _request, review = ask(session_for, cast, said=wanted({}, under="education", added=[degree]))
    assert review.title == "张丽 · 学历学位"
    approve(session_for(cast.administrator(4, LIU)), review.id)
    mine = session_for(cast.professional(1))
    (entry,) = credentials.of(mine, 1)
    assert (entry.name, entry.issuer, str(entry.obtained_on)) == ("医学硕士", "武汉大学", "2018-06-30")
    gone, review = ask(session_for, cast, said=wanted({}, proof="", removed=[entry.id]))
    liu = session_for(cast.administrator(4, LIU))
    (change,) = differences.proposed(liu, liu.get_one(ChangeRequest, gone.id), "zh")
    assert (change.label, change.before, change.after) == ("学历学位", "医学硕士 · 武汉大学 · 2018-06-30", "")
    approve(liu, review.id)
    assert credentials.of(session_for(cast.professional(1)), 1) == []


def test_an_entry_without_a_name_is_told_at_its_field(session_for, cast):
    session = session_for(cast.professional(1))
    said = wanted({}, added=[{"kind": "qualification", "name": ""}])
    found = problems(changes.change, session, session.get_one(Person, 1), said, WHATEVER)
    assert list(found) == ["qualification.name"]


def test_the_lists_of_a_person_are_seen_by_whoever_sees_the_person(session_for, cast, sql):
    sql("INSERT INTO credential (person_id, kind, name) VALUES (1, 'qualification', '执业医师')")
    seen = {place: len(credentials.of(session_for(cast.administrator(place)), 1)) for place in (4, 3, 5, 8)}
    assert seen == {4: 1, 3: 1, 5: 0, 8: 0}
    assert len(credentials.of(session_for(cast.professional(1)), 1)) == 1
    assert len(credentials.of(session_for(cast.professional(4)), 1)) == 0


def test_a_unit_asks_for_a_new_name_and_the_one_above_decides(session_for, cast, sql):
    _request, review = ask_for_unit(session_for, cast)
    assert (review.kind, review.waiting_id, review.title) == (
        "organization_change",
        3,
        "荆州市中心医院 · 名称",
    )
    assert sql("SELECT name FROM organization WHERE id = 4") == [("荆州市中心医院",)]
    approve(session_for(cast.administrator(3)), review.id)
    assert sql("SELECT name, former_names FROM organization WHERE id = 4") == [
        ("荆州市第三医院", "荆州市中心医院")
    ]


def test_a_unit_changes_its_address_at_once(session_for, cast, sql):
    session = session_for(cast.administrator(4))
    done = changes.change(
        session, session.get_one(Organization, 4), Wanted({"address": "荆中路60号"}), WHATEVER
    )
    assert (done.direct, done.requests) == (("address",), ())
    assert sql("SELECT address FROM organization WHERE id = 4") == [("荆中路60号",)]


def test_another_administrator_of_the_unit_takes_its_request_back(session_for, cast):
    _request, review = ask_for_unit(session_for, cast)
    assert reviews.withdraw(session_for(cast.administrator(4, LIU)), review.id, review.version)


def test_changes_of_several_units_are_rejected_in_a_batch(session_for, cast, sql):
    ask_for_unit(session_for, cast, 4)
    ask_for_unit(session_for, cast, 5, wanted({"name": "荆州市第五医院"}, under="name"))
    session = session_for(cast.administrator(3))
    whole = Filter("organization_change", expected=2)
    assert queues.waiting_page(session, whole, queues.Place()).count == 2
    done = reviews.decide(session, whole, "reject", reason_key="mismatch")
    assert (done.count, sql("SELECT DISTINCT state FROM change_request")) == (2, [("rejected",)])


def test_the_files_of_a_request_are_seen_by_those_who_decide_and_nobody_else(session_for, cast):
    ask(session_for, cast)
    seen = {
        place: [each.name for each in session_for(cast.administrator(place)).query(Attachment)]
        for place in (4, 3, 5, 8)
    }
    assert seen == {4: ["职称证书.jpg"], 3: ["职称证书.jpg"], 5: [], 8: []}


def test_what_an_administrator_changes_at_once_the_person_is_told(session_for, cast, sql):
    session = session_for(cast.administrator(4))
    person = session.get_one(Person, 1)
    person.title = "主治医师"
    records.update(session, person, WHATEVER)
    assert sql("SELECT person_id, kind FROM message") == [(1, "record_edited")]


def test_two_files_prove_two_fields(session_for, cast):
    evidence = {"title": [photograph("证书.jpg")], "education": [photograph("学位.jpg")]}
    request, _review = ask(
        session_for, cast, said=Wanted({"title": "医师", "education": "master"}, evidence=evidence)
    )
    session = session_for(cast.administrator(4, LIU))
    files = attachments.of(session, session.get_one(ChangeRequest, request.id))
    assert [(each.field, each.name) for each in files] == [("title", "证书.jpg"), ("education", "学位.jpg")]


def test_a_province_moves_a_field_between_review_and_no_review(session_for, cast, province, sql):
    rules = ChangeRules(reviewed=("email",), direct=("education",))
    serve(province.model_copy(update={"changes": Changes(person=rules)}))
    session = session_for(cast.professional(1))
    said = wanted({"email": "li@example.cn", "education": "master"}, under="email")
    done = changes.change(session, session.get_one(Person, 1), said, WHATEVER)
    assert (done.direct, [list(each.values) for each in done.requests]) == (("education",), [["email"]])


def test_a_request_needs_a_review_of_the_province(session_for, cast, province):
    kept = province.reviews.pop("person_change")
    try:
        with pytest.raises(Refused):
            ask(session_for, cast)
    finally:
        province.reviews["person_change"] = kept


def revoke(session, review_id):
    return revoking.revoke(session, review_id, session.get_one(Review, review_id).version, "证书系伪造")


def test_a_revoked_approval_gives_back_what_stood_there(session_for, cast, sql):
    degree = {"kind": "education", "name": "医学硕士"}
    _request, review = ask(session_for, cast, said=wanted({"title": "医师"}, added=[degree]))
    approve(session_for(cast.administrator(4, LIU)), review.id)
    revoke(session_for(cast.administrator(4, LIU)), review.id)
    assert sql("SELECT title FROM person WHERE id = 1") == [(None,)]
    assert sql("SELECT state FROM change_request") == [("submitted",)]
    assert credentials.of(session_for(cast.professional(1)), 1) == []
    approve(session_for(cast.administrator(4, LIU)), review.id)
    assert [each.name for each in credentials.of(session_for(cast.professional(1)), 1)] == ["医学硕士"]


def test_an_approval_stands_once_the_field_was_changed_again(session_for, cast, sql):
    _request, review = ask(session_for, cast)
    approve(session_for(cast.administrator(4, LIU)), review.id)
    sql("UPDATE person SET title = '主任医师' WHERE id = 1")
    with pytest.raises(NotEligible) as refused:
        revoke(session_for(cast.administrator(4, LIU)), review.id)
    assert refused.value.message.params == {"fields": "职称"}
    assert titles(sql) == [("主任医师", "associate_senior")]
