"""kill -9 of whoever lets hours of classes and courses count: all of a class or nothing, the sums agree."""

import random
import signal
import time

import pytest
from sqlalchemy import text

from app.services import attendances, classes, learning
from tests.jobs.conftest import Gate, wait_until
from tests.services.creditor import LEARNERS
from tests.services.killing import starter
from tests.services.reviewing import at_the_last_step, declared, photograph, really, sums_agree
from tests.services.teaching import published, watch
from tests.services.test_any_order import DISAGREES
from tests.services.training import HALF_DAYS, at, filed, made

pytestmark = pytest.mark.usefixtures("today")
SEED = 20261123
MANY = 200
"""People of each class, beside the two who were picked."""

PEOPLE = """
INSERT INTO person (id, uid, organization_id, name, document_type, id_number_sealed, id_number_index,
    id_number_tail, state)
SELECT 5000 + n, gen_random_uuid(), 4, '学员' || n, 'id_card', '\\x00',
    decode(lpad(to_hex(n), 32, '0'), 'hex'), '\\x00', 'active' FROM generate_series(1, :many) n"""
MEMBERS = """
INSERT INTO class_member (class_id, organization_id, person_id, name, masked_number, unit, joined_by,
    joined_at)
SELECT :key, 4, id, name, '', '', 'imported', now() FROM person WHERE id > 5000"""
NEXT = "SELECT setval(pg_get_serial_sequence('hour_record', 'id'), max(id)) FROM hour_record"
COUNTS = "SELECT id FROM hour_record WHERE state = 'approved'"

HALF = {
    "a class is credited in part": """
        SELECT c.id FROM training_class c WHERE (SELECT count(*) FROM hour_record r WHERE r.source = 'class'
            AND r.origin_id = c.id AND r.state = 'approved')
            <> CASE c.state WHEN 'approved' THEN c.enrolled ELSE 0 END""",
    "a course is passed without its hours, or the other way round": """
        SELECT e.id FROM enrolment e WHERE (SELECT count(*) FROM hour_record r WHERE r.source = 'course'
            AND r.origin_id = e.id AND r.state = 'approved') <> (e.state = 'passed')::int""",
    "the ledger has what the trail does not tell": """
        SELECT 1 FROM (SELECT count(*) FILTER (WHERE sign = 1) AS given,
            count(*) FILTER (WHERE sign = -1) AS taken FROM hour_entry WHERE source IN ('class', 'course')) l,
            (SELECT count(*) FILTER (WHERE action = 'credit') AS given,
            count(*) FILTER (WHERE action = 'uncredit') AS taken FROM audit_event) a
        WHERE (l.given, l.taken) <> (a.given, a.taken)""",
}


@pytest.fixture
def creditor(database, tmp_path):
    """Starts processes that credit and take back."""
    return starter("tests.services.creditor", database, tmp_path)


@pytest.fixture
def province_at_work(session_for, cast, owner):
    """Classes of many that were held and declared, courses that were watched, hours that were declared."""

    def begin(many, number):
        unit = session_for(cast.administrator(4, 21))
        at_the_last_step(owner, declared(session_for(cast.professional(1))), 5)
        with owner.begin() as connection:
            connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
            for table in ("hour_record", "review"):
                connection.execute(text(f"UPDATE {table} SET person_id = (ARRAY[1, 3, 5])[1 + id % 3]"))
            connection.execute(text(NEXT))
            connection.execute(text(PEOPLE), {"many": many})
        plan = filed(session_for, cast, hours="4", classes=str(number))
        for _each in range(number):
            found = made(session_for, cast, plan=plan, people=(1, 2), capacity="500")
            with owner.begin() as connection:
                connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
                connection.execute(text(MEMBERS), {"key": found.id})
            with at(25, 9):
                for half_day in HALF_DAYS:
                    attendances.tick_all(unit, found.id, half_day, present=True)
                classes.send(unit, found.id, [photograph("签到表.jpg")])
        publisher, reviewer = session_for(cast.administrator(2)), session_for(cast.administrator(1))
        for place in range(3):
            course = published(publisher, reviewer, title=f"课程 {place}")
            for person in LEARNERS:
                learner = session_for(cast.professional(person))
                learning.begin(learner, course.id)
                watch(learner, course.id, begin=3000 * place)

    return begin


COPIED = "a review waits elsewhere than its step stands"
"""What is not so of the declarations that at_the_last_step has copied."""


def nothing_is_half(owner):
    for said, sql in (HALF | DISAGREES).items():
        if ":kinds" not in sql and said != COPIED:
            assert (said, really(owner, sql)) == (said, [])
    assert sums_agree(owner)


def nothing_is_lost(owner, heard):
    """Each thing stands as the last confirmed deed left it; the very last deed may have happened or not."""
    stands = {}
    for word, what, key in (line for each in heard for line in lines(each)):
        stands[what == "pass", int(key)] = what if word == "done" else None
    approved = {row[0] for row in really(owner, "SELECT id FROM review WHERE state = 'approved'")}
    passed = {row[0] for row in really(owner, "SELECT id FROM enrolment WHERE state = 'passed'")}
    kinds = dict(really(owner, "SELECT id, kind FROM review"))
    for (course, key), what in stands.items():
        if what == "pass":
            assert key in passed
        elif what is not None and not course and kinds[key] == "class_hours":
            assert (key in approved) == (what == "approve")


def lines(running):
    return [line.split() for line in running.heard() if line.startswith(("try ", "done "))]


@pytest.mark.long
def test_killed_at_random_all_of_a_class_counts_or_nothing(creditor, province_at_work, owner):
    chance, heard = random.Random(SEED), []
    province_at_work(MANY, 4)
    for number in range(30):
        with creditor(SEED + number, 10_000) as running:
            running.wait_for(chance.randint(2, 12))
            time.sleep(chance.uniform(0, 0.15))
            running.kill(owner)
        assert running.process.returncode == -signal.SIGKILL
        heard.append(running)
        nothing_is_half(owner)
        nothing_is_lost(owner, heard)
    with creditor(SEED + 30, 0) as last:
        assert last.process.wait(120) == 0
    nothing_is_half(owner)
    counted = "SELECT count(*), sum(hours * sign) FROM hour_entry WHERE source = :source"
    assert really(owner, f"{counted} AND record_id IN ({COUNTS})", source="class") == [
        (4 * (MANY + 2), 16 * (MANY + 2))
    ]
    assert really(owner, counted, source="course") == [(6, 6)]
    states = "SELECT DISTINCT state FROM review WHERE kind IN ('class_hours', 'hours')"
    assert really(owner, states) == [("approved",)]


@pytest.mark.long
@pytest.mark.parametrize("table", ["hour_record", "hour_entry", "person_year", "audit_event"])
def test_killed_in_the_middle_of_a_class_leaves_no_trace_of_it(creditor, province_at_work, owner, table):
    province_at_work(20, 2)
    gate = Gate(owner).hold(table)
    with creditor(SEED, 10_000) as running:
        wait_until(gate.reached)
        running.process.kill()
        gate.open()
        running.kill(owner)
    assert [word for word, _what, _key in lines(running)][-1] == "try"
    nothing_is_half(owner)
    nothing_is_lost(owner, [running])
