"""Known records: seen before they change, left alone if one likes, asked for where others decide."""

import pytest
from sqlalchemy import text

from app.models.change_request import ChangeRequest
from app.models.person import Person
from app.services.errors import NotEligible
from app.services.imports import alter, apply, batches
from tests.cast import ID_NUMBERS
from tests.services.imports.books import again, book, checked, counts, imported, people, person, verdicts

LI_NA = {"name": "李娜", "id_number": ID_NUMBERS[2], "phone": "13911112222", "title": "主管护师"}


@pytest.fixture
def session(session_for, cast):
    """王强, who administers the hospital (4) and is one of its professionals (3)."""
    return session_for(cast.administrator(4))


def test_what_would_change_is_told_field_by_field(session):
    batch = checked(session, book(LI_NA, person(1)))
    (found,) = alter.altered(session, batch, Person, -1, 25)
    assert (found.row.number, found.record.name) == (2, "李娜")
    assert dict(found.values) == {
        "phone": "13911112222",
        "title": "主管护师",
        "birth_date": found.values["birth_date"],
        "gender": found.values["gender"],
    }
    assert list(alter.altered(session, batch, Person, 2, 25)) == []


def test_who_only_adds_leaves_the_known_ones_as_they_are(session, owner):
    batch = checked(session, book(LI_NA, person(1)))
    batches.begin(session, batch, "good", adds_only=True)
    apply.apply(session, batch.id)
    batch = again(session, batch)
    assert (batch.state, counts(batch), people(session)) == ("done", verdicts(good=1, same=1), 5)
    session.expire_all()
    assert session.get_one(Person, 2).title is None
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM import_row")) == 0


def test_only_adding_needs_something_to_add(session):
    batch = checked(session, book(LI_NA))
    with pytest.raises(NotEligible):
        batches.begin(session, batch, "good", adds_only=True)


def test_what_somebody_else_decides_becomes_a_request_and_the_rest_is_written(session):
    mine = {"name": "王强", "id_number": ID_NUMBERS[3], "phone": "13911113333", "title": "高级工程师"}
    batch = imported(session, book(mine, LI_NA))
    assert (batch.state, counts(batch)) == ("done", verdicts(changed=2))
    session.expire_all()
    wang = session.get_one(Person, 3)
    assert (wang.phone, wang.title) == ("13911113333", None)
    (asked,) = session.query(ChangeRequest)
    assert (asked.person_id, asked.state, asked.values["title"]) == (3, "submitted", "高级工程师")
    assert session.get_one(Person, 2).title == "主管护师"


def test_a_request_that_is_open_already_makes_the_row_wrong(session):
    mine = {"name": "王强", "id_number": ID_NUMBERS[3], "title": "高级工程师"}
    imported(session, book(mine))
    batch = imported(session, book(mine | {"title": "正高级工程师"}, person(1)))
    assert counts(batch) == verdicts(good=1, bad=1)
    assert session.query(ChangeRequest).count() == 1
