"""Passwords: what one must be like, and how it is kept."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from werkzeug.security import check_password_hash, generate_password_hash

from app.declare.words import _

METHOD = "scrypt:32768:8:1"
LONGEST = 128
"""Characters; nobody is asked to shorten a long one, but hashing has an end."""

FEWEST = 4
"""Different characters."""

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

_KINDS = tuple(map(re.compile, ("[A-Z]", "[a-z]", "[0-9]", "[^A-Za-z0-9]")))


@dataclass(frozen=True, slots=True)
class Policy:
    """What is asked of a password, beside what is asked of each: nothing of oneself, nothing well known.

    `shortest` in characters; `kinds` of capitals, small letters, digits and others; `days` until a new one is
    asked for at login, none for never. `rule` says it at the field.
    """

    shortest: int
    kinds: int
    days: int | None
    rule: Any


POLICIES: Mapping[str, Policy] = MappingProxyType(
    {
        "dengbao": Policy(
            shortest=8,
            kinds=3,
            days=90,
            rule=_(
                "At least 8 characters with three of these: capitals, small letters, digits, other signs. Not"
                " your name, ID number or phone. It is to be changed every 90 days."
            ),
        ),
        "asvs": Policy(
            shortest=12,
            kinds=0,
            days=None,
            rule=_(
                "At least 12 characters, whichever you like; several words with spaces are good. Not your"
                " name, ID number or phone."
            ),
        ),
    }
)
"""dengbao: GB/T 22239-2019, 8.1.4.1 a (complexity, regular change), in the numbers that assessors usually
ask. asvs: OWASP ASVS 4.0, 2.1 (length instead of kinds, no regular change).
"""


class _InForce:
    policy = POLICIES["dengbao"]


def use(name: str) -> None:
    """Ask for passwords by this policy from now on; at start."""
    _InForce.policy = POLICIES[name]


def rule() -> Any:
    """What stands at the field of a new password."""
    return _InForce.policy.rule


def expired(chosen_at: datetime | None, now: datetime) -> bool:
    """Whether a password that its holder chose at this moment is to be changed."""
    days = _InForce.policy.days
    return days is not None and chosen_at is not None and now - chosen_at >= timedelta(days=days)


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
    found, policy = [], _InForce.policy
    if not policy.shortest <= len(password) <= LONGEST:
        found.append(_("A password has %(least)s to 128 characters.", least=policy.shortest))
    if sum(kind.search(password) is not None for kind in _KINDS) < policy.kinds:
        found.append(_("A password has three of these: capitals, small letters, digits, other signs."))
    if any(each and len(each) > 1 and each.casefold() in folded for each in known):
        found.append(_("A password holds no part of the ID number, no phone number and no name."))
    if WEAK.fullmatch(folded) or len(set(folded)) < FEWEST:
        found.append(_("This password is too well known."))
    return found
