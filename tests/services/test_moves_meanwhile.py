"""What others do while an organisation moves: readers read on, and whoever writes is placed right."""

from threading import Thread

import pytest
from sqlalchemy import text

from app.security.doors import moving
from tests.services.moving import ask, wrongly_placed
from tests.services.reviewing import approve, declared

pytestmark = pytest.mark.usefixtures("today")

ADD = (
    "INSERT INTO attachment (uid, organization_id, subject, subject_id, name, media_type, size, digest)"
    " VALUES (gen_random_uuid(), 9, 'person', 6, '新来的.png', 'image/png', 1, '')"
)
SPEAKING = "SELECT set_config('xueshi.actor', 'test', true)"


@pytest.fixture
def approved(session_for, cast, sql):
    """The hospital may go to 宜昌; nothing has been moved yet. The number of its change."""
    change, _review = ask(session_for, cast)
    sql("UPDATE review SET state = 'approved' WHERE kind = 'parent_change'")
    sql("UPDATE parent_change SET state = 'approved'")
    return change.id


def waits(owner, process):
    """Whether a connection stands before a lock."""
    asked = text("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE pid = :pid AND NOT granted)")
    with owner.connect() as connection:
        for _each in range(2000):
            if connection.scalar(asked, {"pid": process}):
                return True
            connection.execute(text("SELECT pg_sleep(0.005)"))
    return False


def begun(engine):
    connection = engine.connect()
    connection.execute(text(SPEAKING))
    return connection, connection.scalar(text("SELECT pg_backend_pid()"))


def test_readers_see_the_old_tree_without_waiting_until_all_of_it_is_new(session_for, cast, approved, engine):
    mover = session_for(cast.administrator(7))
    assert moving.move(mover, approved)
    with engine.connect() as reader:
        reader.execute(text("SET lock_timeout = '1ms'"))
        reader.execute(
            text(
                "SELECT set_config('xueshi.organization', '3', false),"
                " set_config('xueshi.wide', 'person.below', false)"
            )
        )
        assert reader.scalars(text("SELECT id FROM person ORDER BY id")).all() == [1, 2, 3, 5, 6]
        mover.commit()
        assert reader.scalars(text("SELECT id FROM person ORDER BY id")).all() == [5]


def test_whoever_was_adding_something_is_waited_for(session_for, cast, approved, owner):
    adder, _pid = begun(owner)
    adder.execute(text(ADD))
    mover = session_for(cast.administrator(7))
    process = mover.scalar(text("SELECT pg_backend_pid()"))
    done = []
    move = Thread(target=lambda: done.append(moving.move(mover, approved)))
    move.start()
    assert waits(owner, process)
    adder.commit()
    move.join()
    mover.commit()
    adder.close()
    assert done == [True]
    assert wrongly_placed(owner) == {}


def test_whoever_adds_something_during_the_move_stands_in_the_new_place(
    session_for, cast, approved, owner, sql
):
    mover = session_for(cast.administrator(7))
    assert moving.move(mover, approved)
    adder, process = begun(owner)
    add = Thread(target=lambda: adder.execute(text(ADD)))
    add.start()
    assert waits(owner, process)
    mover.commit()
    add.join()
    adder.commit()
    adder.close()
    assert sql("SELECT ancestor_2, ancestor_3 FROM attachment WHERE name = '新来的.png'") == [(6, 7)]
    assert wrongly_placed(owner) == {}


def test_a_unit_that_was_founded_below_meanwhile_comes_along(session_for, cast, approved, owner, sql):
    founder, _pid = begun(owner)
    founder.execute(
        text(
            "INSERT INTO organization (parent_id, kind, name, state, no_code_reason, depth)"
            " VALUES (9, 'employer', '东院区门诊部', 'pending', '尚在办理', 0)"
        )
    )
    mover = session_for(cast.administrator(7))
    process = mover.scalar(text("SELECT pg_backend_pid()"))
    move = Thread(target=lambda: moving.move(mover, approved))
    move.start()
    assert waits(owner, process)
    founder.commit()
    move.join()
    mover.commit()
    founder.close()
    assert sql("SELECT ancestor_2, ancestor_3, depth FROM organization WHERE name = '东院区门诊部'") == [
        (6, 7, 6)
    ]


def test_a_decision_below_and_the_move_end_both(session_for, cast, owner, sql):
    """Who decides about hours holds their review; the move waits for him and takes what he left."""
    declared(session_for(cast.professional(1)))
    (hours,) = sql("SELECT id FROM review WHERE subject = 'hour_record'")
    _change, review = ask(session_for, cast)
    decider = session_for(cast.administrator(4, 21))
    mover = session_for(cast.administrator(7))
    failed = []

    def decide():
        try:
            approve(decider, hours[0])
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is told below
            failed.append(error)

    thread = Thread(target=decide)
    thread.start()
    approve(mover, review.id)
    thread.join()
    assert failed == []
    assert sql("SELECT waiting_id, step FROM review WHERE id = :id", id=hours[0]) == [(7, 1)]
    assert wrongly_placed(owner) == {}
