"""Home, menu and list say the same number after every act, at every organisation."""

import pytest

from app.models.review import Review
from app.services import appeals, hiding, hours, queues, reviews, revoking
from app.services.queues import Place
from app.services.selection import Filter
from app.services.todo import todo
from tests.services.reviewing import conference, declared, one, review_of

pytestmark = pytest.mark.usefixtures("today")
PLACES = ((4, 21), (3, 3), (2, 2), (1, 1))
WHY = "材料不全"


@pytest.fixture
def reviewers(session_for, cast):
    return {place: session_for(cast.administrator(place, account)) for place, account in PLACES}


def numbers(reviewers) -> dict[int, tuple[int, int, int]]:
    """At each place: what home and the menu count, what the list counts, and the lines that it has."""
    found = {}
    for place, session in reviewers.items():
        at_home = sum(line.count for line in todo(session) if line.kind == "hours")
        page = queues.waiting_page(session, Filter("hours"), Place())
        found[place] = (at_home, page.count, len(page.lines))
        session.rollback()
    return found


def waits(**at: int) -> dict[int, tuple[int, int, int]]:
    counts = {4: at.get("hospital", 0), 3: at.get("department", 0), 2: at.get("city", 0), 1: 0}
    return {place: (count,) * 3 for place, count in counts.items()}


def test_the_numbers_agree_after_every_act(session_for, cast, reviewers):
    zhang = session_for(cast.professional(1))
    hospital, department, city = (reviewers[place] for place in (4, 3, 2))

    def seen(session) -> Review:
        return session.get_one(Review, 1, populate_existing=True)

    def decide(session, verdict: str) -> reviews.Outcome:
        why = {"reason": WHY} if verdict == "reject" else {}
        return reviews.decide(session, one(seen(session)), verdict, **why)

    record = declared(zhang)
    assert numbers(reviewers) == waits(hospital=1)
    batch = decide(hospital, "approve").batch
    assert numbers(reviewers) == waits(department=1)
    revoking.take_back(hospital, batch)
    assert numbers(reviewers) == waits(hospital=1)
    decide(hospital, "approve")
    decide(department, "approve")
    assert numbers(reviewers) == waits(city=1)
    decide(city, "approve")
    assert numbers(reviewers) == waits()
    revoking.revoke(reviewers[1], 1, seen(reviewers[1]).version, WHY)
    assert numbers(reviewers) == waits(city=1)
    decide(city, "reject")
    hiding.hide(city, "hours", [5], WHY)
    assert numbers(reviewers) == waits()
    hours.correct(zhang, record.id, review_of(zhang, record).version, conference("更正"))
    assert numbers(reviewers) == waits(hospital=1)
    decide(hospital, "reject")
    appeals.appeal(zhang, 1, seen(zhang).version, WHY)
    assert numbers(reviewers) == waits(department=1)
    reviews.withdraw(zhang, 1, seen(zhang).version)
    assert numbers(reviewers) == waits()
