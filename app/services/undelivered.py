"""Messages that did not leave the outbox, for whoever runs the platform; and another try for some of them.

What may have arrived (`doubtful`) is never tried again (docs/decisions/0006); what failed certainly did not.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.security import audit

MOST = 200
"""So many are listed, the latest first."""

STATES = ("failed", "doubtful", "unaddressed")

LIST = text(
    "SELECT id, kind, state, error, channel, attempts, account_id, person_id, created_at FROM message"
    " WHERE state = ANY (:states) ORDER BY id DESC LIMIT :most"
)
COUNT = text("SELECT state, count(*) FROM message WHERE state = ANY (:states) GROUP BY state")
AGAIN = text(
    "UPDATE message SET state = 'waiting', attempts = 0, due_at = NULL, claimed_at = NULL, error = NULL"
    " WHERE state = 'failed' AND (CAST(:ids AS bigint[]) IS NULL OR id = ANY (CAST(:ids AS bigint[])))"
    " RETURNING id"
)


def counted(session: Session) -> dict[str, int]:
    """How many did not leave, by state: as the owner of the tables."""
    found = {state: int(many) for state, many in session.execute(COUNT, {"states": list(STATES)})}
    return {state: found.get(state, 0) for state in STATES}


def listed(session: Session, states: Sequence[str]) -> Sequence[Row[Any]]:
    """The latest of them: which, to whom by number, by which channel, how often tried, and the kind of error.

    No address and no text: both are for the reader alone.
    """
    return session.execute(LIST, {"states": list(states), "most": MOST}).all()


def again(session: Session, ids: Sequence[int] | None = None) -> list[int]:
    """Let failed messages be tried again from the beginning: these, or all (None); returns which those are.

    The worker takes them within a minute. A code that would come too late is not sent.
    """
    with transaction(session):
        tried = sorted(session.scalars(AGAIN, {"ids": None if ids is None else list(ids)}).all())
        at = clock.now().isoformat(timespec="seconds")
        events = [audit.event(session, "retry", "message", each, after={"at": at}) for each in tried]
        if events:
            audit.record_all(session, events)
    return tried
