"""No page begins on a dead connection, and none spends a way to the server on asking whether it is one."""

from select import POLLIN, poll
from time import monotonic
from typing import Any

from psycopg import OperationalError
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

RESTED = 30.0
"""Seconds after which a connection is asked all the same: a network may have dropped it in silence."""


def watch(engine: Engine) -> None:
    """Let the pool of an engine hand out what is alive."""
    event.listen(engine, "checkin", _rest)
    event.listen(engine, "checkout", _wake)


def _rest(_connection: Any, record: Any) -> None:
    record.info["rested"] = monotonic()


def _wake(connection: Any, record: Any, _proxy: Any) -> None:
    """Raise DisconnectionError for a dead connection: the pool makes another one.

    A server that has gone, or has ended the session, has said so: there is something to read although nothing
    was asked.
    """
    rested = record.info.get("rested")
    if rested is None:
        return  # a new one
    try:
        line = poll()
        line.register(connection.fileno(), POLLIN)
        if line.poll(0):
            raise DisconnectionError("the server has hung up")
        if monotonic() - rested > RESTED:
            connection.execute("")
            connection.rollback()
    except OperationalError as error:
        raise DisconnectionError("no answer") from error
