"""Whatever stands in a profile, the check answers: it never fails, and refuses nothing without a word."""

import tomllib
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from app.declare.problem import Problem
from app.declare.profile_file import _judged

HEXI = tomllib.loads(Path(__file__).with_name("hexi.toml").read_text(), parse_float=Decimal)
STRANGE = (
    3,
    -1,
    10**40,
    Decimal("1.5"),
    Decimal("NaN"),
    True,
    "",
    "x",
    date(2026, 1, 1),
    [],
    [3],
    [{}],
    {},
    {"a": {}},
)


def places(value, place=()):
    """The way to every value of the profile."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inside:
        yield (*place, step)
        yield from places(each, (*place, step))


def changed(place, value):
    profile = deepcopy(HEXI)
    around = profile
    for step in place[:-1]:
        around = around[step]
    if value is None:
        del around[place[-1]]
    else:
        around[place[-1]] = value
    return profile


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(list(places(HEXI))), st.sampled_from((None, *STRANGE)))
def test_the_check_has_an_answer_to_anything(place, value):
    profile, faults = _judged(changed(place, value), {"person": {"name"}})
    for fault in faults:
        said = Problem(file="hexi.toml", line=1, key="", message=fault.message, params=fault.params)
        assert said.text("en")
    assert profile is not None or faults
