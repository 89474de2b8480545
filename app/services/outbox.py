"""Messages leave the outbox: each once, through a gateway."""

import logging
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.security import worker_doors

AT_A_TIME = 100

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way. `id` tells a gateway that asks twice that it is the same one."""

    id: int
    kind: str
    account_id: int | None
    person_id: int | None


class Gateway(Protocol):
    """What carries messages to people."""

    def send(self, message: Outgoing) -> None:
        """Send it, or raise: then it stays in the outbox."""


class Console:
    """The gateway of a trial: says in the log that there is a message, and nothing of what it says."""

    def send(self, message: Outgoing) -> None:
        """One line with ids."""
        log.info(
            "message %d (%s) for account %s, person %s",
            message.id,
            message.kind,
            message.account_id,
            message.person_id,
        )


def send(session: Session, gateway: Gateway) -> int:
    """Send what waits and return how many messages that were.

    They are marked in the transaction that sends them and locked meanwhile: two workers never send the same.
    One that was handed over when its worker died is handed over again, under the same id.
    """
    total = 0
    while True:
        with transaction(session):
            waiting = worker_doors.send(session, AT_A_TIME, clock.now())
            for row in waiting:
                gateway.send(Outgoing(row.id, row.kind, row.account_id, row.person_id))
        total += len(waiting)
        if len(waiting) < AT_A_TIME:
            return total
