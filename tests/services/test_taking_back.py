"""Whoever has decided takes it back within ten seconds: all of it, before anything has left the house."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.database import clock
from app.models.review import Review
from app.services import outbox, reviews, revoking
from app.services.errors import NotEligible, NotFound, Stale
from app.services.histories import history
from app.services.judgement import preview
from app.services.outbox import Post
from app.services.selection import Filter
from tests.services.reviewing import (
    NOW,
    approve,
    at_the_last_step,
    conference,
    declared,
    one,
    really,
    sums_agree,
    training,
)
from tests.services.test_reviews_batch import counted

pytestmark = pytest.mark.usefixtures("today")


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


COPIED = "organization_id, name, document_type, id_number_sealed, id_number_tail, state, extra"
PEOPLE = f"""
INSERT INTO person (id, uid, id_number_index, {COPIED})
SELECT 5000 + n, gen_random_uuid(), decode(md5(n::text), 'hex'), {COPIED}
FROM person, generate_series(2, 10001) n WHERE person.id = 1"""
"""A person for each of ten thousand declarations."""


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


@pytest.mark.long
def test_ten_thousand_are_previewed_passed_and_taken_back_with_as_many_statements_as_one(
    session_for, cast, office, owner, engine
):
    record = declared(session_for(cast.professional(1)))
    at_the_last_step(owner, record, 10_000)
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(text(PEOPLE))
        for table in ("hour_record", "review", "attachment"):
            connection.execute(text(f"UPDATE {table} SET person_id = 5000 + id WHERE id > 1"))
    asked = []
    for wanted in (Filter("hours", words="张丽", until=date(2020, 1, 1)), Filter("hours")):
        if wanted.until is not None:
            with owner.begin() as connection:
                connection.execute(text("UPDATE review SET submitted_at = '2019-12-31' WHERE id = 1"))
        with counted(engine) as seen:
            many = preview(office, wanted).count
            batch = reviews.decide(office, replace(wanted, expected=many), "approve").batch
            assert revoking.take_back(office, batch) == many
        asked.append((many, len(seen)))
    (one_of, few), (all_of, most) = asked
    assert (one_of, all_of) == (1, 10_001)
    assert most <= few + 4  # a row may be loaded here and there, never one for each
    assert sums_agree(owner)
