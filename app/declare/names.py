"""Names of persons as they are written in any script, rare Han characters included."""

import re
import unicodedata

from app.declare.invalid import Invalid
from app.declare.words import _

LONGEST_NAME = 50
"""Characters, counted as code points."""

_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅．", "·"))
_BETWEEN = frozenset(" ·-'’.")
_PLAIN = re.compile(f"[\u4e00-\u9fa5]{{1,{LONGEST_NAME}}}")
"""Names of everyday characters alone, as nearly all are."""

_HAN_PLANES = (0x20000, 0x3FFFD)
"""Planes 2 and 3 hold Han characters only. Python may not know the latest extension yet."""


def person_name(text: str) -> str:
    """A person's name in NFC, with single blanks and the middle dot U+00B7; raises Invalid."""
    if _PLAIN.fullmatch(text):
        return text
    name = " ".join(unicodedata.normalize("NFC", text).translate(_DOTS).split())
    if len(name) > LONGEST_NAME:
        raise Invalid(_("A name has at most %(most)d characters."), most=LONGEST_NAME)
    strange = sorted({sign for sign in name if not (sign in _BETWEEN or _is_mark(sign) or _is_letter(sign))})
    if strange:
        raise Invalid(
            _("These characters cannot stand in a name: %(characters)s"),
            characters=" ".join(_visible(sign) for sign in strange),
        )
    if not any(_is_letter(sign) for sign in name):
        raise Invalid(_("Please give the name."))
    return name


def _is_letter(sign: str) -> bool:
    first, last = _HAN_PLANES
    return sign == "〇" or first <= ord(sign) <= last or unicodedata.category(sign).startswith("L")


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign).startswith("M")


def _visible(sign: str) -> str:
    unseen = unicodedata.category(sign).startswith(("C", "Z"))
    return f"U+{ord(sign):04X}" if unseen else sign
