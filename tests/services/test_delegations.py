"""王强 goes on leave: 刘芳 decides on his behalf what he chose, while he may; both names are kept."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.database import clock
from app.models.appointment import Appointment
from app.security import sessions as signed
from app.security.actor import NOBODY
from app.security.permissions import whole
from app.security.scope import Forbidden, set_actor
from app.services import delegations
from app.services.accounts import posts
from app.services.administrators import remove
from app.services.errors import Faulty, NotEligible
from app.services.histories import history
from tests.services.reviewing import approve, declared, really, review_of

REVIEW = {"hour_record.review", "hour_record.read"}
GIVES = "SELECT on_behalf, rights FROM appointment WHERE delegator_id IS NOT NULL"


@pytest.fixture
def head(session_for, cast):
    return session_for(cast.administrator(4))


def day(after):
    return clock.today() + timedelta(days=after)


def lend(session, permissions=REVIEW, first=0, last=6, colleague=21):
    return delegations.delegate(session, colleague, permissions, day(first), day(last))


def as_delegate(session_for, post, account=21):
    """The delegate's session in the delegated post; None when it gives no rights."""
    session = session_for(NOBODY)
    epoch = session.scalar(text("SELECT epoch FROM ab_user WHERE id = :id"), {"id": account})
    token = signed.start(session, account, epoch, post.id, address="10.0.0.1", hours=24 * 30)
    who = signed.resolve(session, token, idle=60 * 24 * 30)
    if who is not None:
        set_actor(session, who.actor)
    return session, who


def wrong(session, **asked) -> dict[str, list[str]]:
    with pytest.raises(Faulty) as caught:
        lend(session, **asked)
    return {key: [str(each) for each in found] for key, found in caught.value.problems.items()}


def test_the_delegate_holds_what_was_chosen_and_is_told(head, owner, session_for):
    post = lend(head)
    given = sorted(whole(REVIEW))
    assert really(owner, GIVES) == [("王强", given)]
    _session, who = as_delegate(session_for, post)
    assert (sorted(who.actor.permissions), who.actor.name, who.actor.on_behalf) == (given, "刘芳", "王强")
    told = really(owner, "SELECT account_id, params ->> 'name' FROM message WHERE kind = 'delegated'")
    assert told == [(21, "王强")]


def test_it_begins_and_ends_by_itself(head, session_for):
    post = lend(head, first=2, last=3)
    found = []
    for after in range(6):
        with clock.fixed(clock.now() + timedelta(days=after)):
            _session, who = as_delegate(session_for, post)
            found.append(who is not None)
    assert found == [False, False, True, True, False, False]


def test_the_delegate_sees_for_whom_the_post_is(head):
    lend(head)
    assert [(post.organization, post.on_behalf) for post in posts(head, 21)] == [
        ("荆州市中心医院", ""), ("荆州市中心医院", "王强"),
    ]  # fmt: skip


def test_nobody_delegates_what_he_lacks_or_what_gives_rights(session_for, cast, head):
    second = session_for(cast.administrator(4, 21))
    for session, colleague, beyond in (
        (second, 4, "appointment.delete"), (head, 21, "appointment.create"),
        (head, 21, "appointment.hand_over"),
        (head, 21, "role.create"), (head, 21, "appointment.delegate"), (head, 21, "person.reset"),
    ):  # fmt: skip
        assert list(wrong(session, permissions={beyond}, colleague=colleague)) == ["permission"], beyond


def test_whoever_acts_on_behalf_delegates_no_further(head, session_for):
    session, who = as_delegate(session_for, lend(head))
    assert not who.actor.may("appointment.delegate")
    with pytest.raises(Forbidden):
        lend(session, colleague=4)


def test_days_and_colleagues_are_checked(head):
    assert list(wrong(head, first=-1)) == ["first"]
    assert list(wrong(head, first=3, last=2)) == ["last"]
    assert list(wrong(head, last=400)) == ["last"]
    assert list(wrong(head, colleague=9)) == ["colleague"]
    assert list(wrong(head, colleague=4)) == ["colleague"]
    assert list(wrong(head, permissions=())) == ["permission"]


RAW = text(
    "INSERT INTO appointment (organization_id, account_id, role_id, super, starts_on, ends_on,"
    " delegator_id, rights)"
    " SELECT organization_id, :account, role_id, false, current_date, current_date + :days, :giver, :rights"
    " FROM appointment WHERE id = 21"
)


