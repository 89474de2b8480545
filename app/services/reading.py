"""What people write for a number, a day or a yes, read strictly: what could mean two things is refused."""

import math
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from app.database import SHANGHAI
from app.declare.identity import HALF_WIDTH
from app.declare.invalid import Invalid
from app.declare.words import _

YES, NO = _("Yes"), _("No")

EXACT = 10**15
"""From here on a spreadsheet's number has lost digits: it keeps fifteen."""

LARGEST = 2**63
"""A bigint of PostgreSQL is smaller."""

_DAY = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|\.([0-9]{1,2})\.([0-9]{1,2})"
    r"|年([0-9]{1,2})月([0-9]{1,2})日|([0-9]{2})([0-9]{2}))"
)
_WHOLE = re.compile(r"[+-]?[0-9]{1,19}(?:\.0+)?")
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,6})?")
_BOOLEANS = MappingProxyType(
    dict.fromkeys(("1", "true", "yes", "y", "on", "是"), True)
    | dict.fromkeys(("0", "false", "no", "n", "off", "否"), False)
)


def natural(text: object, most: int = LARGEST - 1) -> int | None:
    """The number that these digits are, as an address or a field of a form carries it: 0 to `most`.

    None for what is no such number, however long it is.
    """
    digits = str(text if text is not None else "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(most)):
        return None
    number = int(digits)
    return number if number <= most else None


def written(raw: Any, *, long: bool = False) -> str:
    """The text of a form's field, a JSON value or a workbook's cell, in NFC and without blanks around it.

    A `long` text keeps its lines, any other has single blanks. Raises Invalid for a number whose digits the
    spreadsheet has lost, and for characters that cannot be seen.
    """
    typed = unicodedata.normalize("NFC", raw if isinstance(raw, str) else _text(raw))
    if typed.isprintable() and "  " not in typed and typed[:1] != " " and typed[-1:] != " ":
        return typed  # as most are
    lines = [" ".join(line.split()) for line in typed.splitlines()]
    text = ("\n" if long else " ").join(lines).strip()
    if text.isprintable():  # most are, and it is known at once
        return text
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign != "\n" for sign in text):
        raise Invalid(_("The text holds characters that cannot be seen. Please type it again."))
    return text


def _text(raw: Any) -> str:
    match raw:
        case None:
            return ""
        case str():
            return raw
        case bool():
            return "1" if raw else "0"
        case float():
            return _of_float(raw)
        case datetime() if raw.time() == time.min and raw.tzinfo is None:
            return raw.date().isoformat()
        case date():
            return raw.isoformat()
        case Decimal():
            return f"{raw:f}"
        case int() if abs(raw) < LARGEST:
            return str(raw)
        case _:
            raise Invalid(_("This cannot be read as one value."))


def _of_float(number: float) -> str:
    if not math.isfinite(number):
        raise Invalid(_("Please give a number, for example 12.5."))
    if not number.is_integer():
        return repr(number)
    if abs(number) >= EXACT:
        raise Invalid(
            _("The spreadsheet has rounded this number. Format the column as text and type the number again.")
        )
    return str(int(number))


def folded(text: str) -> str:
    """What two spellings of one choice have in common: width, capitals and blanks make no difference."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def day(text: str) -> date:
    """A calendar day: 2020-01-02, 2020/1/2, 2020.1.2, 2020年1月2日 or 20200102. Raises Invalid."""
    found = _DAY.fullmatch(_narrow(text))
    if found:
        with suppress(ValueError):
            return date(*(int(part) for part in found.groups() if part is not None))
    raise Invalid(_("Please give a date like 2020-01-31."))


def whole(text: str) -> int:
    """A whole number that the database can hold; `12.0` is one as well. Raises Invalid."""
    narrow = _narrow(text)
    number = int(narrow.partition(".")[0]) if _WHOLE.fullmatch(narrow) else LARGEST
    if abs(number) >= LARGEST:
        raise Invalid(_("Please give a whole number, for example 12."))
    return number


def number(text: str) -> Decimal:
    """A number with a point and at most six decimals, without separators of thousands. Raises Invalid."""
    narrow = _narrow(text)
    if not _NUMBER.fullmatch(narrow):
        raise Invalid(_("Please give a number, for example 12.5."))
    return Decimal(narrow)


def boolean(text: str) -> bool:
    """Yes or no, in either language. Raises Invalid."""
    found = _BOOLEANS.get(folded(text))
    if found is None:
        raise Invalid(_("Please answer yes or no."))
    return found


def moment(text: str) -> datetime:
    """A point in time in ISO 8601; one without a zone is China's. Raises Invalid."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(_("Please give a date and time like 2020-01-31 13:45.")) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=SHANGHAI)


def _narrow(text: str) -> str:
    return "".join(text.translate(HALF_WIDTH).split())


KINDS: MappingProxyType[str, Callable[[str], Any]] = MappingProxyType(
    {
        "text": str,
        "sealed": str,
        "integer": whole,
        "relation": whole,
        "number": number,
        "date": day,
        "moment": moment,
        "boolean": boolean,
    }
)
"""What reads each kind of column; a choice is read by its list."""
