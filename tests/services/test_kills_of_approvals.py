"""kill -9 of whoever approves: no half batch, nothing lost that was confirmed, and every total is right."""

import random
import signal
import time
from contextlib import ExitStack

import pytest
from sqlalchemy import text

from tests.jobs.conftest import Gate, wait_until
from tests.services.killing import starter
from tests.services.reviewing import at_the_last_step, declared, really, sums_agree

pytestmark = pytest.mark.usefixtures("today")

SEED = 20261122

AGREES = """
SELECT review.id FROM review
JOIN hour_record ON hour_record.id = review.subject_id
JOIN LATERAL (SELECT count(*) n, count(DISTINCT step) steps FROM decision WHERE review_id = review.id
              AND verdict = 'approve'
              AND organization_id = CASE step WHEN 1 THEN 3 ELSE 2 END) decided ON true
JOIN LATERAL (SELECT count(*) n FROM audit_event WHERE action = 'approve' AND noun = 'hour_record'
              AND object_id = review.subject_id) audited ON true
JOIN LATERAL (SELECT count(*) n, sum(hours * sign) hours FROM hour_entry
              WHERE record_id = review.subject_id) entered ON true
WHERE decided.n = decided.steps AND audited.n = decided.n AND review.version = 1 + decided.n
  AND CASE review.state
      WHEN 'open' THEN decided.n < 2 AND review.step = 1 + decided.n
           AND review.waiting_id = CASE review.step WHEN 1 THEN 3 ELSE 2 END
           AND hour_record.state = 'submitted' AND entered.n = 0
      WHEN 'approved' THEN decided.n = 2 AND hour_record.state = 'approved'
           AND entered.n = 1 AND entered.hours = hour_record.hours
      ELSE false END
ORDER BY 1"""
"""The reviews of which state, decisions, record, ledger and audit tell the same story."""


def told(running, word):
    """(step, ids) of every decision that was begun (`try`) or confirmed (`done`)."""
    return [(int(step), [int(each) for each in ids]) for _place, step, *ids in running.said(word)]


@pytest.fixture
def approver(database, tmp_path):
    """Starts processes that approve."""
    start = starter("tests.services.approver", database, tmp_path)
    return lambda seed, clients=1: start(seed, clients)


@pytest.fixture
def waiting(session_for, cast, owner):
    """Puts so many records of 张丽, 王强 and 周敏 before the authority, each worth twelve hours."""

    def put(count):
        at_the_last_step(owner, declared(session_for(cast.professional(1))), count - 1)
        with owner.begin() as connection:
            connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
            for table in ("hour_record", "review"):
                connection.execute(text(f"UPDATE {table} SET person_id = (ARRAY[1, 3, 5])[1 + id % 3]"))
            connection.execute(text("UPDATE review SET step = 1, waiting_id = 3"))

    return put


def decided(owner):
    return set(really(owner, "SELECT review_id, step FROM decision"))


def nothing_is_half(owner, count):
    """Every review agrees with everything that was written about it, and the sums with the ledger."""
    assert really(owner, AGREES) == [(number,) for number in range(1, count + 1)]
    assert sums_agree(owner)
    assert really(owner, "SELECT count(*) FROM message") == really(
        owner, "SELECT count(*) FROM review WHERE state = 'approved'"
    )


def batches_are_whole(owner, killed):
    """What the one just killed has begun is decided in full or not at all."""
    held = decided(owner)
    for step, ids in told(killed, "try"):
        assert len({(number, step) in held for number in ids}) == 1


def nothing_is_lost(owner, heard):
    """What was confirmed is decided."""
    confirmed = {(number, step) for each in heard for step, ids in told(each, "done") for number in ids}
    assert confirmed <= decided(owner)


def all_is_approved(owner, count):
    assert really(owner, "SELECT count(*), sum(hours) FROM hour_entry") == [(count, 12 * count)]
    assert really(owner, "SELECT sum(total) FROM person_year") == [(12 * count,)]
    assert really(owner, "SELECT count(*) FROM decision") == [(2 * count,)]
    nothing_is_half(owner, count)


@pytest.mark.parametrize(
    ("kills", "count"), [(2, 200), pytest.param(30, 3000, marks=pytest.mark.long)], ids=["two", "thirty"]
)
def test_killed_at_random_and_nothing_is_half_or_lost(approver, waiting, owner, kills, count):
    chance, all_heard = random.Random(SEED), []
    waiting(count)
    for number in range(kills):
        with approver(SEED + number) as running:
            running.wait_for(chance.randint(3, 40))
            time.sleep(chance.uniform(0, 0.1))
            running.kill(owner)
        assert running.process.returncode == -signal.SIGKILL
        all_heard.append(running)
        nothing_is_half(owner, count)
        batches_are_whole(owner, running)
        nothing_is_lost(owner, all_heard)
    with approver(SEED + kills) as last:
        assert last.process.wait(300) == 0
    all_is_approved(owner, count)


@pytest.mark.long
def test_sixty_four_reviewers_decide_a_thousand_things_once_while_some_are_killed(approver, waiting, owner):
    chance, all_heard = random.Random(SEED), []
    waiting(1000)
    with ExitStack() as standing:
        running = [standing.enter_context(approver(SEED + number, clients=8)) for number in range(8)]
        for number in range(8, 20):
            time.sleep(chance.uniform(0.5, 1.5))
            killed = running.pop(chance.randrange(8))
            killed.process.kill()
            killed.process.wait()
            all_heard.append(killed)
            nothing_is_lost(owner, all_heard)
            running.append(standing.enter_context(approver(SEED + number, clients=8)))
        assert [each.process.wait(600) for each in running] == [0] * 8
    nothing_is_lost(owner, [*all_heard, *running])
    all_is_approved(owner, 1000)


@pytest.mark.parametrize("table", ["decision", "hour_entry", "person_year", "message"])
def test_killed_in_the_middle_of_a_decision_leaves_no_trace_of_it(approver, waiting, owner, table):
    waiting(20)
    gate = Gate(owner).hold(table)
    with approver(SEED) as running:
        wait_until(gate.reached)
        before = decided(owner)
        running.process.kill()
        gate.open()
        running.kill(owner)
    begun, confirmed = told(running, "try"), told(running, "done")
    assert begun[:-1] == confirmed
    step, ids = begun[-1]
    assert decided(owner) == before == {(number, at) for at, done in confirmed for number in done}
    assert not {(number, step) for number in ids} & before
    nothing_is_half(owner, 20)
