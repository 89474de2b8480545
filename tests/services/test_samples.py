"""A part of what was approved is looked at once more above: by a lot that can be drawn again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import clock
from app.declare.province import serve
from app.models.review import Review
from app.models.sample_check import SampleCheck, SampleDraw
from app.security.actor import NOBODY
from app.security.scope import Forbidden
from app.services import reviews, samples
from app.services.errors import Faulty, NotEligible, NotFound, Stale
from app.services.selection import Filter
from tests.services.reviewing import NOW, at_the_last_step, conference, declared, really

pytestmark = pytest.mark.usefixtures("today")
COPIES = 60


def percent(profile, of_hundred):
    """The province, drawing so many per cent of approved hours."""
    chain = profile.reviews["hours"].model_copy(update={"sample": of_hundred})
    return profile.model_copy(update={"reviews": {**profile.reviews, "hours": chain}})


@pytest.fixture
def approved(today, province, session_for, cast, owner):
    """The city has approved 61 declarations of 张丽; forty per cent are drawn."""
    serve(percent(province, 40))
    at_the_last_step(owner, declared(session_for(cast.professional(1)), conference()), COPIES)
    city = session_for(cast.administrator(2))
    count = reviews.decide(city, Filter("hours", expected=COPIES + 1), "approve").count
    assert count == COPIES + 1


@pytest.fixture
def head(session_for, cast):
    """The province's office, which stands above the city."""
    return session_for(cast.administrator(1))


def tonight(session_for, nights=1):
    with clock.fixed(NOW + timedelta(days=nights)):
        return samples.draw(session_for(NOBODY))


@pytest.mark.usefixtures("approved")
def test_the_lot_falls_on_some_and_is_the_same_when_it_is_drawn_again(session_for, head, owner):
    drawn = tonight(session_for)
    assert 8 < drawn < 42  # 61 times 0.4 is 24; beyond these bounds less than once in 100,000
    lot = head.scalars(select(SampleDraw)).one()
    assert (lot.decider_id, lot.organization_id, lot.kind, lot.percent) == (2, 1, "hours", 40)

    found = samples.again(head, lot.id)
    assert (found.passed, found.same, len(found.drawn)) == (61, True, drawn)
    kept = really(owner, "SELECT review_id FROM sample_check ORDER BY review_id")
    assert [row[0] for row in kept] == list(found.drawn)


@pytest.mark.usefixtures("approved")
def test_the_next_night_draws_nothing_twice_and_keeps_the_seed(session_for, head, owner):
    drawn = tonight(session_for)
    seed = really(owner, "SELECT seed FROM sample_draw")
    assert tonight(session_for, nights=2) == 0
    assert really(owner, "SELECT seed FROM sample_draw") == seed
    assert really(owner, "SELECT count(*) FROM sample_check") == [(drawn,)]
    assert samples.again(head, head.scalars(select(SampleDraw.id)).one()).same


@pytest.mark.usefixtures("approved")
def test_the_first_night_draws_months_as_a_whole(session_for, head, sql):
    sql("UPDATE review SET decided_at = '2026-10-01 01:00+08' WHERE id % 2 = 0")
    tonight(session_for)
    lots = {str(lot.month): lot.id for lot in head.scalars(select(SampleDraw))}
    october = samples.again(head, lots["2026-10-01"])
    assert (list(lots), october.same, october.passed) == (["2026-10-01", "2026-11-01"], True, 30)


@pytest.mark.usefixtures("approved")
def test_a_sample_that_somebody_has_touched_is_not_the_one_that_was_drawn(session_for, head, owner, sql):
    tonight(session_for)
    (first,), (other,) = really(owner, "SELECT review_id FROM sample_check ORDER BY id LIMIT 2")
    ((spared,),) = really(
        owner, "SELECT min(id) FROM review WHERE id NOT IN (SELECT review_id FROM sample_check)"
    )
    sql("DELETE FROM sample_check WHERE review_id = :first", first=first)
    sql("UPDATE sample_check SET review_id = :spared WHERE review_id = :other", spared=spared, other=other)
    found = samples.again(head, head.scalars(select(SampleDraw.id)).one())
    assert (found.missing, found.extra) == ((first, other), (spared,))


@pytest.mark.usefixtures("approved")
def test_whose_approvals_they_are_sees_neither_seed_nor_sample(session_for, cast):
    tonight(session_for)
    city = session_for(cast.administrator(2))
    assert city.scalars(select(SampleDraw)).all() == []
    assert city.scalars(select(SampleCheck)).all() == []


