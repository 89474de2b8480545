"""What several services' tests stand on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from app.database import transaction
from app.models.hour_entry import HourEntry
from app.security.actor import NOBODY
from app.services import shelf, totals
from tests.services import reviewing


@pytest.fixture
def shelf_here(tmp_path: Path) -> Path:
    """Files are kept in this folder."""
    shelf.use(tmp_path.as_uri())
    return tmp_path


@pytest.fixture
def today(shelf_here: Path) -> Iterator[None]:
    """It is 22 November 2026, and files have a place."""
    with reviewing.now():
        yield


@pytest.fixture
def session(session_for):
    """The session of somebody who has not logged in."""
    return session_for(NOBODY)


@pytest.fixture
def sql(owner):
    """What is really in the database: `sql(statement, key=value)`, as rows."""

    def run(statement, **words):
        with owner.begin() as connection:
            result = connection.execute(text(statement), words)
            return [tuple(row) for row in result] if result.returns_rows else []

    return run


@pytest.fixture
def zhang(session_for, cast):
    """张丽, a professional of the hospital."""
    return session_for(cast.professional(1))


@pytest.fixture
def wang(session_for, cast):
    """王强, who administers the hospital and is one of its professionals."""
    return session_for(cast.administrator(4))


@pytest.fixture
def liu(session_for, cast):
    """刘芳, the hospital's second administrator."""
    return session_for(cast.administrator(4, 21))


@pytest.fixture
def department(session_for, cast):
    """The health authority above the hospital."""
    return session_for(cast.administrator(3))


@pytest.fixture
def office(session_for, cast):
    """The city's HR office above the authority."""
    return session_for(cast.administrator(2))


@pytest.fixture
def counted(session_for, cast, owner):
    """Let hours count for 张丽, as an approval would."""

    def count(person: int = 1, year: int = 2026, **subjects: float) -> None:
        office = session_for(cast.administrator(1))
        with transaction(office):
            rows = [
                {
                    "person_id": person, "year": year, "subject": subject, "form": "conference",
                    "hours": abs(hours), "sign": 1 if hours > 0 else -1, "source": "test",
                }
                for subject, hours in subjects.items()
            ]  # fmt: skip
            totals.enter(office, insert(HourEntry.__table__).values(rows))

    return count
