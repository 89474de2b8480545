"""Many reviewers press at once: each thing is decided exactly once, and the sums are right."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from app.database import connect, sessions
from app.models.review import Review
from app.security.scope import set_actor
from app.services import reviews
from app.services.errors import Decided, NotEligible, Stale
from app.services.selection import Ids
from tests.services.reviewing import at_the_last_step, conference, declared, now, one, really, sums_agree

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def city(cast):
    return cast.administrator(2)


def race(url: str, actor, clients: int, choices: list[Ids], *, shuffled: bool = True) -> Counter:
    """Each client tries every choice once; how often each answer was heard."""
    engine = connect(url, pool=clients)
    start = threading.Barrier(clients)

    def client(number: int) -> Counter:
        mine = list(choices)
        if shuffled:
            random.Random(number).shuffle(mine)
        heard: Counter = Counter()
        with sessions(engine)() as session:
            set_actor(session, actor)
            start.wait()
            for choice in mine:
                try:
                    reviews.decide(session, choice, "approve")
                    heard["won"] += 1
                except (Decided, Stale, NotEligible) as told:
                    heard[type(told).__name__] += 1
        return heard

    with ThreadPoolExecutor(clients) as pool:
        heard = sum(pool.map(client, range(clients)), Counter())
    engine.dispose()
    return heard


def every_one(session_for, actor) -> list[Ids]:
    session = session_for(actor)
    found = [one(row) for row in session.execute(select(Review.id, Review.version).order_by(Review.id))]
    session.rollback()
    return found


def decided_once(owner, records: int) -> None:
    assert really(owner, "SELECT count(*), count(DISTINCT review_id) FROM decision") == [(records, records)]
    assert really(owner, "SELECT count(*), count(DISTINCT record_id), sum(hours) FROM hour_entry") == [
        (records, records, 12 * records)
    ]
    assert really(owner, "SELECT total FROM person_year") == [(12 * records,)]
    assert really(owner, "SELECT DISTINCT state FROM hour_record") == [("approved",)]
    assert sums_agree(owner)


def test_of_two_who_press_at_once_one_wins_and_the_other_is_told(session_for, cast, owner, database, city):
    record = declared(session_for(cast.professional(1)))
    at_the_last_step(owner, record, 0)

    heard = race(database.app, city, 2, every_one(session_for, city))
    assert heard == {"won": 1, "Decided": 1}
    decided_once(owner, 1)


def test_eight_clients_decide_a_dozen_things_once_each(session_for, cast, owner, database, city):
    at_the_last_step(owner, declared(session_for(cast.professional(1))), 11)

    heard = race(database.app, city, 8, every_one(session_for, city))
    assert heard == {"won": 12, "Decided": 84}
    decided_once(owner, 12)


def test_batches_that_overlap_in_another_order_never_stand_still(session_for, cast, owner, database, city):
    at_the_last_step(owner, declared(session_for(cast.professional(1))), 29)
    singles = [choice.versions[0] for choice in every_one(session_for, city)]
    batches = [
        Ids(tuple(singles[:20])), Ids(tuple(reversed(singles[10:]))), Ids(tuple(singles[::2])),
        Ids(tuple(reversed(singles[1::2]))),
    ]  # fmt: skip

    heard = race(database.app, city, 4, batches)
    assert set(heard) <= {"won", "Stale"}
    ((decided, different),) = really(owner, "SELECT count(*), count(DISTINCT review_id) FROM decision")
    assert decided == different >= 15
    assert really(owner, "SELECT count(*) FROM hour_entry") == [(decided,)]
    assert sums_agree(owner)


@pytest.mark.long
def test_sixteen_clients_decide_three_hundred_things_once_each(session_for, cast, owner, database, city):
    at_the_last_step(owner, declared(session_for(cast.professional(1)), conference("竞争")), 299)

    with now():
        heard = race(database.app, city, 16, every_one(session_for, city))
    assert (heard["won"], heard["Decided"]) == (300, 4500)
    decided_once(owner, 300)
