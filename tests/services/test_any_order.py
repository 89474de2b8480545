"""Whatever is done to reviews, in any order and at the same moment, everything that hangs on them agrees.

Registrations, declarations, transfers, changes of data and of superior are submitted, corrected, withdrawn,
decided one by one and in batches, revoked and taken back, while units move, reviewers are disabled, the year
closes and is reopened for some. After each step the database is asked, without any wall, for whatever does
not agree. A test breaks a rule and sees it.
"""

import random
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import create_engine

from app.database import clock, connect, sessions
from app.reviews import KINDS
from app.security.scope import Forbidden
from app.services import declarations, effects, operator, reassignment
from app.services.errors import Faulty, Refused
from app.services.statistics import counting
from tests.services import origins
from tests.services.deeds import DEEDS, YEAR, Deed, World
from tests.services.moving import wrongly_placed

STATES = " UNION ALL ".join(
    f"SELECT '{kind.key}', v.id FROM review v JOIN {kind.subject} s ON s.id = v.subject_id"
    f" WHERE v.kind = '{kind.key}' AND v.id = (SELECT max(o.id) FROM review o WHERE o.subject = v.subject"
    f" AND o.subject_id = v.subject_id) AND (v.state, s.state) NOT IN"
    f" ({', '.join(f'({ours!r}, {theirs!r})' for ours, theirs in kind.states.items())})"
    for kind in KINDS.values()
)

DISAGREES = {
    "a subject has another state than its review": STATES,
    "a year is not the sum of its entries": """
        SELECT y.person_id FROM person_year y FULL JOIN (SELECT person_id, year, sum(hours * sign) AS total
            FROM hour_entry GROUP BY 1, 2) e USING (person_id, year)
        WHERE coalesce(y.total, 0) <> coalesce(e.total, 0)""",
    "a record counts otherwise than its state says": """
        SELECT r.id FROM hour_record r LEFT JOIN (SELECT record_id, sum(hours * sign) AS counted
            FROM hour_entry GROUP BY 1) e ON e.record_id = r.id
        WHERE coalesce(e.counted, 0) <> CASE r.state WHEN 'approved' THEN r.hours ELSE 0 END""",
    "a sum of a subject is not that of its entries": """
        SELECT y.person_id FROM person_year y CROSS JOIN jsonb_each_text(y.subjects) k
        WHERE k.value::numeric <> (SELECT coalesce(sum(hours * sign), 0) FROM hour_entry e
            WHERE e.person_id = y.person_id AND e.year = y.year AND e.subject = k.key)""",
    "more counts than a limit lets": """
        SELECT person_id FROM hour_record WHERE state IN ('submitted', 'approved') AND form = 'conference'
        GROUP BY person_id, year HAVING sum(hours) > 24""",
    "a class counts twice": """
        SELECT origin_id FROM hour_record WHERE origin_id IS NOT NULL AND state = 'approved'
        GROUP BY origin_id, person_id, year, subject, form HAVING count(*) > 1""",
    "a review waits elsewhere than its step stands": """
        SELECT id FROM review WHERE state = 'open' AND (step >= jsonb_array_length(chain)
            OR waiting_id IS DISTINCT FROM (chain -> step ->> 'organization_id')::bigint)""",
    "somebody decided what is his own": """
        SELECT d.id FROM decision d JOIN review v ON v.id = d.review_id JOIN ab_user u ON u.id = d.account_id
        WHERE u.person_id = v.person_id OR d.account_id = v.creator_id""",
    "an end without its verdict": """
        SELECT v.id FROM review v WHERE v.state IN ('approved', 'rejected') AND v.state <> (
            SELECT CASE d.verdict WHEN 'approve' THEN 'approved' WHEN 'reject' THEN 'rejected' ELSE 'open' END
            FROM decision d WHERE d.review_id = v.id ORDER BY d.id DESC LIMIT 1)""",
    "verdicts and their trail are not as many": """
        SELECT 1 FROM (SELECT count(*) AS decided FROM decision) d, (SELECT count(*) AS recorded
            FROM audit_event WHERE action IN ('approve', 'reject', 'revoke')) a WHERE decided <> recorded""",
    "nobody may decide it where it waits": """
        SELECT review_id FROM door_unowned(:kinds, :nouns, :verbs, :today, 100)""",
}


