"""A transfer: asked for by unit or person, decided by whom the province says, and then all of it at once."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from app.models.attachment import Attachment
from app.models.certificate import Certificate
from app.models.change_request import ChangeRequest
from app.models.hour_entry import HourEntry
from app.models.hour_record import HourRecord
from app.models.person import Person
from app.models.review import Review
from app.models.transfer import Transfer
from app.security import doors
from app.services import attachments, called, certificates, hours, lists, queues, revoking, todo, transfers
from app.services.errors import Faulty, NotEligible
from app.services.selection import Filter
from tests.services import changing
from tests.services.moving import wrongly_placed
from tests.services.reviewing import approve, conference, declared, reject, review_of, sums_agree, training
from tests.services.transferring import counted, moved, out, start

pytestmark = pytest.mark.usefixtures("today")

SHANDONG = pytest.mark.parametrize("province", ["shandong"], indirect=True)
EACH = pytest.mark.parametrize("province", ["hubei", "hainan", "shandong"], indirect=True)


def waiting(session_for, cast, organization):
    session = session_for(cast.administrator(organization))
    return [
        line.review.title for line in queues.waiting_page(session, Filter("transfer"), queues.Place()).lines
    ]


def listed(session_for, cast, organization):
    """Who stands in the record of transfers of an organisation."""
    found = lists.page(session_for(cast.administrator(organization)), Transfer, lists.Asked(), ("name",))
    return [row.name for row in found.rows]


def problems(refused):
    return {key: [str(each) for each in wrong] for key, wrong in refused.value.problems.items()}


def test_the_new_unit_confirms_and_the_person_stands_there(session_for, cast, sql):
    _made, review = out(session_for, cast)
    title = "张丽 · 荆州市中心医院 → 宜昌市中心医院"
    assert [waiting(session_for, cast, place) for place in (4, 8)] == [[], [title]]
    assert [step["at"] for step in review.chain] == ["destination"]
    approve(session_for(cast.administrator(8)), review.id)
    assert sql("SELECT organization_id, department_id, ancestor_2 FROM person WHERE id = 1") == [(8, None, 6)]
    assert sql("SELECT state, moved_at IS NOT NULL FROM transfer") == [("approved", True)]


@SHANDONG
def test_in_shandong_the_own_unit_lets_go_before_the_new_one_takes(session_for, cast, sql):
    _made, review = out(session_for, cast)
    title = "张丽 · 荆州市中心医院 → 宜昌市中心医院"
    assert [waiting(session_for, cast, place) for place in (4, 8)] == [[title], []]
    approve(session_for(cast.administrator(4)), review.id)
    assert [waiting(session_for, cast, place) for place in (4, 8)] == [[], [title]]
    assert sql("SELECT organization_id FROM person WHERE id = 1") == [(4,)]
    approve(session_for(cast.administrator(8)), review.id)
    assert sql("SELECT organization_id FROM person WHERE id = 1") == [(8,)]


@SHANDONG
def test_who_asked_for_it_does_not_let_go_himself(session_for, cast):
    _made, review = out(session_for, cast)
    with pytest.raises(NotEligible):
        approve(session_for(cast.administrator(4, 21)), review.id)


@EACH
def test_what_is_shown_before_is_what_is_needed_and_the_record_stays_closed(session_for, cast, province):
    made, review = out(session_for, cast)
    if len(review.chain) > 1:
        assert session_for(cast.administrator(8)).get(Transfer, made.id) is None
        approve(session_for(cast.administrator(4)), review.id)
    session = session_for(cast.administrator(8))
    seen = session.get_one(Transfer, made.id)
    assert (seen.name, seen.masked_number, seen.year_hours) == ("张丽", "421000********1239", Decimal("0.0"))
    assert [each.name for each in session.scalars(select(Attachment))] == ["调动通知.jpg"]
    assert session.get(Person, 1) is None
    assert session.scalars(select(HourRecord)).all() == []


def test_hours_certificates_and_account_go_with_the_person(session_for, cast, sql, owner):
    for said in (conference(), training(8), training(8, "public"), training(4, title="第二期")):
        record = declared(session_for(cast.professional(1)), said)
        (found,) = sql(
            "SELECT id FROM review WHERE subject_id = :id AND subject = 'hour_record'", id=record.id
        )
        for account in (cast.administrator(4, 21), cast.administrator(3), cast.administrator(2)):
            approve(session_for(account), found[0])
    paper = certificates.issue(session_for(cast.professional(1)), 1, 2026, site="https://xueshi.example")
    before = counted(session_for(cast.administrator(4)))
    moved(session_for, cast)
    new = session_for(cast.administrator(8))
    assert counted(new) == before == Decimal("172.0")
    assert len(new.scalars(select(HourEntry).where(HourEntry.person_id == 1)).all()) == 4
    assert new.get_one(Certificate, paper.id).number == paper.number
    assert sql("SELECT organization_id FROM hour_record") == [(4,)] * 4
    old = session_for(cast.administrator(4))
    assert (old.get(Person, 1), old.get(Certificate, paper.id), counted(old)) == (None, None, 0)
    assert len(old.scalars(select(HourRecord)).all()) == 4
    assert sql("SELECT person_id, epoch FROM ab_user WHERE id = 31") == [(1, 1)]
    assert wrongly_placed(owner) == {}
    assert sums_agree(owner)


def test_what_is_under_review_goes_along_and_waits_where_the_new_place_leads(session_for, cast, sql, owner):
    person = session_for(cast.professional(1))
    first, second = declared(person), declared(person, training(2))
    hours.draft(person, 1, training(1, title="草稿"))
    ids = dict(sql("SELECT subject_id, id FROM review WHERE subject = 'hour_record'"))
    approve(session_for(cast.administrator(4, 21)), ids[first.id])
    reject(session_for(cast.administrator(4, 21)), ids[second.id])
    moved(session_for, cast)
    where = "SELECT organization_id FROM hour_record ORDER BY id"
    assert sql(where) == [(8,)] * 3
    assert sql("SELECT waiting_id, step FROM review WHERE id = :id", id=ids[first.id]) == [(7, 1)]
    assert sql("SELECT DISTINCT organization_id FROM attachment WHERE subject = 'hour_record'") == [(8,)]
    for place in (7, 6):
        approve(session_for(cast.administrator(place)), ids[first.id])
    again = session_for(cast.professional(1))
    version = again.get_one(Review, ids[second.id]).version
    hours.correct(again, second.id, version, training(2))
    assert sql("SELECT waiting_id FROM review WHERE id = :id", id=ids[second.id]) == [(8,)]
    assert sql("SELECT total FROM person_year") == [(Decimal("12.0"),)]
    assert wrongly_placed(owner) == {}
    assert sums_agree(owner)


@SHANDONG
def test_where_the_old_unit_finishes_its_chain_decides_and_the_hours_count_for_the_person(
    session_for, cast, sql, owner
):
    person = session_for(cast.professional(1))
    record = declared(person)
    (hour,) = sql("SELECT id FROM review WHERE subject = 'hour_record'")
    moved(session_for, cast)
    assert sql("SELECT organization_id, waiting_id FROM review WHERE id = :id", id=hour[0]) == [(4, 4)]
    assert session_for(cast.administrator(8)).get(HourRecord, record.id) is None
    approve(session_for(cast.administrator(4, 21)), hour[0])
    approve(session_for(cast.administrator(3)), hour[0])
    assert counted(session_for(cast.administrator(8))) == record.hours
    assert sql("SELECT state, organization_id FROM hour_record") == [("approved", 4)]
    assert sums_agree(owner)


def test_a_person_asks_for_it_on_his_own_and_decides_nothing(session_for, cast, sql):
    made, review = start(session_for, cast.professional(1), person_id=None)
    assert (made.person_id, made.started_by, review.waiting_id) == (1, "person", 8)
    with pytest.raises(NotEligible):
        transfers.withdraw(session_for(cast.administrator(4)), made.id, review.version)
    transfers.withdraw(session_for(cast.professional(1)), made.id, review.version)
    assert sql("SELECT state FROM transfer") == [("withdrawn",)]


def test_nobody_asks_for_somebody_else(session_for, cast):
    made, _review = start(session_for, cast.professional(4), person_id="1", to_id="5")
    assert made.person_id == 4
    for person in ("4", "6", "999", ""):
        with pytest.raises(Faulty) as refused:
            out(session_for, cast, person_id=person)
        assert problems(refused) == {"person_id": ["Please choose one of your own professionals."]}


def test_it_is_withdrawn_by_the_unit_that_asked_and_not_by_the_person(session_for, cast, sql):
    made, review = out(session_for, cast)
    with pytest.raises(NotEligible):
        transfers.withdraw(session_for(cast.professional(1)), made.id, review.version)
    transfers.withdraw(session_for(cast.administrator(4)), made.id, review.version)
    assert (sql("SELECT state FROM transfer"), waiting(session_for, cast, 8)) == ([("withdrawn",)], [])
    assert out(session_for, cast)[1].state == "open"


def test_a_person_has_one_open_transfer_at_a_time(session_for, cast):
    out(session_for, cast)
    for actor in (cast.administrator(4), cast.professional(1)):
        with pytest.raises(Faulty) as refused:
            start(session_for, actor, to_id="5")
        sentence = "A transfer of 张丽 is open already. It has to be decided or withdrawn first."
        assert problems(refused) == {"person_id": [sentence]}


def test_the_holder_of_a_post_stays_until_it_is_taken_away(session_for, cast, sql):
    with pytest.raises(Faulty) as refused:
        start(session_for, cast.administrator(4, 21), person_id="3")
    sentence = (
        "王强 is the super-administrator of 荆州市中心医院 and has to hand over first: a unit without one"
        " could not act."
    )
    assert problems(refused) == {"person_id": [sentence]}
    _made, review = out(session_for, cast)
    sql("UPDATE ab_user SET person_id = NULL WHERE id = 31")
    sql("UPDATE ab_user SET person_id = 1 WHERE id = 21")
    with pytest.raises(NotEligible) as barred:
        approve(session_for(cast.administrator(8)), review.id)
    assert str(barred.value) == (
        "张丽 is an administrator of 荆州市中心医院. The post has to be taken away first."
    )


def test_nothing_is_asked_for_with_something_missing(session_for, cast):
    with pytest.raises(Faulty) as refused:
        out(session_for, cast, to_id="4", reason=" ", leaves_on=None)
    assert problems(refused) == {
        "to_id": ["The professional belongs to this organization already."],
        "reason": ["Please say why."],
        "leaves_on": ["Please give the day of the transfer."],
    }
    with pytest.raises(Faulty) as refused:
        out(session_for, cast, to_id="2", reason="调" * 201, leaves_on=date(2036, 1, 1))
    assert list(problems(refused)) == ["to_id", "reason", "leaves_on"]


def test_a_department_takes_people_over_too(session_for, cast, sql):
    _made, review = out(session_for, cast, to_id="10")
    approve(session_for(cast.administrator(10)), review.id)
    _back, review = start(session_for, cast.administrator(10), to_id="3")
    approve(session_for(cast.administrator(3)), review.id)
    assert sql("SELECT organization_id, ancestor_3 FROM person WHERE id = 1") == [(3, 3)]


def test_a_rejection_says_why_and_moves_nobody(session_for, cast, sql):
    _made, review = out(session_for, cast)
    reject(session_for(cast.administrator(8)), review.id, "该人员未调入本单位")
    assert sql("SELECT organization_id FROM person WHERE id = 1") == [(4,)]
    told = sql("SELECT kind, person_id, account_id FROM message ORDER BY id")
    assert told == [("review_rejected", 1, None), ("review_rejected", None, 21)]


def test_a_person_who_asked_on_his_own_is_told_once(session_for, cast, sql):
    _made, review = start(session_for, cast.professional(1))
    reject(session_for(cast.administrator(8)), review.id)
    assert sql("SELECT kind, person_id, account_id FROM message") == [("review_rejected", 1, None)]


def test_the_old_unit_still_reads_whose_hours_it_has_reviewed(session_for, cast, province):
    record = declared(session_for(cast.professional(1)))
    review = review_of(session_for(cast.professional(1)), record)
    for account in (cast.administrator(4, 21), cast.administrator(3), cast.administrator(2)):
        approve(session_for(account), review.id)
    moved(session_for, cast)
    for place, name in ((4, "张丽"), (3, "张丽"), (10, None)):
        assert (
            called.names(session_for(cast.administrator(place)), {"person": [1]}).get(("person", 1)) == name
        )


def test_the_person_and_both_units_are_told(session_for, cast, sql):
    moved(session_for, cast)
    told = sql("SELECT kind, person_id, account_id FROM message ORDER BY id")
    assert told == [
        ("transferred", 1, None),
        ("transfer_done", None, 4),
        ("transfer_done", None, 8),
        ("review_approved", 1, None),
        ("review_approved", None, 21),
    ]


def test_the_trail_says_it_at_both_units(session_for, cast, sql):
    moved(session_for, cast)
    found = sql(
        "SELECT organization_id, acting_id, person_id FROM audit_event WHERE action = 'transfer' ORDER BY id"
    )
    assert found == [(4, 8, 1), (8, 8, 1)]


def test_the_record_of_transfers_holds_those_out_and_those_in(session_for, cast):
    moved(session_for, cast)
    out(session_for, cast, person_id="2", to_id="5")
    assert [listed(session_for, cast, place) for place in (4, 8, 5, 2, 1, 10)] == [
        ["李娜", "张丽"],
        ["张丽"],
        [],
        ["李娜", "张丽"],
        ["李娜", "张丽"],
        [],
    ]


def test_a_name_is_found_in_the_record_by_both_units(session_for, cast):
    moved(session_for, cast)
    for place, many in ((4, 1), (8, 1), (5, 0)):
        words = lists.Asked(words={"name": "张"})
        found = lists.page(session_for(cast.administrator(place)), Transfer, words, ("name",))
        assert len(found.rows) == many


def test_the_wall_moves_nobody_whom_nobody_approved(session_for, cast, sql):
    made, _review = out(session_for, cast)
    session = session_for(cast.administrator(4))
    assert doors.transfer(session, made.id, [], []) is False
    session.rollback()
    moved_away = text("UPDATE person SET organization_id = 8 WHERE id = 1")
    with pytest.raises(Exception, match="row-level security"):
        session.execute(moved_away)


def test_nobody_else_sees_it(session_for, cast):
    made, review = out(session_for, cast)
    for place in (5, 7, 9, 10):
        session = session_for(cast.administrator(place))
        assert (session.get(Transfer, made.id), session.get(Review, review.id)) == (None, None)


def test_the_new_unit_finds_it_among_what_is_to_be_done(session_for, cast):
    out(session_for, cast)
    lines = todo.todo(session_for(cast.administrator(8)))
    assert [line.kind for line in lines if line.count] == ["transfer"]


def test_what_changed_since_it_was_asked_for_is_said(session_for, cast, sql):
    _made, review = out(session_for, cast)
    sql("UPDATE person SET state = 'left' WHERE id = 1")
    with pytest.raises(NotEligible) as refused:
        approve(session_for(cast.administrator(8)), review.id)
    assert "does not stand at 荆州市中心医院 any more" in str(refused.value)


def test_a_transfer_that_took_effect_is_undone_by_another_one(session_for, cast):
    _made, review = moved(session_for, cast)
    session = session_for(cast.administrator(8))
    with pytest.raises(NotEligible) as refused:
        revoking.revoke(session, review.id, session.get_one(Review, review.id).version, "误操作")
    assert str(refused.value).endswith("Another transfer leads back.")


def test_a_rejection_is_revoked_unless_another_one_was_asked_for_since(session_for, cast, sql):
    _made, review = out(session_for, cast)
    reject(session_for(cast.administrator(8)), review.id)
    session = session_for(cast.administrator(8))
    revoking.revoke(session, review.id, session.get_one(Review, review.id).version, "误操作")
    assert sql("SELECT state FROM transfer") == [("submitted",)]
    reject(session_for(cast.administrator(8)), review.id)
    out(session_for, cast, to_id="5")
    session = session_for(cast.administrator(8))
    with pytest.raises(NotEligible):
        revoking.revoke(session, review.id, session.get_one(Review, review.id).version, "误操作")


def test_a_decision_about_hours_before_a_transfer_is_no_longer_revoked(session_for, cast, sql):
    declared(session_for(cast.professional(1)))
    (hour,) = sql("SELECT id FROM review")
    for account in (cast.administrator(4, 21), cast.administrator(3), cast.administrator(2)):
        approve(session_for(account), hour[0])
    moved(session_for, cast)
    session = session_for(cast.administrator(2))
    with pytest.raises(NotEligible):
        revoking.revoke(session, hour[0], session.get_one(Review, hour[0]).version, "误操作")


@pytest.mark.parametrize(
    "changed",
    [
        "UPDATE ab_user SET person_id = NULL WHERE id = 31; UPDATE ab_user SET person_id = 1 WHERE id = 21",
        "UPDATE organization SET state = 'closed' WHERE id = 8",
        "UPDATE person SET state = 'left' WHERE id = 1",
        "UPDATE person SET organization_id = 5 WHERE id = 1",
    ],
    ids=["a post", "closed", "left", "elsewhere"],
)
def test_the_wall_itself_refuses_what_cannot_be_any_more(session_for, cast, sql, changed):
    made, _review = out(session_for, cast)
    sql("UPDATE review SET state = 'approved'")
    sql("UPDATE transfer SET state = 'approved'")
    for statement in changed.split(";"):
        sql(statement)
    assert doors.transfer(session_for(cast.administrator(8)), made.id, [], []) is False


def test_a_change_of_data_under_review_goes_along_with_its_proof(session_for, cast, sql, owner):
    request, review = changing.ask(session_for, cast)
    moved(session_for, cast)
    assert sql("SELECT organization_id, waiting_id FROM review WHERE id = :id", id=review.id) == [(8, 8)]
    new = session_for(cast.administrator(8))
    assert [each.name for each in attachments.of(new, new.get_one(ChangeRequest, request.id))] == [
        "职称证书.jpg"
    ]
    approve(new, review.id)
    assert sql("SELECT title, organization_id FROM person WHERE id = 1") == [("副主任医师", 8)]
    assert wrongly_placed(owner) == {}


def test_a_change_that_the_old_unit_approved_is_not_revoked_there_any_more(session_for, cast):
    _request, review = changing.ask(session_for, cast)
    approve(session_for(cast.administrator(4, 21)), review.id)
    moved(session_for, cast)
    session = session_for(cast.administrator(4))
    with pytest.raises(NotEligible):
        revoking.revoke(session, review.id, session.get_one(Review, review.id).version, "误操作")
