"""What jobs learn and do through their doors, asked by somebody who sees nothing."""

from io import BytesIO

import pytest
from sqlalchemy import text

from app.database import sessions
from app.encrypted import blind
from app.models.person import Person
from app.security import worker_doors
from app.security.sessions import actor_for
from app.services import shelf
from app.services.imports import batches
from tests.cast import ID_NUMBERS

pytestmark = pytest.mark.usefixtures("cast")


@pytest.fixture
def nobody(engine):
    """A session in which nobody acts: what a job begins with."""
    with sessions(engine)() as session:
        yield session


@pytest.fixture
def change(owner):
    def do(statement):
        with owner.begin() as connection:
            connection.execute(text(statement))

    return do


def test_a_job_acts_with_the_rights_its_starter_has_now(nobody, cast, change):
    assert actor_for(nobody, 4, 4).permissions == cast.administrator(4).permissions
    assert (actor_for(nobody, 4, 4).organization_id, actor_for(nobody, 4, 4).depth) == (4, 4)
    nobody.commit()
    change("DELETE FROM ab_permission_view_role")
    assert actor_for(nobody, 4, 4).permissions == frozenset()


def test_a_job_acts_for_a_professional_as_for_a_login(nobody, cast):
    mine = actor_for(nobody, 31, None)
    assert (mine.kind, mine.person_id, mine.organization_id) == ("person", 1, None)
    assert mine.permissions == cast.professional(1).permissions


@pytest.mark.parametrize(
    "ended",
    [
        (
            "ALTER TABLE appointment DISABLE TRIGGER one_super;"
            " UPDATE appointment SET ends_on = '2026-01-02' WHERE id = 4"
        ),
        "UPDATE appointment SET starts_on = '2099-01-01' WHERE id = 4",
        "UPDATE ab_user SET state = 'disabled' WHERE id = 4",
        "UPDATE organization SET state = 'closed' WHERE id = 4",
    ],
    ids=["the post", "the post to come", "the account", "the organization"],
)
def test_a_job_acts_for_nobody_when_something_has_ended(nobody, change, ended):
    change(ended)
    assert actor_for(nobody, 4, 4) is None


def test_a_job_does_not_act_in_somebody_elses_post(nobody):
    assert actor_for(nobody, 4, 5) is None


def test_a_batch_says_whose_it_is(nobody, session_for, cast, tmp_path):
    shelf.use((tmp_path / "files").as_uri())
    batch = batches.receive(
        session_for(cast.administrator(4, account=21)), Person, BytesIO(b"x"), "x.xlsx", most_megabytes=1
    )
    found = worker_doors.batch(nobody, batch.id)
    assert tuple(found) == ("person", 4, 4, 21, 21)
    assert worker_doors.batch(nobody, batch.id + 1) is None


def test_a_number_is_known_wherever_its_person_stands_and_not_when_he_is_gone(nobody, change):
    keys = [blind("person.id_number", number) for number in (ID_NUMBERS[1], ID_NUMBERS[4], ID_NUMBERS[5])]
    change("UPDATE person SET state = 'closed' WHERE id = 5")
    found = worker_doors.known(nobody, Person, [*keys, b"nobody's"])
    assert {(row.id, row.organization_id) for row in found} == {(1, 4), (4, 8)}


def test_the_doors_open_for_the_applications_role_alone(owner):
    opened = """SELECT p.proname, r.rolname FROM pg_proc p CROSS JOIN pg_roles r
        WHERE p.proname = ANY (:doors) AND r.rolname LIKE 'xueshi%'
          AND has_function_privilege(r.oid, p.oid, 'EXECUTE')"""
    anybody = """SELECT bool_or(has_function_privilege('public', p.oid, 'EXECUTE')) FROM pg_proc p
        WHERE p.proname = ANY (:doors)"""
    doors = ["door_actor", "door_batch", "door_known_person", "door_sweep"]
    doors += ["door_claim", "door_settle", "door_lose", "door_added_person", "door_unadd_person"]
    with owner.connect() as connection:
        found = {tuple(row) for row in connection.execute(text(opened), {"doors": doors})}
        assert connection.scalar(text(anybody), {"doors": doors}) is False
    assert found == {(door, role) for door in doors for role in ("xueshi_app", "xueshi_owner")}
