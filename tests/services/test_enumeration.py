"""Nobody learns from the time an answer takes whether a number is known (security.md S5, abuse 11)."""

import itertools
import math
import time
from collections.abc import Callable

import pytest
from sqlalchemy import text

from app.security import scope
from app.services import passwords
from app.services.accounts import log_in
from app.services.errors import Faulty, LoginRefused
from app.services.registrations import register_person, register_unit
from tests.cast import ID_NUMBERS, number
from tests.services.reviewing import photograph
from tests.services.test_registrations import PERSON, UNIT

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("shelf_here")]

TRIES, ALPHA = 80, 0.01
KNOWN, UNKNOWN = ID_NUMBERS[1], number("42100019900102999")


def same_times(one: list[float], other: list[float]) -> float:
    """The two-sided p of Mann and Whitney, by the normal approximation."""
    ranked = sorted((value, which) for which, values in enumerate((one, other)) for value in values)
    ranks = sum(place for place, (_value, which) in enumerate(ranked, 1) if which == 0)
    n, m = len(one), len(other)
    u = ranks - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


def compared(act: Callable[[str], None]) -> float:
    times: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for turn in range(TRIES):
        for typed in (KNOWN, UNKNOWN) if turn % 2 else (UNKNOWN, KNOWN):
            began = time.perf_counter()
            act(typed)
            times[typed].append(time.perf_counter() - began)
    return same_times(times[KNOWN], times[UNKNOWN])


def alike(act: Callable[[str], None]) -> bool:
    """Whether the times are alike, with one retry: one run in a hundred is unlucky by itself."""
    return any(compared(act) > ALPHA for _ in range(2))


@pytest.fixture
def forgotten(owner):
    """Take back all tries and what was kept for them; passwords are as the product keeps them.

    A number that is tried twice is known the second time: first tries are compared.
    """

    def forget():
        with owner.begin() as connection:
            connection.execute(text("DELETE FROM login_attempt"))
        scope._criteria.cache_clear()

    with owner.begin() as connection:
        connection.execute(
            text("UPDATE ab_user SET password = :kept"), {"kept": passwords.hashed("Lantern 2031")}
        )
    return forget


def test_a_wrong_password_takes_as_long_for_a_known_number_as_for_an_unknown_one(session, forgotten):
    def wrong(typed):
        with pytest.raises(LoginRefused):
            log_in(session, typed, "Wrong-2026", "10.0.0.1")
        forgotten()

    assert alike(wrong)


def test_registering_takes_as_long_for_a_known_number_as_for_an_unknown_one(session, forgotten):
    def registered(typed):
        register_person(session, PERSON | {"id_number": typed}, address="10.0.0.1")
        forgotten()

    assert alike(registered)


@pytest.mark.parametrize("existing", [False, True])
def test_registering_a_unit_takes_as_long_for_a_known_number_as_for_an_unknown_one(
    session, forgotten, existing
):
    fresh = (number(f"4210001988{month:02}{day:02}001") for month in range(1, 13) for day in range(1, 28))

    numbers = itertools.count(1)

    def registered(typed):
        given = typed if typed == KNOWN else next(fresh)  # whoever registers is known from then on
        unit = UNIT | {"id_number": given, "existing": existing, "password": "Lantern 2032"}
        unit |= {"name": f"荆州市第{next(numbers)}康复医院"}  # no unit is registered twice
        unit |= {"password_again": "Lantern 2032", "credit_code": "", "no_code_reason": "Newly founded"}
        try:
            register_unit(session, "employer", unit, address="10.0.0.1", evidence=[photograph()])
        except Faulty:
            assert existing
        forgotten()

    assert alike(registered)
