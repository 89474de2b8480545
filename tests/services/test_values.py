"""One converter for forms, imports and REST."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from app.declare.column import Column
from app.declare.field import Field
from app.declare.invalid import Invalid
from app.models.organization import Organization
from app.models.person import Person
from app.models.registration import Registration
from app.services.values import checked, choices, declared, shown
from tests.cast import ID_NUMBERS

pytestmark = pytest.mark.usefixtures("province")


def column(kind: str, **words) -> Column:
    extra = words.pop("extra", False)
    return Column(key="x", field=Field(label="X", **words), kind=kind, required=False, length=40, extra=extra)


def person(key: str) -> Column:
    return declared(Person)[key]


DAYS = (
    "2020-01-02",
    "2020/1/2",
    "2020.01.02",
    "20200102",
    "2020年1月2日",
    "２０２０－０１－０２",
    date(2020, 1, 2),
)
MIDNIGHT = datetime(2020, 1, 2)  # noqa: DTZ001 -- what a workbook's reader gives for a day


@pytest.mark.parametrize("typed", [*DAYS, MIDNIGHT])
def test_a_day_is_the_same_however_it_is_written(typed):
    assert checked(column("date"), typed) == date(2020, 1, 2)


@pytest.mark.parametrize(
    "typed", ["2020-13-01", "1/2/2020", "20-1-2", "2020-1", 43832.0, "heute", "2020-02-30"]
)
def test_a_day_that_could_mean_something_else_is_refused(typed):
    with pytest.raises(Invalid):
        checked(column("date"), typed)


@pytest.mark.parametrize(("typed", "kept"), [("12", 12), ("12.0", 12), (12.0, 12), ("１２", 12), (-3, -3)])
def test_a_whole_number_is_read(typed, kept):
    assert checked(column("integer"), typed) == kept


@pytest.mark.parametrize(
    "typed", ["12.5", "1,000", "1e3", "9" * 23, 10**22, float("nan"), float("inf"), "一"]
)
def test_what_is_no_whole_number_is_refused(typed):
    with pytest.raises(Invalid):
        checked(column("integer"), typed)


def test_a_number_keeps_its_decimals():
    assert checked(column("number"), "12.50") == Decimal("12.50")
    assert checked(column("number"), 12.5) == Decimal("12.5")


def test_a_phone_number_that_excel_made_a_float_is_still_a_phone_number():
    assert checked(person("phone"), 13800138000.0) == "13800138000"


def test_an_id_number_that_excel_rounded_is_refused_with_the_cure():
    with pytest.raises(Invalid) as wrong:
        checked(person("id_number"), 421000199001011200.0)
    assert str(wrong.value).startswith("The spreadsheet has rounded this number.")


def test_fifteen_digits_and_a_small_x_become_the_number_of_today():
    assert checked(person("id_number"), "110105491231002") == "11010519491231002X"
    assert checked(person("id_number"), " 11010519491231002x ") == "11010519491231002X"


def test_the_type_of_the_document_decides_how_its_number_is_read():
    assert checked(person("id_number"), "e12345678", {"document_type": "passport"}) == "E12345678"
    with pytest.raises(Invalid):
        checked(person("id_number"), "E12345678")


def test_a_reason_lets_a_doubtful_credit_code_pass():
    code = declared(Organization)["credit_code"]
    with pytest.raises(Invalid):
        checked(code, "91420000MA4K000000")
    assert checked(code, "91420000MA4K000000", {"no_code_reason": "as printed"}) == "91420000MA4K000000"


def test_a_choice_is_its_key_or_its_label_in_either_language():
    series = person("title_series")
    assert {
        checked(series, typed) for typed in ("engineering", "工程技术人员", " 工程 技术人员", "ENGINEERING")
    } == {"engineering"}


def test_an_unknown_title_series_is_named_in_the_refusal():
    with pytest.raises(Invalid) as wrong:
        checked(person("title_series"), "魔法师")
    assert str(wrong.value) == "'魔法师' is none of the choices."


def test_a_future_birth_date_is_refused():
    with pytest.raises(Invalid):
        checked(person("birth_date"), "2999-01-01")


@pytest.mark.parametrize("name", ["𠮷野", "䶮", "㑇", "𰻞", "阿依古丽·买买提"])
def test_rare_characters_are_names(name):
    assert checked(person("name"), name) == name


def test_a_text_that_is_too_long_or_cannot_be_seen_is_refused():
    with pytest.raises(Invalid):
        checked(person("title"), "长" * 61)
    for strange in ("a\0b", "a\ud800", "a\x07"):
        with pytest.raises(Invalid):
            checked(person("title"), strange)
    with pytest.raises(Invalid):
        checked(person("name"), "长" * 200)


def test_a_list_or_an_object_of_json_is_no_value():
    for strange in ([1], {"a": 1}):
        with pytest.raises(Invalid):
            checked(person("title"), strange)


def test_an_empty_required_field_is_asked_for_and_another_is_none():
    with pytest.raises(Invalid):
        checked(person("name"), "  ")
    assert checked(person("phone"), "  ") is None


def test_the_provinces_own_fields_follow_ours():
    keys = list(declared(Person))
    assert keys[0] == "name"
    assert keys[-1] == "renewal_project"
    assert set(declared(Registration)) >= {"renewal_project", "id_number"}


def test_an_extra_value_is_fit_for_json():
    assert checked(column("date", extra=True), "2020/1/2") == "2020-01-02"
    assert checked(column("number", extra=True), "1.50") == "1.50"
    assert shown(column("date", extra=True), "2020-01-02", "zh") == "2020-01-02"


def test_what_is_shown_is_masked_and_labelled():
    assert shown(person("id_number"), ID_NUMBERS[1], "zh") == f"421000********{ID_NUMBERS[1][-4:]}"
    assert shown(person("phone"), "13800000001", "en") == "138****0001"
    assert shown(person("title_series"), "engineering", "zh") == "工程技术人员"
    assert shown(person("title_series"), "engineering", "en") == str(
        choices(person("title_series"))["engineering"].en
    )
    assert shown(column("number"), Decimal("1234.50"), "en") == "1234.5"
    assert shown(person("birth_date"), None, "zh") == ""
