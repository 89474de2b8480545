"""Passwords: what one must be like, and how it is kept."""

import re
from collections.abc import Iterable
from typing import Any

from werkzeug.security import check_password_hash, generate_password_hash

from app.declare.words import _

METHOD = "scrypt:32768:8:1"
SHORTEST, LONGEST = 8, 128
"""Characters."""

NOBODYS = (
    f"{METHOD}$0123456789abcdef$"
    "9b17d6f1c0a6c0b6a7b8a1f7a6a9f0ddc36b3d0bb7f0d3fd4c0a4c2c3d0f5e1b"
    "0c7e4d9b1a2f8e6d5c4b3a29181716151413121110090807060504030201000f"
)
"""What is checked where there is no account: the same work, and no password fits it."""

WEAK = re.compile(
    r"(?:a{1,3}|abcd?|abc123|qwer?|qwerty|asdf?|zxcv?|password|passw0rd|admin|root|user|test|welcome|hello|xueshi"
    r"|iloveyou|woaini|1qaz2wsx|1q2w3e4r|1q2w3e4r5t|q1w2e3r4)(?:[0-9]*|[0-9]*[!@#.]+)"
    r"|(?:1234567?8?9?0?|0+|1+|5201314|1314520|8+|6+)[a-z]{1,3}"
)
"""Whole passwords, without capitals: they meet the rules and are the first that anybody tries."""

_KINDS = (re.compile("[A-Za-z]"), re.compile("[0-9]"))


def hashed(password: str) -> str:
    """The form in which a password is kept."""
    return generate_password_hash(password, method=METHOD)


def fits(kept: str | None, password: str) -> bool:
    """Whether a password is the kept one. It takes as long where nothing is kept, and is then false."""
    return check_password_hash(kept or NOBODYS, password) and kept is not None


def weaknesses(password: str, *, number: str = "", others: Iterable[str | None] = ()) -> list[Any]:
    """Why a new password cannot be taken, as sentences; none when it can.

    `number` is the ID number: its last six digits and the date of birth in it are as well known as itself.
    `others` are the name, the phone number and the like.
    """
    folded = password.casefold()
    known = [number, number[-6:], number[6:14] if len(number) == len("11010519491231002X") else "", *others]
    found = []
    if not SHORTEST <= len(password) <= LONGEST:
        found.append(_("A password has 8 to 128 characters."))
    if not all(kind.search(password) for kind in _KINDS):
        found.append(_("A password has letters and digits."))
    if any(each and len(each) > 1 and each.casefold() in folded for each in known):
        found.append(_("A password holds no part of the ID number, no phone number and no name."))
    if WEAK.fullmatch(folded):
        found.append(_("This password is too well known."))
    return found
