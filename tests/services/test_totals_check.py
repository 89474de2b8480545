"""Every kept sum is borne out by the ledger: what is not is found, and made anew while people work."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest

from app.database import sessions
from app.models.parent_change import ParentChange as Origin
from app.services import crediting, operator, totals_check
from app.services.crediting import Earned
from tests.services.reviewing import approve, declared, really, review_of
from tests.services.test_console import command
from tests.services.test_crediting import CLASS, origin

pytestmark = pytest.mark.usefixtures("today")
__all__ = ["command", "origin"]
YEARS = "SELECT person_id, year, total, subjects, complete FROM person_year ORDER BY 1, 2"


@pytest.fixture
def counted(department, origin):
    """Four people have hours of two years."""
    long = [("public", "64"), ("professional", "64")]
    earned = [
        Earned(CLASS, person, 2026, subject, "training_class", Decimal(hours), "班")
        for person in (1, 4)
        for subject, hours in long
    ]
    more = [Earned(CLASS, who, 2025, "public", "training_class", Decimal("7.5"), "班") for who in (2, 4, 5)]
    crediting.credit(department, Origin, earned + more)


@pytest.fixture
def owned(owner):
    """The session of the role that owns the tables."""
    with sessions(owner)() as session:
        operator.as_office(session, "test")
        yield session


def broken(sql, *statements):
    sql("SELECT set_config('xueshi.actor', 'test', false)")
    for statement in statements:
        sql(statement)


BREAKS = (
    "UPDATE person_year SET total = total + 1 WHERE person_id = 1",
    "UPDATE person_year SET subjects = '{\"public\": 7}' WHERE person_id = 2",
    "UPDATE person_year SET complete = NOT complete WHERE person_id = 4",
    "DELETE FROM person_year WHERE person_id = 5",
)


def test_what_does_not_agree_is_found_and_made_anew(counted, owned, sql, owner):
    right = really(owner, YEARS)
    assert list(totals_check.verify(owned)) == []
    broken(sql, *BREAKS)
    owned.rollback()

    found = [(each.person_id, each.year, each.kept, each.total) for each in totals_check.verify(owned)]
    assert found == [
        (1, 2026, 129, 128), (2, 2025, Decimal("7.5"), Decimal("7.5")), (5, 2025, 0, Decimal("7.5")),
        (4, 2025, 0, 0), (4, 2026, 0, 0),
    ]  # fmt: skip
    assert totals_check.rebuild(owned) == 5
    assert really(owner, YEARS) == right
    assert list(totals_check.verify(owned)) == []
    assert len(really(owner, "SELECT 1 FROM audit_event WHERE action = 'rebuild'")) == 5


def test_in_batches_and_from_anywhere_it_comes_to_the_same(counted, owned, sql, owner, monkeypatch):
    monkeypatch.setattr(totals_check, "BATCH", 2)
    right = really(owner, YEARS)
    broken(sql, *BREAKS)
    owned.rollback()
    told = []
    assert totals_check.rebuild(owned, after=2, done=lambda *words: told.append(words)) == 3
    assert told == [(4, 2), (6, 3)]
    assert totals_check.rebuild(owned) == 2
    assert really(owner, YEARS) == right


def test_what_counts_meanwhile_is_not_lost(counted, owned, sql, owner, zhang, liu, department, office):
    """A year is locked before its entries are summed; whoever approves then adds to the new sum."""
    broken(sql, "UPDATE person_year SET total = 5, subjects = '{}'")
    owned.rollback()
    review = review_of(zhang, declared(zhang))
    for session in (liu, department):
        approve(session, review.id)
    both = Barrier(2)

    def rebuilt():
        both.wait()
        totals_check.rebuild(owned)

    def approved():
        both.wait()
        approve(office, review.id)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(rebuilt), pool.submit(approved)]:
            done.result()
    assert really(owner, "SELECT total FROM person_year WHERE person_id = 1") == [(140,)]
    assert list(totals_check.verify(owned)) == []


def test_the_commands_say_what_they_found(counted, command, sql):
    assert command("totals", "verify").exit_code == 0
    broken(sql, BREAKS[0])
    found = command("totals", "verify")
    assert (found.exit_code, found.stdout) == (1, "1\t2026\t129.0\t128.0\n")
    assert command("totals", "rebuild").stdout == "1\n"
    assert command("totals", "verify").exit_code == 0
