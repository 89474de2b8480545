from types import SimpleNamespace

import pytest
from procrastinate import jobs
from sqlalchemy import text

from app.database import sessions, transaction
from app.jobs import task as tasks
from app.jobs.queue import Later, defer, queue, revive
from tests.cast import ID_NUMBERS


def waiting(owner):
    with owner.connect() as connection:
        found = connection.execute(
            text("SELECT task_name, status::text, attempts FROM procrastinate_jobs ORDER BY id")
        )
        return [tuple(row) for row in found]


def run(engine, name, attempts=0, **args):
    """What a worker does with a job."""
    context = SimpleNamespace(
        additional_context={"sessions": sessions(engine)}, job=SimpleNamespace(attempts=attempts)
    )
    return queue.tasks[name].func(context, **args)


@pytest.fixture
def registered():
    """Tasks that a test registers are forgotten after it."""
    before = dict(queue.tasks)
    yield
    queue.tasks.clear()
    queue.tasks.update(before)


def deferred_and_broken(session):
    with transaction(session):
        defer(session, "some.thing", batch=1)
        raise ZeroDivisionError


def test_a_job_exists_if_and_only_if_its_transaction_commits(session_for, cast, owner):
    session = session_for(cast.administrator(4))
    with pytest.raises(ZeroDivisionError):
        deferred_and_broken(session)
    assert waiting(owner) == []
    with transaction(session):
        defer(session, "some.thing", batch=1)
        assert waiting(owner) == []
    assert waiting(owner) == [("some.thing", "todo", 0)]


def test_jobs_of_silent_workers_are_given_out_again_and_those_of_live_ones_are_not(engine, owner):
    with owner.begin() as connection:
        for seconds in (1, 100):
            connection.execute(
                text(
                    "WITH w AS (INSERT INTO procrastinate_workers (last_heartbeat)"
                    " VALUES (now() - make_interval(secs => :age)) RETURNING id)"
                    " INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id)"
                    " SELECT 'default', 'of.' || :age, 'doing', id FROM w"
                ),
                {"age": seconds},
            )
        connection.execute(
            text(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
                " VALUES ('default', 'of.none', 'doing')"
            )
        )
    with sessions(engine)() as session:
        assert [revive(session, 30), revive(session, 30)] == [2, 0]
    assert waiting(owner) == [("of.1", "doing", 0), ("of.100", "todo", 1), ("of.none", "todo", 1)]


def test_an_error_is_logged_without_what_it_quotes(registered, engine, caplog):
    told = []

    def broken(session, batch):
        session.execute(text("SELECT CAST(:number AS int)"), {"number": f"{ID_NUMBERS[1]}?"})

    tasks.task("broken", given_up=lambda _session, batch: told.append(batch))(broken)
    with pytest.raises(tasks.Failed, match=r"^DataError$"):
        run(engine, "broken", batch=7)
    assert told == [7]
    assert "broken failed with DataError at" in caplog.text
    assert ID_NUMBERS[1] not in caplog.text


def test_a_job_that_must_wait_is_tried_again_and_never_given_up(registered, engine):
    def busy(session):
        raise Later

    tasks.task("busy", given_up=pytest.fail)(busy)
    with pytest.raises(Later):
        run(engine, "busy")
    job = jobs.Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="busy", attempts=99)
    assert queue.tasks["busy"].get_retry_exception(Later(), job).retry_decision.retry_at is not None
    assert queue.tasks["busy"].get_retry_exception(tasks.Failed(), job) is None


def test_a_job_that_kills_each_worker_is_given_up_in_the_end(registered, engine):
    told = []
    tasks.task("deadly", given_up=lambda _session: told.append("given up"))(
        lambda _session: pytest.fail("again")
    )
    with pytest.raises(tasks.Failed):
        run(engine, "deadly", attempts=tasks.MOST_TRIES + 1)
    assert told == ["given up"]
