"""A transfer while those hours are open somewhere: they count once, where the rule says, or are refused."""

from decimal import Decimal
from threading import Thread

import pytest
from sqlalchemy import text

from app.database import transaction
from app.models.change_request import ChangeRequest
from app.models.hour_record import HourRecord
from app.models.review import Review
from app.services import certificates, changes, hours, reviews
from app.services.errors import NotFound, Stale
from tests.services.changing import ask, wanted
from tests.services.moving import wrongly_placed
from tests.services.reviewing import approve, conference, declared, one, photograph, reject, sums_agree
from tests.services.test_moves_meanwhile import waits
from tests.services.transferring import counted, out

pytestmark = pytest.mark.usefixtures("today")

WENT = (
    "Nothing was done: the professional has been transferred to 宜昌市中心医院 meanwhile, and the matter went"
    " along. It is decided there now."
)


@pytest.fixture
def hour(session_for, cast, sql):
    """The number of the review of 12 hours that 张丽 has declared."""
    declared(session_for(cast.professional(1)))
    (found,) = sql("SELECT id FROM review WHERE subject = 'hour_record'")
    return found[0]


def process(session):
    return session.scalar(text("SELECT pg_backend_pid()"))


@pytest.mark.parametrize("place", [4, 3, 2])
def test_an_old_form_is_refused_with_where_it_went_and_the_hours_count_once_at_the_new_unit(
    session_for, cast, sql, owner, hour, place
):
    approvers = [cast.administrator(4, 21), cast.administrator(3), cast.administrator(2)]
    steps = {4: 0, 3: 1, 2: 2}[place]
    for each in approvers[:steps]:
        approve(session_for(each), hour)
    old = session_for(approvers[steps])
    shown = one(old.get_one(Review, hour))
    old.rollback()
    _made, review = out(session_for, cast)
    approve(session_for(cast.administrator(8)), review.id)
    with pytest.raises(Stale) as refused:
        reviews.decide(old, shown, "approve")
    old.rollback()
    assert str(refused.value) == WENT
    assert sql("SELECT count(*) FROM hour_entry") == [(0,)]
    for each in (8, 7, 6)[steps:]:
        approve(session_for(cast.administrator(each)), hour)
    assert sql("SELECT organization_id, state FROM hour_record") == [(8, "approved")]
    assert sql("SELECT hours, sign FROM hour_entry") == [(Decimal("12.0"), 1)]
    assert sums_agree(owner)


def test_for_whom_it_was_never_it_is_not_found_as_before(session_for, cast, hour):
    _made, review = out(session_for, cast)
    approve(session_for(cast.administrator(8)), review.id)
    for place in (5, 10):
        session = session_for(cast.administrator(place))
        with pytest.raises(NotFound):
            reviews.decide(session, one(Review(id=hour, version=1)), "approve")


@pytest.mark.parametrize("province", ["shandong"], indirect=True)
def test_where_the_old_unit_finishes_its_form_still_counts_once_there(
    session_for, cast, sql, owner, hour, province
):
    old = session_for(cast.administrator(4, 21))
    shown = one(old.get_one(Review, hour))
    old.rollback()
    _made, review = out(session_for, cast)
    approve(session_for(cast.administrator(4)), review.id)
    approve(session_for(cast.administrator(8)), review.id)
    reviews.decide(old, shown, "approve")
    approve(session_for(cast.administrator(3)), hour)
    assert sql("SELECT organization_id, state FROM hour_record") == [(4, "approved")]
    assert sql("SELECT count(*), sum(hours) FROM hour_entry") == [(1, Decimal("12.0"))]
    assert counted(session_for(cast.administrator(8))) == Decimal("12.0")
    assert sums_agree(owner)


def test_a_decision_that_came_first_is_waited_for_and_stays_where_it_was_earned(
    session_for, cast, sql, owner, hour
):
    for each in (cast.administrator(4, 21), cast.administrator(3)):
        approve(session_for(each), hour)
    _made, review = out(session_for, cast)
    decider, mover = session_for(cast.administrator(2)), session_for(cast.administrator(8))
    pid = process(mover)
    with transaction(decider):
        approve(decider, hour)
        move = Thread(target=lambda: approve(mover, review.id))
        move.start()
        assert waits(owner, pid)
    move.join()
    assert sql("SELECT organization_id, state FROM hour_record") == [(4, "approved")]
    assert sql("SELECT organization_id FROM person WHERE id = 1") == [(8,)]
    assert counted(session_for(cast.administrator(8))) == Decimal("12.0")
    assert sums_agree(owner)
    assert wrongly_placed(owner) == {}