@pytest.mark.parametrize(("actor", "words"), [
    ((4, 4), {"rights": ["appointment.create"]}),
    ((4, 4), {"rights": ["notice.publish"]}),
    ((4, 21), {"giver": 4}),
    ((4, 4), {"giver": 5}),
    ((4, 4), {"account": 5}),
    ((4, 4), {"days": 400}),
    ((4, 4), {"account": 4}),
])  # fmt: skip
def test_postgresql_refuses_what_the_service_would(session_for, cast, actor, words):
    session = session_for(cast.administrator(*actor))
    usual = {"account": 21, "days": 9, "giver": 4, "rights": ["person.read"]}
    with pytest.raises(DBAPIError):
        session.execute(RAW, usual | words)


def test_postgresql_takes_what_the_rule_allows(head, owner):
    head.execute(RAW, {"account": 21, "days": 9, "giver": 4, "rights": ["person.read"]})
    head.commit()
    assert really(owner, GIVES) == [("王强", ["person.read"])]


@pytest.mark.parametrize("change", [
    "UPDATE appointment SET rights = '{person.read,person.update}' WHERE delegator_id = 4",
    "UPDATE appointment SET ends_on = ends_on + 1 WHERE delegator_id = 4",
    "UPDATE appointment SET delegator_id = NULL, rights = NULL WHERE delegator_id = 4",
    "UPDATE appointment SET ends_on = NULL WHERE delegator_id = 4",
])  # fmt: skip
def test_a_delegation_does_not_grow(head, session_for, change):
    session, _who = as_delegate(session_for, lend(head))
    with pytest.raises(DBAPIError):
        session.execute(text(change))


def test_it_gives_no_more_than_its_giver_holds_now(head, owner, session_for):
    post = lend(head, permissions={"person.update", "hour_record.review"})
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(
            text(
                "DELETE FROM ab_permission_view_role WHERE role_id ="
                " (SELECT role_id FROM appointment WHERE id = 4)"
                " AND permission_view_id IN (SELECT pv.id FROM ab_permission_view pv"
                " JOIN ab_view_menu v ON v.id = pv.view_menu_id WHERE v.name = 'person')"
            )
        )
    _session, who = as_delegate(session_for, post)
    assert "hour_record.review" in who.actor.permissions
    assert "person.update" not in who.actor.permissions


GONE = (
    "ALTER TABLE appointment DISABLE TRIGGER one_super;"
    " UPDATE appointment SET ends_on = current_date WHERE id = 4"
)


@pytest.mark.parametrize("how", [
    "UPDATE ab_user SET state = 'disabled' WHERE id = 4",
    GONE,
    "UPDATE appointment SET ends_on = current_date WHERE id = 21",
])  # fmt: skip
def test_it_ends_with_either_ones_own_post(head, owner, session_for, how):
    post = lend(head)
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(text(how))
    assert as_delegate(session_for, post)[1] is None


def test_it_is_ended_early_by_its_giver_and_no_stranger(head, owner, session_for, cast):
    post = lend(head)
    stranger = session_for(cast.administrator(5))
    session, who = as_delegate(session_for, post)
    for other in (stranger, session):
        with pytest.raises(Forbidden):
            delegations.end(other, post)
    delegations.end(head, head.get_one(Appointment, post.id))
    assert signed.resolve(session, "x") is None
    assert as_delegate(session_for, post)[1] is None
    assert who is not None
    with pytest.raises(NotEligible):
        delegations.end(head, head.get_one(Appointment, post.id))
    kinds = really(owner, "SELECT kind FROM message WHERE account_id = 21 ORDER BY id")
    assert kinds == [("delegated",), ("delegation_ended",)]


@pytest.mark.usefixtures("today")
def test_both_names_stand_in_the_decision_and_in_the_audit(head, owner, session_for, cast):
    zhang = session_for(cast.professional(1))
    review = review_of(zhang, declared(zhang))
    session, _who = as_delegate(session_for, lend(head))
    approve(session, review.id)
    assert really(owner, "SELECT name, on_behalf FROM decision") == [("刘芳", "王强")]
    noted = "SELECT name, on_behalf FROM audit_event WHERE action = 'approve'"
    assert really(owner, noted) == [("刘芳", "王强")]
    assert history(zhang, review)[0].name == "刘芳 on behalf of 王强"


@pytest.mark.usefixtures("today")
def test_on_behalf_nobody_decides_what_is_the_givers_own(head, session_for, cast):
    himself = session_for(cast.professional(3))
    review = review_of(himself, declared(himself))
    session, _who = as_delegate(session_for, lend(head))
    with pytest.raises(NotEligible):
        approve(session, review.id)


def test_whoever_is_removed_loses_the_delegation_too(head, session_for):
    post = lend(head)
    remove(head, 21)
    assert as_delegate(session_for, post)[1] is None
