from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.declare.identity import (
    birth_date,
    check_digit,
    credit_code,
    document_number,
    gender,
    id_number,
)
from app.declare.invalid import Doubtful, Invalid

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",
        "34052419800101001X",
        "421000199001011239",
        "460100198506150020",
        "370100199202290035",
    ],
)
def test_a_well_formed_number_is_taken_as_it_is(number):
    assert id_number(number, today=TODAY) == number


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２ｘ",
        "110105 1949-1231 002X",
        "\u200b11010519491231002X\ufeff",
        "110105491231002",
    ],
)
def test_ways_of_writing_one_number_are_one_number(typed):
    assert id_number(typed, today=TODAY) == "11010519491231002X"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "An ID number has 18 digits; only the last may be X."),
        ("1101051949123100X2", "An ID number has 18 digits; only the last may be X."),
        ("4.2E+17", "An ID number has 18 digits; only the last may be X."),
        ("٤٢١٠٠٠١٩٩٠٠١٠١١٢٣٩", "An ID number has 18 digits; only the last may be X."),
        ("990105194912310021", "No ID number begins with 99."),
        ("370100199302290035", "The ID number holds a date of birth that does not exist."),
        ("110105203012310021", "The date of birth in the ID number must lie between 1900 and today."),
        ("110105189912310021", "The date of birth in the ID number must lie between 1900 and today."),
        (
            "110105194912310021",
            "The last character does not fit the rest of the ID number. Please compare it with the card.",
        ),
    ],
)
def test_a_wrong_number_is_refused_with_what_is_wrong(typed, said):
    with pytest.raises(Invalid) as refusal:
        id_number(typed, today=TODAY)
    assert str(refusal.value) == said


def test_a_child_born_today_has_a_number_and_one_born_tomorrow_has_none():
    first17 = "42100020261122123"
    number = first17 + check_digit(first17)
    assert id_number(number, today=TODAY) == number
    with pytest.raises(Invalid):
        id_number(number, today=date(2026, 11, 21))


def test_the_number_of_a_county_that_is_long_gone_is_taken():
    first17 = "42999919700101123"  # no such county
    number = first17 + check_digit(first17)
    assert id_number(number, today=TODAY) == number


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999))
def test_any_single_wrong_digit_is_noticed(born, sequence):
    first17 = f"420106{born:%Y%m%d}{sequence:03}"
    number = first17 + check_digit(first17)
    assert id_number(number, today=TODAY) == number
    last = number[16]
    wrong = number[:16] + str((int(last) + 1) % 10) + number[17]
    with pytest.raises(Invalid):
        id_number(wrong, today=TODAY)


def test_birth_and_gender_are_read_from_the_number():
    assert birth_date("370100199202290035") == date(1992, 2, 29)
    assert gender("370100199202290035") == "male"
    assert gender("460100198506150020") == "female"


@pytest.mark.parametrize(
    ("document_type", "typed", "kept"),
    [
        ("id_card", "110105491231002", "11010519491231002X"),
        ("hk_macao_permit", "h1234567801", "H1234567801"),
        ("hk_macao_permit", "M12345678", "M12345678"),
        ("taiwan_permit", "12345678", "12345678"),
        ("taiwan_permit", "1234567890(B)", "1234567890B"),
        ("foreign_permanent_residence", "usa110078012900", "USA110078012900"),
        ("foreign_permanent_residence", "911124198108030024", "911124198108030024"),
        ("passport", "e 12345678", "E12345678"),
    ],
)
def test_every_document_has_its_own_form(document_type, typed, kept):
    assert document_number(document_type, typed, today=TODAY) == kept


@pytest.mark.parametrize(
    ("document_type", "typed"),
    [
        ("id_card", "E12345678"),
        ("hk_macao_permit", "A12345678"),
        ("taiwan_permit", "123456789"),
        ("foreign_permanent_residence", "911124198108030025"),
        ("foreign_permanent_residence", "11010519491231002X"),
        ("passport", "ABCDE"),
        ("passport", "E" * 16),
        ("driving_licence", "12345678"),
    ],
)
def test_a_number_of_another_document_is_refused(document_type, typed):
    with pytest.raises(Invalid):
        document_number(document_type, typed, today=TODAY)


@pytest.mark.parametrize("code", ["91110000600037341L", "91110108551385082Q", "91350100M000100Y43"])
def test_a_right_credit_code_is_taken(code):
    assert credit_code(f" {code.lower()} ") == code


def test_a_code_that_fails_only_its_check_character_is_taken_with_a_reason():
    in_use = "91350211M0000XUF46"
    with pytest.raises(Doubtful):
        credit_code(in_use)
    with pytest.raises(Doubtful):
        credit_code(in_use, reason="   ")
    assert credit_code(in_use, reason="as on the certificate") == in_use


@pytest.mark.parametrize("typed", ["", "91350100M000100Y4", "9135010OM000100Y43", "91350I00M000100Y43", "９"])
def test_no_reason_helps_a_code_of_wrong_length_or_letters(typed):
    with pytest.raises(Invalid) as refusal:
        credit_code(typed, reason="as on the certificate")
    assert not isinstance(refusal.value, Doubtful)
