"""Telephone numbers and e-mail addresses: normalised, or refused with a sentence."""

import re
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from app.declare.identity import HALF_WIDTH
from app.declare.invalid import Invalid
from app.declare.words import _

MAINLAND = 86
_USUAL = re.compile(r"1(?:[38][0-9]|4[57]|[59][0-35-9]|6[25-7]|7[0-35-8])[0-9]{8}")
"""A mobile number of the mainland as it is kept. Most are typed so; the long way takes 30 times as long."""

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
PLAIN_LENGTH = 64
"""Of such an address only the host is looked at closely, and most people share a few of those."""

_EXTENSION = re.compile(r"^(.*[0-9]{7,8})\s*(?:-|#|转|ext\.?)\s*([0-9]{1,6})$", re.IGNORECASE)


def phone(text: str) -> str:
    """A mobile number: 11 digits in mainland China, +, country and number elsewhere; raises Invalid."""
    if _USUAL.fullmatch(text):
        return text
    number = _telephone(text)
    kind = phonenumbers.number_type(number)
    if kind not in {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}:
        raise Invalid(_("Please give a mobile number, for example 13812345678."))
    return _written(number)


def landline(text: str) -> str:
    """Any telephone number: `0716-8278488`, `027-87654321-123` with an extension; raises Invalid."""
    typed = text.translate(HALF_WIDTH).strip()
    extended = _EXTENSION.match(typed)
    if extended is None:
        return _written(_telephone(typed))
    return f"{_written(_telephone(extended[1]))}-{extended[2]}"


def email(text: str) -> str:
    """An e-mail address with its host in small letters; nobody is asked whether it exists. Raises Invalid."""
    typed = text.translate(HALF_WIDTH).strip()
    name, _at, host = typed.rpartition("@")
    if _PLAIN_NAME.fullmatch(name) and len(typed) <= PLAIN_LENGTH:
        return f"{name}@{_host(host)}"
    return _address(typed)


@lru_cache(maxsize=1024)
def _host(host: str) -> str:
    return _address(f"name@{host}").removeprefix("name@")


def _address(typed: str) -> str:
    try:
        return validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError:
        raise Invalid(_("Please give an e-mail address, for example name@example.cn.")) from None


def _telephone(text: str) -> phonenumbers.PhoneNumber:
    try:
        number = phonenumbers.parse(text.translate(HALF_WIDTH), "CN")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise Invalid(
            _("This is no telephone number. Numbers outside mainland China begin with + and the country.")
        )
    return number


def _written(number: phonenumbers.PhoneNumber) -> str:
    if number.country_code != MAINLAND:
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    digits = phonenumbers.national_significant_number(number)
    area = phonenumbers.length_of_geographical_area_code(number)
    return f"0{digits[:area]}-{digits[area:]}" if area else digits
