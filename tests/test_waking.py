"""Connections that die while they rest, as the pages after them see it: not at all."""

import pytest
from sqlalchemy import create_engine, text

from app import waking

PID = text("SELECT pg_backend_pid()")


@pytest.fixture
def asked(engine):
    def ask() -> int:
        with engine.connect() as connection:
            return connection.scalar(PID)

    return ask


def test_a_living_connection_is_used_again(asked):
    assert len({asked() for _ in range(3)}) == 1


def test_a_connection_that_the_server_has_ended_is_replaced_before_anything_is_asked(asked, database):
    before = asked()
    superuser = create_engine(database.superuser)
    with superuser.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": before})
    superuser.dispose()
    assert asked() != before


def test_after_a_long_rest_a_connection_is_asked_whether_it_answers(asked, engine, monkeypatch):
    monkeypatch.setattr(waking, "RESTED", -1.0)
    assert len({asked() for _ in range(3)}) == 1
    with engine.connect() as connection:
        connection.connection.dbapi_connection.pgconn.finish()
    assert asked() > 0
