"""Who would register a unit again is told that it is there and whom to ask, and nothing more."""

import pytest

from app.services import lookups
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


def test_a_unit_is_found_by_a_former_name_and_says_so(session, sql):
    sql("UPDATE organization SET name = '荆州市第一医院' WHERE id = 5")
    sql("UPDATE organization SET name = '荆州医科医院' WHERE id = 5")
    (found,) = known_units(session, "人民医院 第一")
    assert (found.name, found.former) == ("荆州医科医院", "荆州市第一人民医院")
    assert str(found.told).startswith(
        "荆州医科医院 (formerly: 荆州市第一人民医院), below 荆州市卫生健康委员会, is"
    )
    assert [each.former for each in known_units(session, "荆州医科")] == [""]
    assert names(session, "人民 医科") == []
    assert sql("SELECT former_names FROM organization WHERE id = 5") == [
        ("荆州市第一医院\n荆州市第一人民医院",)
    ]


def test_a_name_that_comes_back_is_no_former_one_and_one_that_never_was_in_force_is_none(session, sql):
    for name in ("甲医院", "荆州市第一人民医院"):
        sql("UPDATE organization SET name = :name WHERE id = 5", name=name)
    assert sql("SELECT former_names FROM organization WHERE id = 5") == [("甲医院",)]
    unit(session)
    sql("UPDATE organization SET name = '乙医院' WHERE name = :name", name=UNIT["name"])
    assert sql("SELECT former_names FROM organization WHERE name = '乙医院'") == [(None,)]


def test_look_ups_from_one_address_end_after_so_many_and_go_on_elsewhere(session, monkeypatch):
    monkeypatch.setattr(lookups, "MOST", 2)
    for _each in range(2):
        lookups.note(session, "203.0.113.7")
    with pytest.raises(lookups.TooOften):
        lookups.note(session, "203.0.113.7")
    lookups.note(session, "198.51.100.7")


def test_the_field_is_told_that_too_much_was_looked_up(visit, monkeypatch):
    monkeypatch.setattr(lookups, "MOST", 1)
    client = visit()
    asks_json = {"Accept": "application/json"}
    assert client.get("/directory/units?q=医院", headers=asks_json).status_code == 200
    for path in ("units?q=医院", "organizations?q=医院&kind=employer", "divisions?q=荆州"):
        answer = client.get(f"/directory/{path}", headers=asks_json)
        assert (answer.status_code, answer.get_json()["message"]) == (
            429,
            "查找次数太多。您可以继续填写，一刻钟后恢复查找。",
        )
