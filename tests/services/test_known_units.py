"""Who would register a unit again is told that it is there and whom to ask, and nothing more."""

import pytest

from app.services.known_units import known_units
from tests.services.test_registrations import UNIT, unit, wrong

pytestmark = pytest.mark.usefixtures("shelf_here")


def names(session, typed):
    return [each.name for each in known_units(session, typed)]


def test_words_in_any_order_and_the_code_find_a_unit(session):
    unit(session)
    assert names(session, "保健院 荆州") == names(session, "荆州 妇幼") == [UNIT["name"]]
    assert names(session, UNIT["credit_code"].lower()) == [UNIT["name"]]
    assert names(session, "保健院 宜昌") == []


@pytest.mark.parametrize("typed", ["", " ", "医", "%", "\\", "x" * 5000, "人力资源"])
def test_a_letter_alone_finds_nothing_and_no_office_is_a_unit(session, typed):
    assert names(session, typed) == []


def test_of_administrators_the_first_letter_alone_is_told(session):
    (found,) = [
        each for each in known_units(session, "荆州市中心医院") if each.parent == "荆州市卫生健康委员会"
    ]
    assert (found.administrators, found.pending) == (("王**", "刘**"), False)


def test_the_same_code_or_the_same_name_below_the_same_superior_is_refused_with_whom_to_ask(session):
    unit(session)
    said = "荆州市妇幼保健院, below 荆州市卫生健康委员会, is registered already"
    again = wrong(unit, session)
    assert [key for key, told in again.items() if told[0].startswith(said)] == ["credit_code"]
    other = wrong(unit, session, credit_code="", no_code_reason="尚在办理")
    assert other["name"][0].startswith(said)
