"""A process that approves until nothing is left, and is made to be killed.

`python -m tests.services.approver <database> <seed> <clients>` says `ready`; then each client says
`try 3 1 17 18` before it approves the reviews 17 and 18 at step 1 as organisation 3, and `done` with the same
words once `decide` has returned: what a reviewer has been told.
"""

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

import app.models  # noqa: F401 -- services write to all of them
from app.database import connect, sessions
from app.declare.profile_file import load
from app.declare.province import serve
from app.models.review import Review
from app.security import scope
from app.security.scope import set_actor
from app.services import reviews
from app.services.errors import Refused
from app.services.selection import Ids
from config import PROVINCES
from tests.cast import Cast

SIZES = (1, 1, 1, 2, 7, 20)
STEPS = {3: 1, 2: 2}
"""Who decides which step: the health authority, then the city."""


def approve_all(maker: sessionmaker[Session], chance: random.Random) -> None:
    """Approve one by one and in batches, as the authority and as the city, in an order of chance."""
    actors = {place: Cast().administrator(place) for place in STEPS}
    left = set(STEPS)
    while left:
        place = chance.choice(sorted(left))
        with maker() as session:
            set_actor(session, actors[place])
            waiting = select(Review.id, Review.version).where(
                Review.waiting_id == place, Review.state == "open"
            )
            found = [(row.id, row.version) for row in session.execute(waiting.order_by(Review.id))]
            session.rollback()
            if not found:
                left.discard(place)
                continue
            left = set(STEPS)
            chosen = chance.sample(found, min(chance.choice(SIZES), len(found)))
            words = " ".join(map(str, (place, STEPS[place], *(number for number, _version in chosen))))
            say(f"try {words}")
            try:
                reviews.decide(session, Ids(tuple(chosen)), "approve")
            except Refused:  # another client was faster
                continue
            say(f"done {words}")


def say(line: str) -> None:
    """One line in one piece, whoever else speaks."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(url: str, seed: int, clients: int) -> None:
    """Let so many clients approve, each with a connection of its own."""
    scope.install()
    serve(load(PROVINCES / "hubei.toml"))
    say("ready")
    maker = sessions(connect(url, pool=clients))
    with ThreadPoolExecutor(clients) as pool:
        chances = [random.Random(seed + 1000 * number) for number in range(clients)]
        list(pool.map(partial(approve_all, maker), chances))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
