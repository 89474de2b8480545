"""王强 hands the hospital over to 刘芳; for a day the health commission may take that back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import DBAPIError

from app.models.hand_over import HandOver
from app.security import hand_overs as doors
from app.security import sessions as signed
from app.security.actor import NOBODY
from app.security.scope import Forbidden, set_actor
from app.services import hand_overs
from app.services.administrators import remove
from app.services.errors import Faulty, NotEligible
from app.services.lists import one
from tests.cast import PASSWORD
from tests.services.reviewing import really

HERE = "10.0.0.1"
SUPERS = "SELECT id FROM appointment WHERE organization_id = 4 AND super AND ends_on IS NULL"
DONE = "SELECT max(id) FROM hand_over"


@pytest.fixture
def act(session_for):
    """Somebody signs in, in a session of his own: (session, who)."""

    def act(account):
        session = session_for(NOBODY)
        token = signed.start(session, account, epoch(session, account), account, address=HERE, hours=12)
        who = signed.resolve(session, token)
        set_actor(session, who.actor)
        return session, who

    return act


def epoch(session, account) -> int:
    return really(session.get_bind(), "SELECT epoch FROM ab_user WHERE id = :id", id=account)[0][0]


@pytest.fixture
def handed(act, owner):
    session, who = act(4)
    hand_overs.hand_over(session, who, 21, PASSWORD, address=HERE, hours=12)
    assert really(owner, SUPERS) == [(21,)]
    return really(owner, DONE)[0][0]


def take_back(pair, key, password=PASSWORD) -> None:
    session, who = pair
    row = one(session, HandOver, key)
    if row is None:
        raise Forbidden
    hand_overs.take_back(session, who, row, password, address=HERE)


def test_the_organization_above_is_told_and_takes_it_back(act, handed, owner):
    take_back(act(3), handed)
    assert really(owner, SUPERS) == [(4,)]
    told = really(owner, "SELECT account_id, kind FROM message ORDER BY id")
    assert told == [
        (21, "super_given"), (4, "super_taken"), (3, "super_moved"),
        (4, "super_returned"), (21, "super_revoked"),
    ]  # fmt: skip
    noted = really(
        owner, "SELECT acting_id, noun, organization_id FROM audit_event WHERE action = 'take_back'"
    )
    assert noted == [(3, "hand_over", 4)]


def test_it_can_be_taken_back_once(act, handed):
    take_back(act(3), handed)
    with pytest.raises(NotEligible):
        take_back(act(3), handed)


def test_after_a_day_it_stays(act, handed, owner):
    with owner.begin() as connection:
        connection.exec_driver_sql("UPDATE hand_over SET handed_at = now() - interval '24 hours'")
    with pytest.raises(NotEligible):
        take_back(act(3), handed)
    session, _who = act(3)
    assert not doors.take_back(session, handed)
    assert really(owner, SUPERS) == [(21,)]


@pytest.mark.parametrize(
    ("account", "error"), [(21, NotEligible), (2, NotEligible), (5, Forbidden), (4, Forbidden)]
)
def test_only_the_organization_directly_above_takes_it_back(act, handed, owner, account, error):
    with pytest.raises(error):
        take_back(act(account), handed)
    session, _who = act(account)
    assert not doors.take_back(session, handed)
    assert really(owner, SUPERS) == [(21,)]


def test_the_password_is_asked(act, handed, owner):
    with pytest.raises(Faulty):
        take_back(act(3), handed, "Wrong-2026")
    assert really(owner, SUPERS) == [(21,)]


def test_whoever_was_pushed_out_meanwhile_comes_back(act, handed, owner):
    session, _who = act(21)
    with owner.begin() as connection:  # as if the giver were no professional
        connection.exec_driver_sql("UPDATE ab_user SET person_id = NULL WHERE id = 4")
    remove(session, 4)
    assert really(owner, "SELECT state FROM ab_user WHERE id = 4") == [("closed",)]
    take_back(act(3), handed)
    assert really(owner, SUPERS) == [(4,)]
    assert really(owner, "SELECT state FROM ab_user WHERE id = 4") == [("active",)]


def test_what_was_handed_on_is_taken_back_from_the_last(act, handed, owner):
    session, who = act(21)
    hand_overs.hand_over(session, who, 4, PASSWORD, address=HERE, hours=12)
    with pytest.raises(NotEligible):
        take_back(act(3), handed)
    take_back(act(3), really(owner, DONE)[0][0])
    assert really(owner, SUPERS) == [(21,)]
    take_back(act(3), handed)
    assert really(owner, SUPERS) == [(4,)]


def test_taking_back_and_handing_on_at_once_leaves_exactly_one(act, handed, owner):
    above, head = act(3)[0], act(21)[0]

    def press(turn: int) -> str:
        session = above if turn else head
        try:
            done = doors.take_back(session, handed) if turn else doors.hand_over(session, 4)
            session.commit()
        except DBAPIError:
            session.rollback()
            return "refused"
        return "done" if done else "refused"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(press, range(2)))
    assert outcomes.count("done") >= 1
    assert len(really(owner, SUPERS)) == 1
