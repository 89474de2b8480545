"""Numbers that identify persons and organisations: normalised, or refused with a sentence.

Every check takes the text as it was typed, pasted or read from a workbook. Full-width characters become
half-width, invisible ones and blanks disappear. Sources: GB 11643-1999 (ID numbers of citizens, and the
new permanent-residence cards, which share its check digit), GB 32100-2015 (credit codes).
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from operator import mul
from types import MappingProxyType

from stdnum.cn import uscc

from app.declare.invalid import Doubtful, Invalid
from app.declare.words import _

ID_CARD = "id_card"
DOCUMENT_TYPES = MappingProxyType(
    {
        ID_CARD: _("Resident identity card"),
        "hk_macao_permit": _("Mainland travel permit for Hong Kong and Macao residents"),
        "taiwan_permit": _("Mainland travel permit for Taiwan residents"),
        "foreign_permanent_residence": _("Foreign permanent resident ID card"),
        "passport": _("Passport"),
    }
)

_CODES = (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66))
PROVINCES = frozenset(str(code) for code in (*_CODES, 71, 81, 82, 83))
"""First two digits of an ID number: GB/T 2260, and 83 on residence permits of Taiwan residents.

The county that follows is not checked: people keep the number of a county abolished decades ago.
"""

HALF_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_DIGITS_18 = re.compile(r"[0-9]{17}[0-9X]")
_DIGITS_15 = re.compile(r"[0-9]{15}")
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_EARLIEST = date(1900, 1, 1)


def compact(text: str) -> str:
    """The text without blanks, hyphens and invisible characters, half-width and in capitals."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return "".join(
        letter
        for letter in text.translate(HALF_WIDTH).upper()
        if unicodedata.category(letter) not in {"Pd", "Zs", "Zl", "Zp", "Cc", "Cf"}
    )


def check_digit(first17: str) -> str:
    """The eighteenth character of an ID number, GB 11643: ISO 7064 MOD 11-2."""
    return "10X98765432"[sum(map(mul, map(int, first17), _WEIGHTS)) % 11]


def id_number(text: str, *, today: date) -> str:
    """The 18 characters of a citizen's ID number; one of 15 digits is brought up to 18.

    Raises Invalid for a wrong length, province, birth date or check digit.
    """
    number = compact(text)
    if _DIGITS_15.fullmatch(number):
        first17 = f"{number[:6]}19{number[6:]}"
        number = first17 + check_digit(first17)
    if not _DIGITS_18.fullmatch(number):
        raise Invalid(_("An ID number has 18 digits; only the last may be X."))
    if number[:2] not in PROVINCES:
        raise Invalid(_("No ID number begins with %(digits)s."), digits=number[:2])
    _require_birth_date(number, today)
    _require_check_digit(number)
    return number


def birth_date(number: str) -> date:
    """The date of birth that an 18-character ID number holds."""
    return _day(number[6:14])


@lru_cache(maxsize=50_000)  # all days on which anybody was born
def _day(digits: str) -> date:
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def gender(number: str) -> str:
    """`male` or `female`: the seventeenth digit of an ID number is odd for men."""
    return "male" if int(number[16]) % 2 else "female"


def _require_birth_date(number: str, today: date) -> None:
    try:
        born = birth_date(number)
    except ValueError:
        raise Invalid(_("The ID number holds a date of birth that does not exist.")) from None
    if not _EARLIEST <= born <= today:
        raise Invalid(_("The date of birth in the ID number must lie between 1900 and today."))


def _require_check_digit(number: str) -> None:
    if number[17] != check_digit(number[:17]):
        raise Invalid(
            _("The last character does not fit the rest of the ID number. Please compare it with the card.")
        )


def _hk_macao_permit(number: str, _today: date) -> str:
    if not re.fullmatch(r"[HM][0-9]{8}(?:[0-9]{2})?", number):
        raise Invalid(_("This permit has the letter H or M and 8 or 10 digits."))
    return number


def _taiwan_permit(number: str, _today: date) -> str:
    plain = number.replace("(", "").replace(")", "")
    if not re.fullmatch(r"[0-9]{8}|[0-9]{10}[A-Z]?", plain):
        raise Invalid(_("This permit has 8 digits, or 10 digits and a letter on older ones."))
    return plain


def _foreign_permanent_residence(number: str, today: date) -> str:
    if re.fullmatch(r"[A-Z]{3}[0-9]{12}", number):
        return number
    if not re.fullmatch(r"9[0-9]{16}[0-9X]", number):
        raise Invalid(
            _("This card has 18 digits that begin with 9, or three letters and 12 digits on older ones.")
        )
    _require_birth_date(number, today)
    _require_check_digit(number)
    return number


def _passport(number: str, _today: date) -> str:
    if not re.fullmatch(r"(?=.*[0-9])[A-Z0-9]{5,15}", number):
        raise Invalid(_("A passport number has 5 to 15 letters and digits."))
    return number


_OTHER_DOCUMENTS: MappingProxyType[str, Callable[[str, date], str]] = MappingProxyType(
    {
        "hk_macao_permit": _hk_macao_permit,
        "taiwan_permit": _taiwan_permit,
        "foreign_permanent_residence": _foreign_permanent_residence,
        "passport": _passport,
    }
)


def document_number(document_type: str, text: str, *, today: date) -> str:
    """The normalised number of a document of one of DOCUMENT_TYPES; raises Invalid."""
    if document_type == ID_CARD:
        return id_number(text, today=today)
    if document_type not in _OTHER_DOCUMENTS:
        raise Invalid(_("Please choose a type of document."))
    return _OTHER_DOCUMENTS[document_type](compact(text), today)


def is_sound(code: str) -> bool:
    """Whether the last character of a credit code fits the rest of it."""
    return bool(uscc.calc_check_digit(code) == code[17])


def credit_code(text: str, *, reason: str = "") -> str:
    """The 18 characters of a unified social credit code.

    Raises Invalid for a wrong length or character, and Doubtful for a wrong check character, unless a
    reason is given: codes that are in use are known to fail it.
    """
    code = compact(text)
    if not _CREDIT_CODE.fullmatch(code):
        raise Invalid(
            _(
                "A credit code has 18 digits and capital letters without I, O, S, V and Z; "
                "the third to the eighth are digits."
            )
        )
    if not is_sound(code) and not reason.strip():
        raise Doubtful(
            _(
                "The last character does not fit the rest of the credit code. "
                "If the code stands like this on the certificate, please give a reason."
            )
        )
    return code
