"""What PostgreSQL plans once for a connection, and that closing a session keeps nothing by chance."""

import pytest
from sqlalchemy import text

from app.database import OFTEN, connect, leave, sessions, transaction
from app.models.person import Person
from app.security.scope import set_actor
from app.services import lists
from app.services.lists import Asked

PREPARED = text("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time")


@pytest.fixture
def line(database, province):
    """A pool of one connection."""
    engine = connect(database.app, pool=1)
    yield sessions(engine)
    engine.dispose()


def often(line, actor, **words) -> list[str]:
    """What is prepared after a list was asked for that often, each time in a session of its own."""
    for _time in range(OFTEN + 1):
        session = line()
        set_actor(session, actor)
        lists.page(session, Person, Asked(**words), ("name",))
        leave(session)
    with line() as session:
        return [statement for statement in session.scalars(PREPARED) if "person.name" in statement]


def test_a_list_that_is_asked_for_often_is_planned_once(line, cast):
    assert len(often(line, cast.administrator(4))) == 1


def test_a_search_is_planned_for_the_word_that_is_sought(line, cast):
    assert often(line, cast.administrator(4), words={"name": "张"}) == []


def test_a_page_that_only_looked_keeps_nothing_that_was_changed_on_the_way(line, cast):
    session = line()
    set_actor(session, cast.administrator(4))
    person = session.query(Person).order_by(Person.id).first()
    before, person.name = person.name, "改名"
    leave(session)

    with line() as session:
        set_actor(session, cast.administrator(4))
        assert session.get_one(Person, person.id).name == before


def fail(session) -> None:
    with transaction(session):
        session.execute(text("UPDATE person SET name = '改名' WHERE organization_id = 4"))
        raise ZeroDivisionError


def test_a_session_that_fails_on_the_way_leaves_the_next_one_a_clean_connection(line, cast):
    session = line()
    set_actor(session, cast.administrator(4))
    with pytest.raises(ZeroDivisionError):
        fail(session)
    leave(session)

    with line() as session:
        set_actor(session, cast.administrator(4))
        assert session.query(Person).filter(Person.name == "改名").count() == 0
