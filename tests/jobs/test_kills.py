"""kill -9 of a worker in the middle of an import: nothing half, nothing lost, and it goes on by itself."""

import random
import time

import pytest
from sqlalchemy import text

from app.services.imports import batches, recheck, spelling, undoing
from tests.cast import number
from tests.jobs.conftest import wait_until
from tests.services.imports.books import again, book, person, received

ROWS, MANY = 200, 900


@pytest.fixture
def session(session_for, cast):
    return session_for(cast.administrator(4))


def is_in(session, batch, state):
    return lambda: again(session, batch).state == state


def made(owner):
    with owner.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM person WHERE import_batch_id IS NOT NULL"))


def staged(owner):
    with owner.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM import_row"))


def whole(session, owner, batch):
    """The import was done, once and in full."""
    wait_until(is_in(session, batch, "done"))
    assert (again(session, batch).good, made(owner), staged(owner)) == (ROWS, ROWS, 0)
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit_event WHERE action = 'import'")) == 1


def sent(session):
    return received(session, book(*[person(serial) for serial in range(ROWS)]))


def test_a_worker_reads_and_imports(session, owner, workers, log):
    batch = sent(session)
    worker = workers.start()
    wait_until(is_in(session, batch, "checked"))
    batches.begin(session, batch, "all")
    whole(session, owner, batch)
    with owner.connect() as connection:
        wait_until(lambda: connection.execute(text("SELECT 1 FROM procrastinate_jobs")).first() is None)
    assert workers.stop(worker) == 0
    for serial in range(ROWS):
        assert person(serial)["id_number"] not in log()


def test_killed_when_all_is_read_and_nothing_kept(session, owner, workers, gate):
    batch, held = sent(session), gate("import_row")
    worker = workers.start()
    wait_until(held.reached)
    workers.kill(worker)
    held.open()
    assert (staged(owner), again(session, batch).state) == (0, "reading")

    workers.start()
    wait_until(is_in(session, batch, "checked"))
    assert staged(owner) == ROWS
    batches.begin(session, batch, "good")
    whole(session, owner, batch)


@pytest.mark.parametrize(
    "table", ["person", "audit_event"], ids=["before the first record", "after the last one"]
)
def test_killed_while_records_are_written(session, owner, workers, gate, table):
    batch = sent(session)
    worker = workers.start()
    wait_until(is_in(session, batch, "checked"))
    held = gate(table)
    batches.begin(session, batch, "good")
    wait_until(held.reached)
    workers.kill(worker)
    held.open()
    assert (made(owner), again(session, batch).state) == (0, "applying")

    workers.start()
    whole(session, owner, batch)


def test_killed_when_all_is_committed_and_the_queue_does_not_know_it(session, owner, workers, gate):
    batch = sent(session)
    worker = workers.start()
    wait_until(is_in(session, batch, "checked"))
    first = gate("person")
    batches.begin(session, batch, "good")
    wait_until(first.reached)
    second = gate("procrastinate_jobs", "SHARE ROW EXCLUSIVE")
    first.open()
    wait_until(second.reached)
    workers.kill(worker)
    second.open()
    assert made(owner) == ROWS

    workers.start()
    with owner.connect() as connection:
        wait_until(lambda: connection.execute(text("SELECT 1 FROM procrastinate_jobs")).first() is None)
    whole(session, owner, batch)


@pytest.mark.long
def test_killed_while_an_import_is_taken_back(session, owner, workers, gate):
    batch = sent(session)
    worker = workers.start()
    wait_until(is_in(session, batch, "checked"))
    batches.begin(session, batch, "good")
    wait_until(is_in(session, batch, "done"))
    last = gate("import_row")
    undoing.begin(session, batch, "")
    wait_until(last.reached)
    workers.kill(worker)
    last.open()
    assert (made(owner), again(session, batch).state) == (ROWS, "undoing")

    workers.start()
    wait_until(is_in(session, batch, "undone"))
    assert (made(owner), again(session, batch).undone["removed"]) == (0, ROWS)


@pytest.mark.long
def test_killed_while_a_workbook_is_judged_again(session, owner, workers, gate, monkeypatch):
    monkeypatch.setattr(recheck, "AT_ONCE", 0)
    batch = received(session, book(*[person(serial, title_series="工程技术") for serial in range(ROWS)]))
    worker = workers.start()
    wait_until(is_in(session, batch, "checked"))
    held = gate("import_row", "SHARE")
    spelling.explain(session, batch, [("title_series", "工程技术", "engineering")])
    wait_until(held.reached)
    workers.kill(worker)
    held.open()
    assert (again(session, batch).state, batch.bad) == ("reading", ROWS)

    workers.start()
    wait_until(is_in(session, batch, "checked"))
    assert (batch.good, batch.bad, staged(owner)) == (ROWS, 0, ROWS)


@pytest.mark.long
def test_thirty_kills_at_random_leave_whole_imports(session, owner, workers):
    chance, sent_so_far = random.Random(20261122), 0
    batch = None
    for _kill in range(30):
        if batch is None or again(session, batch).state == "done":
            sent_so_far += 1
            batch = received(session, class_of(sent_so_far))
        elif batch.state == "checked":
            batches.begin(session, batch, "good")
        worker = workers.start()
        wait_until(lambda: is_at_work(owner))
        time.sleep(chance.uniform(0, 1.5))
        workers.kill(worker)
        assert made(owner) % MANY == 0
        assert staged(owner) in (0, MANY)
    workers.start()
    wait_until(lambda: again(session, batch).state in {"checked", "done"}, 120)
    if batch.state == "checked":
        batches.begin(session, batch, "good")
    wait_until(is_in(session, batch, "done"), 120)
    assert made(owner) == sent_so_far * MANY
    with owner.connect() as connection:
        assert (
            connection.scalar(text("SELECT count(*) FROM audit_event WHERE action = 'import'")) == sent_so_far
        )


def class_of(year):
    """A workbook of people whom nobody has sent before."""
    born = f"{1960 + year}0101"
    rows = [
        person(0, id_number=number(f"421000{born}{serial:03}"), phone=f"13{year:02}{serial:07}")
        for serial in range(MANY)
    ]
    return book(*rows)


def is_at_work(owner):
    """Whether the newest worker has a job in hand."""
    with owner.connect() as connection:
        newest = "(SELECT max(id) FROM procrastinate_workers)"
        at_work = (
            f"SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = {newest})"
        )
        return connection.scalar(text(at_work))
