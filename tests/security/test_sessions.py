"""A session lives until its account's epoch moves on, by whatever road."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.database import clock
from app.security import sessions
from app.security.actor import NOBODY
from app.security.scope import set_actor

ROADS = {
    "a new password": "UPDATE ab_user SET password = 'x' WHERE id = 4",
    "a disabled account": "UPDATE ab_user SET state = 'disabled' WHERE id = 4",
    "a closed account": "UPDATE ab_user SET active = false WHERE id = 4",
    "another role": "UPDATE appointment SET role_id ="
    " (SELECT id FROM role WHERE kind = 'authority' AND super) WHERE id = 4",
    "an ended appointment": "ALTER TABLE appointment DISABLE TRIGGER one_super;"
    " UPDATE appointment SET ends_on = '2026-11-01' WHERE id = 4",
    "a closed unit": "UPDATE organization SET state = 'closed' WHERE id = 4",
}

SAID = text(
    "SELECT current_setting('xueshi.organization') AS at, current_setting('xueshi.person') AS person,"
    " current_setting('xueshi.account') AS account, current_setting('xueshi.actor') AS actor,"
    " current_setting('xueshi.appointment') AS post"
)

SHOWN = (
    *("organization", "review", "decision", "hidden_decision", "message", "region"),
    *("backlog", "flow", "outlook", "export", "organization_year"),
)
RESTRICTED = {f"{noun}.read" for noun in SHOWN} | {"attachment.delete", "export.create"}
"""What it attached itself it may take off again; an export is each account's own."""


@pytest.fixture
def session(session_for, cast):
    return session_for(NOBODY)


def start(session, account=4, appointment=4) -> str:
    epoch = session.scalar(text(f"SELECT epoch FROM ab_user WHERE id = {account}"))
    return sessions.start(session, account, epoch, appointment, address="127.0.0.1", hours=12)


def after(**words):
    return clock.fixed(datetime.now(UTC) + timedelta(**words))


def test_an_administrator_acts_for_his_unit_with_the_rights_of_its_kind(session, cast):
    who = sessions.resolve(session, start(session))
    assert (who.actor.kind, who.actor.organization_id, who.actor.depth) == ("employer", 4, 4)
    assert (who.actor.person_id, who.actor.self_id) == (None, 3)
    assert who.actor.permissions == cast.administrator(4).permissions


def test_as_a_professional_the_same_account_has_the_rights_of_one(session, cast):
    who = sessions.resolve(session, start(session, appointment=None))
    assert (who.actor.kind, who.actor.person_id, who.actor.organization_id) == ("person", 3, None)
    assert who.actor.permissions == cast.professional(3).permissions


@pytest.mark.parametrize("post", [4, None], ids=["an administrator", "a professional"])
def test_the_wall_hears_of_whoever_signed_in_what_the_session_would_tell_it(session, post):
    token = start(session, appointment=post)
    session.rollback()
    who = sessions.resolve(session, token)
    told = session.execute(SAID).one()
    set_actor(session, who.actor)
    assert told == session.execute(SAID).one()
    assert told.actor == "4"


@pytest.mark.parametrize("road", ROADS, ids=str)
def test_every_road_ends_the_session_at_once(session, owner, road):
    token = start(session)
    assert sessions.resolve(session, token) is not None
    session.commit()
    with owner.begin() as connection:
        connection.execute(text(ROADS[road]))
    assert sessions.resolve(session, token) is None


def test_a_session_of_a_unit_that_waits_has_the_restricted_rights(session, owner, cast):
    token = start(session)
    with owner.begin() as connection:
        connection.execute(text("UPDATE organization SET state = 'pending' WHERE id = 4"))
    who = sessions.resolve(session, token)
    assert (who.pending, who.actor.kind) == (True, "pending")
    assert who.actor.permissions == RESTRICTED


def test_another_accounts_appointment_cannot_be_acted_as(session):
    assert sessions.resolve(session, start(session, account=31, appointment=4)) is None


def test_a_post_has_rights_from_its_first_day_until_the_day_before_it_ends(session, owner):
    token = start(session)
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE appointment DISABLE TRIGGER one_super"))
        connection.execute(
            text("UPDATE appointment SET starts_on = '2026-03-01', ends_on = '2026-04-01' WHERE id = 4")
        )
        connection.execute(text("UPDATE login_session SET epoch = epoch + 1"))

    def live(day: str) -> bool:
        midnight = datetime.fromisoformat(f"{day}T00:00:01+08:00")
        with owner.begin() as connection:
            connection.execute(
                text("UPDATE login_session SET seen_at = :now, expires_at = :now + interval '1 hour'"),
                {"now": midnight},
            )
        with clock.fixed(midnight):
            return sessions.resolve(session, token) is not None

    days = ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01")
    assert [live(day) for day in days] == [False, True, True, False]


def test_a_session_ends_by_itself(session):
    token = start(session)
    with after(hours=13):
        assert sessions.resolve(session, token, idle=9999) is None


def test_a_session_that_is_used_stays_and_one_that_is_left_alone_ends(session):
    token = start(session)
    with after(minutes=50):
        assert sessions.resolve(session, token, idle=60) is not None
    with after(minutes=100):
        assert sessions.resolve(session, token, idle=60) is not None
    with after(minutes=161):
        assert sessions.resolve(session, token, idle=60) is None


def test_after_logging_out_the_cookie_is_worth_nothing(session):
    token = start(session)
    sessions.end(session, sessions.resolve(session, token).session_id)
    assert sessions.resolve(session, token) is None


def test_the_table_keeps_no_token(session, owner):
    token = start(session)
    with owner.connect() as connection:
        assert token not in str(connection.execute(text("SELECT s::text FROM login_session s")).all())


def test_sessions_that_were_over_long_ago_are_forgotten_some_at_a_time(session, monkeypatch):
    monkeypatch.setattr(sessions, "STEP", 2)
    old = [start(session) for _each in range(3)]
    sessions.end(session, sessions.resolve(session, old[0]).session_id)
    with after(days=100):
        recent, live = start(session), start(session)
        sessions.end(session, sessions.resolve(session, recent).session_id)
    assert sessions.sweep(session) == 0
    with after(days=100, minutes=30):
        assert [sessions.sweep(session), sessions.sweep(session)] == [3, 0]
        assert sessions.resolve(session, live) is not None
    kept = session.scalars(text("SELECT token FROM login_session ORDER BY id")).all()
    assert [bytes(each) for each in kept] == [sessions.digest(recent), sessions.digest(live)]
