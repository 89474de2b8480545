"""Programs are told of revoked certificates: at least once, each delivery with a name of its own.

An attempt first claims its delivery and commits; then it sends; then it says how that went. Whoever dies in
between leaves one that is sent again: the program knows it by its name.
"""

import json
import logging
from datetime import timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.encrypted import context, ring
from app.security import webhook_doors
from app.security.actor import Actor
from app.security.scope import set_actor
from app.services.gateways.hook import Hooks, NotDelivered
from app.services.signing import Signable

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))
"""How long a delivery rests after each attempt that failed; then it is given up."""

SILENCE = timedelta(minutes=10)
"""An attempt that was begun so long ago has died."""

EVENT = "certificate.revoked"

log = logging.getLogger(__name__)


def send(session: Session, hooks: Hooks) -> int:
    """Send what is due and return how many deliveries were tried."""
    set_actor(session, Actor(name="webhooks", kind="job"))
    total = 0
    while True:
        with transaction(session):
            row = webhook_doors.claim(session, clock.now(), clock.now() - SILENCE)
        if row is None:
            return total
        _attempt(session, hooks, row)
        total += 1


def _attempt(session: Session, hooks: Hooks, row: Row[Any]) -> None:
    """Send one delivery and write down how that went."""
    outcome, error, again = "sent", "", None
    try:
        _post(hooks, row)
    except NotDelivered as failure:
        error = failure.kind
        given_up = row.attempt > len(PAUSES)
        outcome = "failed" if given_up else "waiting"
        again = None if given_up else clock.now() + PAUSES[row.attempt - 1]
        log.warning("delivery %d: %s, %s", row.id, outcome, error)
    with transaction(session):
        webhook_doors.settle(session, row.id, outcome, clock.now(), error=error, again=again)


def _post(hooks: Hooks, row: Row[Any]) -> None:
    if row.url is None or row.secret is None:
        raise NotDelivered("NoAddress" if row.url is None else "NoSecret")
    told = {
        "delivery": str(row.uid),
        "event": EVENT,
        "certificate": {
            "number": row.number,
            "code": row.code,
            "since": row.since,
            "year": row.year,
            "state": row.state,
        },
        "changed_at": row.changed_at.isoformat(),
    }
    body = json.dumps(told).encode()
    path = "/" + row.url.partition("://")[2].partition("/")[2]
    signed = Signable("POST", path, body, str(int(clock.now().timestamp())), str(row.uid), row.key)
    secret = ring().open(bytes(row.secret), context("api_client", "secret", row.client_uid))
    hooks.post(row.url, body, {"Content-Type": "application/json", "Authorization": signed.header(secret)})
