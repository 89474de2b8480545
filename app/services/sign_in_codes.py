"""The codes with which one signs in for a half day of a class: signed, not stored.

The one on a screen changes every minute and holds for two at most, so that a photograph of it helps nobody
who is elsewhere. A printed one, where the province allows it, holds for its half day.
"""

import hmac
import re
from dataclasses import dataclass

from app.database import clock
from app.declare.words import _
from app.encrypted import blind
from app.services.class_rules import class_rules
from app.services.errors import Refused

PERIOD = 60
"""Seconds for which the screen shows one code; it is taken for as many more."""

PRINTED = "p"
CODE = re.compile(r"([1-9][0-9]{0,17})\.([0-9]{4}-[0-9]{2}-[0-9]{2}[ap])\.(p|[0-9]{1,12})\.([0-9a-f]{32})")


class NoCode(Refused):
    """It is none of ours, or it is too old."""

    sentence = _("This code is not valid any more. Scan the one that the screen shows now.")


@dataclass(frozen=True, slots=True)
class Shown:
    """For which half day of which class a code signs in."""

    class_id: int
    half_day: str


def code(class_id: int, half_day: str, *, printed: bool = False) -> str:
    """The code for a half day: the one of this minute, or the one that is printed."""
    slot = PRINTED if printed else str(int(clock.now().timestamp()) // PERIOD)
    told = f"{class_id}.{half_day}.{slot}"
    return f"{told}.{_signed(told)}"


def read(typed: str) -> Shown:
    """What a code stands for. Raises NoCode."""
    found = CODE.fullmatch(typed)
    if found is None:
        raise NoCode
    class_id, half_day, slot, signature = found.groups()
    if not hmac.compare_digest(_signed(f"{class_id}.{half_day}.{slot}"), signature):
        raise NoCode
    if slot == PRINTED:
        if not class_rules().printed_codes:
            raise NoCode
    elif int(clock.now().timestamp()) // PERIOD - int(slot) not in (0, 1):
        raise NoCode
    return Shown(int(class_id), half_day)


def _signed(told: str) -> str:
    return blind("class.sign_in", told).hex()