def drawn(chance: random.Random, deeds: Sequence[str]) -> Deed:
    """Any deed about anything by anybody: hypothesis alone would ask mostly for the first of each."""
    return Deed(chance.choice(deeds), chance.randrange(10), chance.randrange(10), chance.randrange(6))


class Walk(RuleBasedStateMachine):
    """One province; a step is one deed, or up to three at the same moment."""

    make: Callable[[], Any]
    deeds: Sequence[str]

    def __init__(self) -> None:
        super().__init__()
        urls = self.make()
        self.world = World(create_engine(urls.owner), connect(urls.app))
        origins.begin(self.world.owner, [901, 902])

    def teardown(self) -> None:
        self.world.owner.dispose()
        self.world.engine.dispose()

    @rule(seed=st.integers(0, 10**9))
    def step(self, seed: int) -> None:
        """Do something at one moment, pass on what is left without an owner, and ask whether all agrees."""
        chance = random.Random(seed)
        deeds = [drawn(chance, self.deeds) for _each in range(chance.choice((1, 1, 2, 3)))]
        todo = [(deed, self.world.chosen(deed)) for deed in deeds]
        barrier = Barrier(len(todo))
        self.world.steps += 1
        with clock.fixed(self.world.now):
            with ThreadPoolExecutor(len(todo)) as pool:
                list(pool.map(lambda each: self.done(*each, barrier), todo))
            with sessions(self.world.engine)() as session:
                operator.as_office(session, "test")
                reassignment.reassign_unowned(session)
            self.agrees()

    def done(self, deed: Deed, about: Any, barrier: Barrier) -> None:
        barrier.wait()
        if about is None:
            return
        try:
            DEEDS[deed.what][1](self.world, deed, about)
        except (Refused, Faulty, Forbidden):
            return

    def agrees(self) -> None:
        permissions = [kind.permission.split(".", 1) for kind in KINDS.values()]
        words = {
            "kinds": list(KINDS),
            "nouns": [noun for noun, _verb in permissions],
            "verbs": [verb for _noun, verb in permissions],
            "today": clock.today(),
        }
        for said, sql in DISAGREES.items():
            found = self.world.really(sql, **(words if ":kinds" in sql else {}))
            assert not found, (said, found)
        assert not wrongly_placed(self.world.owner)
        with sessions(self.world.owner)() as session:
            operator.as_office(session, "test")
            assert not counting.verify(session)
        assert self.world.too_late == []


def walk(make: Callable[[], Any], steps: int, deeds: Collection[str] = DEEDS) -> None:
    machine = type("Walk", (Walk,), {"make": staticmethod(make), "deeds": sorted(deeds)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=max(1, steps // 20), stateful_step_count=20, deadline=None, database=None,
            derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.fixture
def provinces(cluster, template, province, shelf_here, monkeypatch) -> Iterator[Callable[[], Any]]:
    """Makes a province as the cast has it, in place of the one before."""
    monkeypatch.setattr(origins.ORIGIN, "credits", origins.WORDS, raising=False)
    name = f"any_order_{template.rpartition('_')[2]}"
    yield lambda: cluster.create_database(name, template=template)
    cluster.drop_database(name)


def test_everything_agrees_in_any_order(provinces):
    walk(provinces, 60)


@pytest.mark.long
@pytest.mark.parametrize("province", ["hubei", "shandong"], indirect=True)
def test_everything_agrees_in_any_order_for_long(provinces):
    walk(provinces, 1_000)


def test_what_is_declared_for_a_closed_year_is_seen(provinces, monkeypatch):
    monkeypatch.setattr(declarations, "opened", SimpleNamespace(years=lambda _session: (YEAR, YEAR + 1)))
    with pytest.raises((AssertionError, ExceptionGroup, Flaky)):
        walk(provinces, 120, ("declare", "close"))


def test_what_is_not_undone_is_seen(provinces, monkeypatch):
    monkeypatch.setattr(effects, "undo", lambda *_words: None)
    with pytest.raises((AssertionError, ExceptionGroup, Flaky)):
        walk(provinces, 120, ("declare", "decide", "decide again", "decide all", "revoke"))
