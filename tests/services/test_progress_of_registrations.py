"""How a registration stands, by number and password; taking it back; and who is faster."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.database import connect, sessions
from app.security.actor import NOBODY
from app.security.scope import set_actor
from app.services import proof, receipts, reviews
from app.services.errors import Decided, NotEligible, NotFound, Stale
from app.services.receipts import by_password, by_receipt
from app.services.registrations import register_person, register_unit
from app.services.selection import Ids
from tests.cast import ADMIN_NUMBERS, ID_NUMBERS, PASSWORD
from tests.services.test_registrations import CHEN, HERE, OWN, PERSON, UNIT

pytestmark = pytest.mark.usefixtures("today")


def test_number_and_password_show_what_the_receipt_shows(session):
    receipt = register_person(session, PERSON, address=HERE)
    assert by_password(session, CHEN, OWN, HERE) == by_receipt(session, receipt)


@pytest.mark.parametrize(
    ("number", "password"),
    [
        (CHEN, "Wrong-2026"),
        ("421000199001019999", OWN),
        (ADMIN_NUMBERS[5], "Wrong-2026"),
        (ID_NUMBERS[1], PASSWORD),
    ],
)
def test_whatever_does_not_fit_has_the_same_answer(session, number, password):
    register_person(session, PERSON, address=HERE)
    with pytest.raises(NotFound) as told:
        by_password(session, number, password, HERE)
    assert told.value.message is NotFound.sentence


def test_tries_are_counted_with_those_of_the_login(session):
    for _time in range(proof.TRIES_OF_ACCOUNT):
        with pytest.raises(NotFound):
            by_password(session, CHEN, "Wrong-2026", HERE)
    with pytest.raises(NotEligible):
        by_password(session, CHEN, OWN, HERE)


@pytest.mark.parametrize("province", ["hainan"], indirect=True)
def test_a_unit_sees_where_it_waits_and_takes_it_back(session, sql):
    made = register_unit(session, "employer", UNIT, address=HERE)
    claim = by_password(session, CHEN, OWN, HERE)
    shown = receipts.progress(session, claim)
    assert (claim.id, shown.state, shown.organization) == (made.organization_id, "pending", UNIT["name"])
    assert shown.asked.organization == "荆州市卫生健康委员会"

    receipts.withdraw(session, claim)
    assert sql("SELECT state FROM organization WHERE id = :id", id=made.organization_id) == [("withdrawn",)]
    assert sql("SELECT state FROM review") == [("withdrawn",)]
    assert sql("SELECT action FROM audit_event WHERE action = 'withdraw'") == [("withdraw",)]
    with pytest.raises(NotFound):
        by_password(session, CHEN, OWN, HERE)


def test_of_a_withdrawal_and_a_decision_exactly_one_wins(session, database, cast, sql):
    receipts_of = [
        register_person(session, PERSON | {"id_number": number}, address=HERE)
        for number in (CHEN, ID_NUMBERS[1], ID_NUMBERS[2], ID_NUMBERS[4])
    ]
    open_ones = sql("SELECT id, version FROM review ORDER BY id")
    engine, start = connect(database.app, pool=2), threading.Barrier(2)

    def applicant():
        with sessions(engine)() as mine:
            set_actor(mine, NOBODY)
            start.wait()
            for receipt in receipts_of:
                try:
                    receipts.withdraw(mine, by_receipt(mine, receipt))
                except (Decided, Stale):
                    mine.rollback()

    def reviewer():
        with sessions(engine)() as theirs:
            set_actor(theirs, cast.administrator(4, 21))
            start.wait()
            for key, version in open_ones:
                try:
                    reviews.decide(theirs, Ids(((key, version),)), "approve")
                except (Decided, Stale, NotEligible):
                    theirs.rollback()

    with ThreadPoolExecutor(2) as pool:
        for each in (pool.submit(applicant), pool.submit(reviewer)):
            each.result()
    engine.dispose()
    stands = sql(
        "SELECT v.state, g.state, (SELECT count(*) FROM decision d WHERE d.review_id = v.id)"
        " FROM review v JOIN registration g ON g.id = v.subject_id"
    )
    assert set(stands) <= {("approved", "approved", 1), ("withdrawn", "withdrawn", 0)}
    assert len(stands) == len(receipts_of)