@pytest.mark.usefixtures("approved")
def test_what_was_approved_just_now_is_drawn_the_next_night(session_for, owner):
    assert samples.draw(session_for(NOBODY)) == 0
    assert really(owner, "SELECT count(*) FROM sample_draw") == [(0,)]


def test_nothing_is_drawn_where_the_province_asks_for_none(province, session_for, cast, owner):
    serve(percent(province, 0))
    at_the_last_step(owner, declared(session_for(cast.professional(1)), conference()), 3)
    reviews.decide(session_for(cast.administrator(2)), Filter("hours", expected=4), "approve")
    assert tonight(session_for) == 0


ALONE = """UPDATE review SET chain = jsonb_set(chain, '{0}', chain -> 0
    || '{"marks": ["alone"], "organization_id": 4}')"""
BEHALF = "UPDATE decision SET on_behalf = '王强', organization_id = 4"


@pytest.mark.parametrize(("change", "reason"), [(ALONE, "alone"), (BEHALF, "behalf")])
def test_what_one_administrator_did_alone_is_always_looked_at(
    province, session_for, cast, owner, sql, change, reason
):
    serve(percent(province, 0))
    at_the_last_step(owner, declared(session_for(cast.professional(1)), conference()), 0)
    reviews.decide(session_for(cast.administrator(2)), Filter("hours", expected=1), "approve")
    sql("ALTER TABLE decision DISABLE TRIGGER insert_only")
    sql(change)
    assert tonight(session_for) == 1
    assert really(owner, "SELECT organization_id, decider_id, reason, draw_id FROM sample_check") == [
        (3, 4, reason, None)
    ]
    told = really(owner, "SELECT account_id, params FROM message WHERE kind = 'sample_drawn'")
    assert told == [(3, {"count": 1})]


@pytest.fixture
def check(approved, session_for, head):
    tonight(session_for)
    return head.scalars(select(SampleCheck.id).order_by(SampleCheck.id)).first()


def test_what_is_found_right_is_kept_with_who_looked(head, check, owner):
    samples.conclude(head, check, "right", "")
    kept = "SELECT state, checked_by, account_id FROM sample_check WHERE id = :id"
    assert really(owner, kept, id=check) == [("right", "湖北省人力资源和社会保障厅管理员", 1)]
    assert really(owner, "SELECT noun, reason FROM audit_event WHERE action = 'check'") == [
        ("sample_check", "")
    ]
    with pytest.raises(Stale):
        samples.conclude(head, check, "wrong", "晚了")


def test_what_is_found_wrong_says_why_and_is_told_to_whoever_decided(head, check, owner):
    with pytest.raises(Faulty) as faulty:
        samples.conclude(head, check, "wrong", " ")
    assert list(faulty.value.problems) == ["remark"]
    samples.conclude(head, check, "wrong", "证明与学时不符")
    told = really(owner, "SELECT account_id, params ->> 'remark' FROM message WHERE kind = 'sample_wrong'")
    assert told == [(2, "证明与学时不符")]


def test_nobody_else_checks_it_and_nobody_who_had_a_part_in_it(session_for, cast, head, check, sql):
    with pytest.raises(NotFound):
        samples.conclude(session_for(cast.administrator(2)), check, "right", "")
    sql("ALTER TABLE decision DISABLE TRIGGER insert_only")
    sql("UPDATE decision SET account_id = 1")
    with pytest.raises(NotEligible):
        samples.conclude(head, check, "right", "")
    sql("UPDATE decision SET account_id = 2")
    sql("UPDATE review SET creator_id = 1")
    with pytest.raises(NotEligible):
        samples.conclude(head, check, "right", "")


def test_an_office_higher_up_reads_the_result_and_does_not_give_it(province, session_for, cast, owner, sql):
    serve(percent(province, 0))
    at_the_last_step(owner, declared(session_for(cast.professional(1)), conference()), 0)
    sql(ALONE)
    reviews.decide(session_for(cast.administrator(2)), Filter("hours", expected=1), "approve")
    tonight(session_for)
    with pytest.raises(Forbidden):
        samples.conclude(session_for(cast.administrator(1)), 1, "right", "")
    assert samples.conclude(session_for(cast.administrator(3)), 1, "right", "").state == "right"
    assert session_for(cast.administrator(1)).get_one(Review, 1).state == "approved"
