"""An import that was a mistake is taken back: what it added and changed, nothing that others built on."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.database import clock
from app.models.person import Person
from app.security import import_doors
from app.security.scope import Forbidden
from app.services import records, versions
from app.services.errors import NotEligible, Stale
from app.services.imports import batches, undoing
from tests.cast import ID_NUMBERS
from tests.services.imports.books import again, book, checked, imported, people, person


@pytest.fixture
def session(session_for, cast):
    """刘芳, the other administrator of the hospital (4)."""
    return session_for(cast.administrator(4, 21))


def undone(session, batch, reason="传错了文件"):
    undoing.begin(session, batch, reason)
    undoing.undo(session, batch.id)
    session.expire_all()
    return again(session, batch)


def of_batch(owner, batch):
    with owner.connect() as connection:
        found = text("SELECT id FROM person WHERE import_batch_id = :batch ORDER BY id")
        return list(connection.scalars(found, {"batch": batch.id}))


def test_what_was_added_goes_and_what_was_changed_says_again_what_it_said(session, owner):
    batch = imported(
        session,
        book(
            person(1),
            person(2),
            {"name": "张丽", "id_number": ID_NUMBERS[1], "phone": "13911112222", "title": "主管护师"},
        ),
    )
    assert (people(session), session.get_one(Person, 1).title) == (6, "主管护师")
    assert undoing.outlook(session, batch) == undoing.Outlook(2, {}, 1, 0)
    batch = undone(session, batch)
    assert (batch.state, people(session)) == ("undone", 4)
    assert batch.undone == {"removed": 2, "staying": 0, "restored": 1, "overtaken": 0}
    zhang = session.get_one(Person, 1)
    assert (zhang.phone, zhang.title, zhang.birth_date) == ("13800000001", None, None)
    with owner.connect() as connection:
        told = connection.execute(text("SELECT kind, person_id FROM message ORDER BY id")).all()
        deeds = connection.execute(
            text("SELECT action, reason FROM audit_event WHERE action LIKE '%undo' ORDER BY id")
        )
        assert deeds.all() == [("begin_undo", "传错了文件"), ("undo", "")]
        assert connection.scalar(text("SELECT count(*) FROM import_row")) == 0
    assert told == [("record_changed", 1), ("record_restored", 1)]


def test_taking_back_twice_takes_back_once_and_the_file_can_come_again(session):
    content = book(person(1))
    batch = undone(session, imported(session, content))
    undoing.undo(session, batch.id)
    with pytest.raises(Stale):
        undoing.begin(session, batch, "")
    assert people(session) == 4
    assert imported(session, content).good == 1


def test_who_registered_meanwhile_stays_and_the_dry_run_says_why(session, owner):
    batch = imported(session, book(person(1), person(2), person(3)))
    first, second, _third = of_batch(owner, batch)
    with owner.begin() as connection:
        connection.execute(text("UPDATE ab_user SET person_id = :id WHERE id = 21"), {"id": first})
        told = "INSERT INTO message (kind, params, person_id) VALUES ('record_edited', '{}', :id)"
        connection.execute(text(told), {"id": second})
    found = undoing.outlook(session, batch)
    assert (found.removed, dict(found.staying)) == (1, {"ab_user": 1, "message": 1})
    assert undoing.reason_said("ab_user", "en") == "Somebody logs in with it"
    batch = undone(session, batch)
    assert batch.undone == {"removed": 1, "staying": 2, "restored": 0, "overtaken": 0}
    assert of_batch(owner, batch) == [first, second]


def test_who_was_changed_or_moved_since_stays(session, owner):
    batch = imported(session, book(person(1), person(2), person(3)))
    first, second, _third = of_batch(owner, batch)
    record = session.get_one(Person, first)
    record.email = "new@example.cn"
    records.update(session, record, versions.WHATEVER)
    with owner.begin() as connection:
        connection.execute(text("UPDATE person SET organization_id = 5 WHERE id = :id"), {"id": second})
    found = undoing.outlook(session, batch)
    assert (found.removed, dict(found.staying)) == (1, {import_doors.CHANGED: 1, import_doors.GONE: 1})
    assert undone(session, batch).undone["removed"] == 1


def test_a_field_that_was_changed_again_keeps_what_it_says_now(session):
    batch = imported(
        session, book({"name": "李娜", "id_number": ID_NUMBERS[2], "phone": "13911112222", "title": "护师"})
    )
    record = session.get_one(Person, 2)
    record.title = "主管护师"
    records.update(session, record, versions.WHATEVER)
    assert undoing.outlook(session, batch) == undoing.Outlook(0, {}, 1, 1)
    undone(session, batch)
    record = session.get_one(Person, 2)
    assert (record.title, record.phone) == ("主管护师", "13800000002")


def test_every_table_that_points_at_a_person_counts_as_built_upon():
    referring = dict.fromkeys(table for table, _column in import_doors.referring(Person))
    assert {
        "ab_user",
        "hour_record",
        "hour_entry",
        "transfer",
        "change_request",
        "class_member",
    } <= referring.keys()


def test_nobody_else_takes_it_back_and_nobody_later_than_thirty_days(session, session_for, cast):
    batch = imported(session, book(person(1)))
    above = session_for(cast.administrator(3))
    with pytest.raises(Forbidden):
        undoing.begin(above, batches.find(above, "person", batch.uid), "")
    with clock.fixed(clock.now() + timedelta(days=31)):
        assert undoing.offered(batch) is False
        with pytest.raises(NotEligible):
            undoing.begin(session, batch, "")
    with pytest.raises(Stale):
        undoing.begin(session, checked(session, book(person(2))), "")


def test_the_door_opens_only_while_an_import_is_being_taken_back(session, owner):
    batch = imported(session, book(person(1)))
    with pytest.raises(Exception, match="is not being taken back"):
        import_doors.unadd(session, "person", batch.id)
    session.rollback()
    assert len(of_batch(owner, batch)) == 1


def test_an_error_of_ours_takes_nothing_back_and_the_import_stays_done(session, owner):
    batch = imported(session, book(person(1), person(2)))
    undoing.begin(session, batch, "")
    with owner.begin() as connection:
        connection.execute(text("CREATE TABLE stands_on (person_id bigint REFERENCES person (id))"))
        connection.execute(
            text("INSERT INTO stands_on SELECT min(id) FROM person WHERE import_batch_id IS NOT NULL")
        )
    with pytest.raises(Exception, match="stands_on"):
        undoing.undo(session, batch.id)
    session.rollback()
    batches.fail(session, batch.id)
    batch = again(session, batch)
    assert (batch.state, people(session)) == ("done", 6)
    assert batches.why(batch, "en").startswith("Taking this import back broke off")
