"""Programs with access, as offices let them in."""

from datetime import date

import pytest
from sqlalchemy import text

from app.models.api_client import ApiClient
from app.services import api_clients, records
from tests.api.program import Program
from tests.services import reviewing


@pytest.fixture
def today():
    """It is 22 November 2026."""
    with reviewing.now():
        yield


@pytest.fixture
def sql(owner):
    """What is really in the database, as rows."""

    def run(statement, **words):
        with owner.begin() as connection:
            connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
            result = connection.execute(text(statement), words)
            return [tuple(row) for row in result] if result.returns_rows else []

    return run


@pytest.fixture
def let_in(session_for, cast, web):
    """`let_in(office, **fields)`: a program that this office has given access, with its secret."""

    def make(organization: int = 1, **fields):
        session = session_for(cast.administrator(organization))
        usual = {
            "name": "湖北省职称评审管理信息系统",
            "addresses": "127.0.0.1/32",
            "valid_until": date(2027, 12, 31),
        }
        client = records.create(session, ApiClient(**(usual | fields)))
        return Program(web, client.key, api_clients.rotate(session, client.id)), client

    return make


@pytest.fixture
def program(let_in):
    """The province's system of title reviews."""
    return let_in()[0]
