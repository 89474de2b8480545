import pytest
from hypothesis import given
from hypothesis.strategies import from_regex, sampled_from

from app.declare.contact import _PLAIN_NAME, _USUAL, _address, email, landline, phone
from app.declare.invalid import Invalid
from app.declare.masks import mask_email, mask_name, mask_number, mask_phone, masked


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13812345678", "13812345678"),
        ("+86 138 1234 5678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("138-1234-5678", "13812345678"),
        ("+852 9123 4567", "+85291234567"),
    ],
)
def test_a_mobile_number_is_kept_in_one_form(typed, kept):
    assert phone(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "abc", "1381234567", "12812345678", "010-62345678", "400-1727-027", "1" * 400]
)
def test_what_is_no_mobile_number_is_refused(typed):
    with pytest.raises(Invalid):
        phone(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("07168278488", "0716-8278488"),
        ("(027) 8765 4321", "027-87654321"),
        ("027-87654321转123", "027-87654321-123"),
        ("０１０－６２３４５６７８", "010-62345678"),
        ("400-1727-027", "4001727027"),
        ("13812345678", "13812345678"),
    ],
)
def test_a_fixed_line_keeps_its_area_code_and_extension(typed, kept):
    assert landline(typed) == kept


@given(from_regex(_USUAL, fullmatch=True))
def test_what_is_taken_at_a_glance_is_what_the_long_way_takes(typed):
    assert phone(f" {typed}") == phone(typed) == typed


def test_an_address_is_checked_by_its_form_alone():
    assert email(" zhang.san@Example.CN ") == "zhang.san@example.cn"
    for typed in ("", "zhang", "zhang@", "a b@example.cn", "a@b@c.cn"):
        with pytest.raises(Invalid):
            email(typed)


@given(
    from_regex(_PLAIN_NAME, fullmatch=True),
    sampled_from(["Example.CN", "mail.hospital.cn", "a..cn", "localhost"]),
)
def test_an_address_seen_at_a_glance_is_what_the_long_way_makes_of_it(name, host):
    assert outcome(email, f"{name}@{host}") == outcome(_address, f"{name}@{host}")


def outcome(check, typed):
    try:
        return check(typed)
    except Invalid as wrong:
        return str(wrong)


def test_masks_show_as_much_as_one_needs_to_recognise_oneself():
    assert mask_number("110101199003071237") == "110101********1237"
    assert mask_number("E12345678") == "E1*****78"
    assert mask_number("1234") == "****"
    assert mask_phone("13812345678") == "138****5678"
    assert mask_email("zhang@example.cn") == "z***@example.cn"
    assert mask_name("欧阳小明") == "欧**"
    assert [mask_number(""), mask_phone(""), mask_email(""), mask_name("")] == [""] * 4
    assert masked("phone", "13812345678") == "138****5678"
