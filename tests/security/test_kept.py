"""Statements that are kept hold the filter of one actor, and nobody's values."""

import pytest
from sqlalchemy import BigInteger, bindparam, select, text
from sqlalchemy.exc import InvalidRequestError, StatementError

from app.models.person import Person
from app.security.kept import kept
from app.security.scope import set_actor


def people():
    return select(Person.name).where(Person.id <= bindparam("most", type_=BigInteger, required=True))


@pytest.fixture
def unwalled(owner):
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE person DISABLE ROW LEVEL SECURITY"))


@pytest.mark.usefixtures("unwalled")
def test_a_kept_statement_is_filtered_for_each_who_asks_it(session_for, cast):
    def asked(session, most: int) -> set[str]:
        return set(session.scalars(kept(session, "people", people), {"most": most}))

    hospital, bureau = session_for(cast.administrator(4)), session_for(cast.administrator(5))
    for _ in range(2):
        assert asked(hospital, 100) == {"张丽", "李娜", "王强", "孙悦"}
        assert asked(hospital, 1) == {"张丽"}
        assert asked(bureau, 100) == {"周敏"}
    set_actor(hospital, cast.administrator(5))
    assert asked(hospital, 100) == {"周敏"}


@pytest.mark.usefixtures("unwalled")
def test_another_actor_cannot_ask_what_was_kept_for_somebody(session_for, cast):
    hospital, bureau = session_for(cast.administrator(4)), session_for(cast.administrator(5))
    statement = kept(hospital, "people", people)
    assert set(bureau.scalars(statement, {"most": 100})) == set()


def test_a_value_that_was_left_open_must_be_given(session_for, cast):
    session = session_for(cast.administrator(4))
    with pytest.raises((InvalidRequestError, StatementError)):
        session.scalars(kept(session, "people", people))
