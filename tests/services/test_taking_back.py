"""Whoever has decided takes it back within ten seconds: all of it, before anything has left the house."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.database import clock
from app.models.review import Review
from app.services import outbox, reviews, revoking
from app.services.errors import NotEligible, NotFound, Stale
from app.services.histories import history
from app.services.outbox import Post
from app.services.selection import Filter
from tests.services.reviewing import NOW, approve, conference, declared, one, really, sums_agree, training

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def office(session_for, cast):
    return session_for(cast.administrator(2))


@pytest.fixture
def three(today, session_for, cast):
    """Three things that wait for the city's last word."""
    zhang = session_for(cast.professional(1))
    declared(zhang, conference("甲"))
    declared(zhang, conference("乙"))
    declared(session_for(cast.professional(3)), training(4, "public"))
    for organization, account in ((4, 21), (3, 3)):
        session = session_for(cast.administrator(organization, account))
        for review in (1, 2, 3):
            approve(session, review)


def all_approved(office):
    outcome = reviews.decide(office, Filter("hours", expected=3), "approve")
    assert outcome.finished == 3
    return outcome.batch


@pytest.mark.usefixtures("three")
def test_a_batch_is_taken_back_with_its_hours_and_its_messages(office, owner, sql):
    due = sql("UPDATE review SET due_on = '2026-11-20' RETURNING due_on")
    batch = all_approved(office)
    assert really(owner, "SELECT count(*) FROM message WHERE batch IS NOT NULL") == [(3,)]
    assert revoking.take_back(office, batch) == 3

    assert really(owner, "SELECT state, step, waiting_id, round FROM review") == [("open", 2, 2, 2)] * 3
    assert really(owner, "SELECT due_on FROM review") == due
    assert really(owner, "SELECT DISTINCT state FROM hour_record") == [("submitted",)]
    assert really(owner, "SELECT sum(hours * sign), count(*) FROM hour_entry") == [(0, 6)]
    assert really(owner, "SELECT count(*) FROM message") == [(0,)]
    assert [(each.verdict, each.reason) for each in history(office, office.get_one(Review, 1))][-2:] == [
        ("revoke", "taken back at once"), ("", ""),
    ]  # fmt: skip
    all_approved(office)
    assert sums_agree(owner)


@pytest.mark.usefixtures("three")
def test_a_message_of_a_verdict_stays_in_the_house_for_ten_seconds(office, owner, engine, session_for, cast):
    all_approved(office)
    worker = office
    with clock.fixed(NOW + timedelta(seconds=9)):
        assert outbox.send(worker, Post()) == 0
    with clock.fixed(NOW + timedelta(seconds=11)):
        assert outbox.send(worker, Post()) == 3


@pytest.mark.usefixtures("three")
def test_after_ten_seconds_nothing_is_taken_back(office, owner):
    batch = all_approved(office)
    with clock.fixed(NOW + timedelta(seconds=11)), pytest.raises(NotEligible, match="ten seconds"):
        revoking.take_back(office, batch)
    assert really(owner, "SELECT DISTINCT state FROM review") == [("approved",)]


@pytest.mark.usefixtures("three")
def test_nobody_takes_back_what_somebody_else_has_decided(office, session_for, cast, owner):
    batch = all_approved(office)
    with pytest.raises(NotFound):
        revoking.take_back(session_for(cast.administrator(1)), batch)
    with pytest.raises(NotFound):
        revoking.take_back(office, uuid4())
    assert really(owner, "SELECT count(*) FROM message") == [(3,)]


def test_when_others_have_gone_on_with_one_nothing_is_taken_back_and_it_is_named(session_for, cast, owner):
    zhang = session_for(cast.professional(1))
    declared(zhang, conference("甲"))
    declared(zhang, conference("乙"))
    liu = session_for(cast.administrator(4, 21))
    batch = reviews.decide(liu, Filter("hours", expected=2), "approve").batch
    approve(session_for(cast.administrator(3)), 1)

    with pytest.raises(Stale) as told:
        revoking.take_back(liu, batch)
    assert [(each.id, str(each.reason)) for each in told.value.items] == [(1, "Others have gone on with it.")]
    assert really(owner, "SELECT step FROM review ORDER BY id") == [(2,), (1,)]


def test_what_was_taken_back_is_not_taken_back_again(session_for, cast, owner):
    review = declared(session_for(cast.professional(1)))
    liu = session_for(cast.administrator(4, 21))
    batch = reviews.decide(liu, one(liu.get_one(Review, review.id)), "reject", reason="重复申报").batch
    revoking.take_back(liu, batch)
    with pytest.raises(Stale):
        revoking.take_back(liu, batch)
    assert really(owner, "SELECT verdict FROM decision ORDER BY id") == [("reject",), ("revoke",)]