def test_a_decision_that_came_second_is_refused(session_for, cast, sql, owner, hour):
    _made, review = out(session_for, cast)
    decider, mover = session_for(cast.administrator(4, 21)), session_for(cast.administrator(8))
    shown = one(decider.get_one(Review, hour))
    decider.rollback()
    pid, told = process(decider), []

    def decide():
        try:
            reviews.decide(decider, shown, "approve")
        except Stale as stale:
            told.append(str(stale))

    with transaction(mover):
        approve(mover, review.id)
        thread = Thread(target=decide)
        thread.start()
        assert waits(owner, pid)
    thread.join()
    assert told == [WENT]
    assert sql("SELECT waiting_id, state, step FROM review WHERE id = :id", id=hour) == [(8, "open", 0)]


def test_what_is_declared_during_the_transfer_goes_along(session_for, cast, sql, owner):
    _made, review = out(session_for, cast)
    person, mover = session_for(cast.professional(1)), session_for(cast.administrator(8))
    pid = process(mover)
    with transaction(person):
        hours.declare(person, 1, conference(), [photograph()])
        move = Thread(target=lambda: approve(mover, review.id))
        move.start()
        assert waits(owner, pid)
    move.join()
    assert sql("SELECT organization_id FROM hour_record") == [(8,)]
    assert sql("SELECT waiting_id FROM review WHERE subject = 'hour_record'") == [(8,)]
    assert wrongly_placed(owner) == {}


def test_a_certificate_of_that_moment_stands_at_the_new_unit(session_for, cast, sql, owner):
    sql("SELECT set_config('xueshi.actor', 'test', true)")
    sql(
        "INSERT INTO person_year (person_id, year, total, subjects, complete)"
        ' VALUES (1, 2026, 90, \'{"professional": 60, "public": 30}\', true)'
    )
    _made, review = out(session_for, cast)
    person, mover = session_for(cast.professional(1)), session_for(cast.administrator(8))
    pid = process(person)
    with transaction(mover):
        approve(mover, review.id)
        late = Thread(target=lambda: certificates.issue(person, 1, 2026, site="https://xueshi.example"))
        late.start()
        assert waits(owner, pid)
    late.join()
    assert sql("SELECT organization_id, content->>'unit' FROM certificate") == [(8, "宜昌市中心医院")]


def test_what_is_declared_right_after_it_stands_at_the_new_unit(session_for, cast, sql, owner):
    _made, review = out(session_for, cast)
    person, mover = session_for(cast.professional(1)), session_for(cast.administrator(8))
    pid = process(person)
    with transaction(mover):
        approve(mover, review.id)
        late = Thread(target=lambda: hours.declare(person, 1, conference(), [photograph()]))
        late.start()
        assert waits(owner, pid)
    late.join()
    assert sql("SELECT organization_id, ancestor_2 FROM hour_record") == [(8, 6)]
    assert session_for(cast.administrator(8)).query(HourRecord).count() == 1


def test_a_change_of_data_that_waits_goes_along_and_the_new_unit_decides_it(session_for, cast, sql):
    request, review = ask(session_for, cast)
    _made, transfer = out(session_for, cast)
    approve(session_for(cast.administrator(8)), transfer.id)
    assert sql("SELECT organization_id, state FROM change_request") == [(8, "submitted")]
    assert session_for(cast.administrator(4, 21)).get(Review, review.id) is None
    approve(session_for(cast.administrator(8)), review.id)
    assert sql("SELECT state FROM change_request WHERE id = :id", id=request.id) == [("approved",)]
    assert sql("SELECT organization_id, title FROM person WHERE id = 1") == [(8, "副主任医师")]


def test_a_change_that_came_back_is_corrected_at_the_new_unit(session_for, cast, sql):
    request, review = ask(session_for, cast)
    reject(session_for(cast.administrator(4, 21)), review.id)
    _made, transfer = out(session_for, cast)
    approve(session_for(cast.administrator(8)), transfer.id)
    zhang = session_for(cast.professional(1))
    version = changes.review_of(zhang, zhang.get_one(ChangeRequest, request.id)).version
    changes.correct(zhang, request.id, version, wanted())
    assert sql("SELECT waiting_id FROM review WHERE id = :id", id=review.id) == [(8,)]
