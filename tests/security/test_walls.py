"""Both walls, each with the other one taken down."""

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import ProgrammingError

from app.models.audit_event import AuditEvent
from app.models.organization import Organization
from app.models.person import Person
from app.security.actor import ActorMissing
from app.security.scope import Forbidden
from tests.cast import PEOPLE


def names(session) -> set[str]:
    return set(session.scalars(select(Person.name)))


def test_a_unit_sees_its_people_and_its_branch(session_for, cast):
    assert names(session_for(cast.administrator(4))) == {"张丽", "李娜", "王强", "孙悦"}


def test_a_city_sees_its_city_and_the_province_everybody(session_for, cast):
    assert names(session_for(cast.administrator(2))) == {"张丽", "李娜", "王强", "孙悦", "周敏"}
    assert names(session_for(cast.administrator(1))) == {line[1] for line in PEOPLE.values()}


def test_a_professional_sees_himself(session_for, cast):
    assert names(session_for(cast.professional(1))) == {"张丽"}


def test_raw_sql_meets_the_second_wall(session_for, cast):
    session = session_for(cast.administrator(4))
    assert set(session.scalars(text("SELECT name FROM person"))) == {"张丽", "李娜", "王强", "孙悦"}
    assert session.execute(text("UPDATE person SET name = 'x' WHERE id = 4")).rowcount == 0


def test_without_the_second_wall_the_first_one_holds(session_for, cast, owner):
    with owner.begin() as connection:
        for table in ("person", "organization"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
    assert names(session_for(cast.administrator(4))) == {"张丽", "李娜", "王强", "孙悦"}


def test_nobody_acts_nobody_sees(engine, province):
    from app.database import sessions  # noqa: PLC0415 -- a session that nobody prepared

    with sessions(engine)() as session, pytest.raises(ActorMissing):
        session.scalars(select(Person)).all()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM person")) == 0


def test_a_row_cannot_be_pushed_out_of_reach(session_for, cast):
    session = session_for(cast.administrator(4))
    person = session.get(Person, 2)
    person.organization_id = 8
    with pytest.raises((Forbidden, ProgrammingError)):
        session.commit()


def test_what_no_declaration_lets_go_is_deleted_by_nobody(session_for, cast):
    session = session_for(cast.administrator(4))
    session.delete(session.get_one(Person, 2))
    with pytest.raises(Forbidden):
        session.flush()
    session.rollback()
    for statement in (delete(Person).where(Person.id == 2), text("DELETE FROM person WHERE id = 2")):
        with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
            session.execute(statement)


def test_ancestors_cannot_be_forged(session_for, cast, owner):
    session = session_for(cast.administrator(4))
    session.execute(text("UPDATE person SET ancestor_2 = 6 WHERE id = 2"))
    session.commit()
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT ancestor_2 FROM person WHERE id = 2")) == 2


def test_a_name_is_found_by_any_part_of_it_and_only_in_scope(session_for, cast):
    session = session_for(cast.administrator(2))
    found = session.scalars(text("SELECT search_person_name('敏', NULL, 10)")).all()
    assert set(session.scalars(select(Person.name).where(Person.id.in_(found)))) == {"周敏"}
    assert found == [5]


def test_an_answer_is_found_by_the_function_of_the_wall_and_only_in_scope(session_for, cast, owner):
    with owner.begin() as connection:
        connection.execute(text('UPDATE person SET extra = \'{"colour": "red"}\' WHERE id IN (1, 4, 5)'))
    answer = text('SELECT search_person_extra(\'{"colour": "red"}\', CAST(:before AS bigint), 10)')
    seen = {
        unit: session_for(cast.administrator(unit)).scalars(answer, {"before": None}).all()
        for unit in (1, 2, 4)
    }
    assert seen == {1: [5, 4, 1], 2: [5, 1], 4: [1]}
    assert session_for(cast.administrator(1)).scalars(answer, {"before": 5}).all() == [4, 1]


@pytest.mark.parametrize("words", ["张 三", "Ａ-b c", " 敏", "", "王", "司马相如"])
def test_grams_are_every_character_and_every_two_that_stand_together(owner, words):
    low = words.lower() if words.isascii() else words.replace("Ａ", "ａ")
    expected = {
        low[place : place + size]
        for size in (1, 2)
        for place in range(len(low) - size + 1)
        if not any(each.isspace() for each in low[place : place + size])
    }
    with owner.connect() as connection:
        assert set(connection.scalar(text("SELECT grams(:words)"), {"words": words})) == expected


def test_the_audit_takes_no_correction(session_for, cast, owner):
    with owner.begin() as connection:
        connection.execute(text("INSERT INTO audit_event (action, noun) VALUES ('x', 'person')"))
    session = session_for(cast.administrator(1))
    with pytest.raises(ProgrammingError):
        session.execute(text("DELETE FROM audit_event"))


def test_sql_without_an_actor_is_recorded_as_such(engine, session_for, cast, owner):
    with engine.begin() as connection:
        connection.execute(text("UPDATE organization SET name = name WHERE id = 4"))
    with owner.connect() as connection:
        found = connection.execute(
            select(AuditEvent.noun, AuditEvent.action).where(AuditEvent.action == "unattributed")
        )
        assert ("organization", "unattributed") in {tuple(row) for row in found}


def test_an_organization_knows_its_ancestors(session_for, cast):
    east = session_for(cast.administrator(4)).get(Organization, 9)
    assert (east.depth, east.ancestor_1, east.ancestor_4, east.ancestor_5) == (5, 1, 4, 9)
