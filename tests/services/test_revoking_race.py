"""Revoking while others act: one verdict is undone once, and no certificate loses its hours."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.database import connect, sessions, transaction
from app.models.review import Review
from app.security.scope import set_actor
from app.services import certificates, revoking
from app.services.certificates import NotComplete
from app.services.errors import Faulty, NotEligible, Stale
from tests.services.reviewing import (
    approve,
    conference,
    declared,
    now,
    really,
    reject,
    review_of,
    sums_agree,
    training,
)

pytestmark = pytest.mark.usefixtures("today")
WHY, SITE = "证明材料系伪造", "https://xueshi.example.cn"
BLOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def complete(session_for, cast):
    """A complete year of 张丽: the ids of its reviews."""
    zhang, ids = session_for(cast.professional(1)), []
    for subject, title in (("professional", "甲"), ("public", "乙")):
        review = review_of(zhang, declared(zhang, training(8, subject, title)))
        for organization, account in ((4, 21), (3, 3), (2, 2)):
            approve(session_for(cast.administrator(organization, account)), review.id)
        ids.append(review.id)
    return ids


def waits(owner) -> None:
    """Until somebody waits for a lock."""
    for _try in range(100):
        if really(owner, BLOCKED) != [(0,)]:
            return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def test_of_eight_who_revoke_at_once_one_wins(complete, database, cast, owner):
    engine, start = connect(database.app, pool=8), threading.Barrier(8)

    def client(_number: int) -> str:
        with now(), sessions(engine)() as session:
            set_actor(session, cast.administrator(2))
            version = session.get_one(Review, complete[0]).version
            session.rollback()
            start.wait()
            try:
                revoking.revoke(session, complete[0], version, WHY)
            except (Stale, NotEligible) as told:
                return type(told).__name__
            return "won"

    with ThreadPoolExecutor(8) as pool:
        heard = Counter(pool.map(client, range(8)))
    engine.dispose()
    assert heard == {"won": 1, "Stale": 7}
    assert really(owner, "SELECT count(*) FROM hour_entry WHERE sign = -1") == [(1,)]
    assert sums_agree(owner)


def test_who_revokes_while_a_certificate_is_issued_is_told_of_it(complete, session_for, cast, owner):
    zhang, office = session_for(cast.professional(1)), session_for(cast.administrator(2))
    version = office.get_one(Review, complete[0]).version
    office.rollback()
    with ThreadPoolExecutor(1) as pool:
        with transaction(zhang):
            certificates.issue(zhang, 1, 2026, site=SITE)
            told = pool.submit(revoking.revoke, office, complete[0], version, WHY)
            waits(owner)
        with pytest.raises(NotEligible, match="certificate"):
            told.result()
    assert really(owner, "SELECT count(*) FROM hour_entry WHERE sign = -1") == [(0,)]
    assert really(owner, "SELECT state FROM review ORDER BY id") == [("approved",), ("approved",)]


def test_a_certificate_is_not_issued_over_hours_that_are_being_revoked(complete, session_for, cast, owner):
    zhang, office = session_for(cast.professional(1)), session_for(cast.administrator(2))
    version = office.get_one(Review, complete[0]).version
    office.rollback()
    with ThreadPoolExecutor(1) as pool:
        with transaction(office):
            revoking.revoke(office, complete[0], version, WHY)
            told = pool.submit(certificates.issue, zhang, 1, 2026, site=SITE)
            waits(owner)
        with pytest.raises(NotComplete):
            told.result()
    assert really(owner, "SELECT count(*) FROM certificate") == [(0,)]


def test_a_revoked_rejection_and_a_declaration_do_not_use_the_same_room(database, cast, session_for, owner):
    """24 hours of conferences a year: 12 count, 12 were rejected, and 12 more are declared meanwhile."""
    zhang, liu = session_for(cast.professional(1)), session_for(cast.administrator(4, 21))
    declared(zhang, conference("甲"))
    review = review_of(zhang, declared(zhang, conference("乙"))).id
    reject(liu, review)
    engine = connect(database.app)

    def declares() -> str:
        with now(), sessions(engine)() as session:
            set_actor(session, cast.professional(1))
            try:
                return str(declared(session, conference("丙")).hours)
            except Faulty:
                return "used up"

    with sessions(engine)() as session:
        set_actor(session, cast.administrator(4, 21))
        version = session.get_one(Review, review).version
        session.rollback()
        with ThreadPoolExecutor(1) as pool, now():
            with transaction(session):
                revoking.revoke(session, review, version, WHY)
                heard = pool.submit(declares)
                waits(owner)
            assert heard.result() == "used up"
    engine.dispose()
    assert really(owner, "SELECT sum(hours) FROM hour_record WHERE state <> 'returned'") == [(24,)]
