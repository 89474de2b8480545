"""What is wrong with a row: kept as the key of a sentence, said in the language of whoever reads it.

What a sentence quotes from a cell is personal data: it is kept apart, sealed with the cells.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypedDict

from app.declare.masks import mask_number
from app.declare.part import Text
from app.declare.words import _
from app.services.values import LANGUAGES
from app.services.wording import msgid, said

TWICE = _("The same number stands in this file more than once.")
ELSEWHERE = _("This number belongs to somebody at another organization. A transfer brings people to you.")
HELD = _("This person has an account: ask for a correction of the identity, with proof.")
OF_ROWS = _("%(sentence)s (rows %(rows)s)")
LONG_NUMBER = re.compile(r"[0-9]{11}")
"""An ID or phone number in the wrong column is one all the same."""

UNQUOTED = "…"
OURS = (int, Decimal, Text)
"""What a sentence is filled with that is nobody's personal data."""


class Problem(TypedDict):
    """One problem: a column's key ("" for the row as a whole), a sentence's key, its numbers and labels.

    A label stands there in both languages.
    """

    column: str
    kind: str
    params: dict[str, Any]


class _Filled(dict[str, Any]):
    """What fills a sentence; where a quotation is not at hand, it is left out visibly."""

    def __missing__(self, key: str) -> str:
        return UNQUOTED


def problem(column: str, wrong: Any) -> tuple[Problem, dict[str, str]]:
    """A problem as it is kept, and what it quotes. `wrong` is a lazy text or has `message` and `params`."""
    message = getattr(wrong, "message", wrong)
    params = dict(getattr(wrong, "params", {}))
    open_to_all = {key: _plain(value) for key, value in params.items() if isinstance(value, OURS)}
    quoted = {key: str(value) for key, value in params.items() if key not in open_to_all}
    return Problem(column=column, kind=msgid(message), params=open_to_all), quoted


def _plain(value: Any) -> Any:
    """A number or a word of the province, fit for JSON."""
    if isinstance(value, Text):
        return {language: value.in_(language) for language in LANGUAGES}
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def sentence(found: Mapping[str, Any], quoted: Mapping[str, str], locale: str) -> str:
    """A problem in words."""
    language = locale.partition("_")[0]
    ours = {key: each[language] if isinstance(each, dict) else each for key, each in found["params"].items()}
    filled = _Filled({**ours, **quoted})
    kept = found["kind"]
    words = said(_(kept), locale)
    said_so = words % filled if filled or "%(" in words else words
    if rows := found.get("rows"):
        listed = ", ".join(str(number) for number in rows)
        return said(OF_ROWS, locale) % {"sentence": said_so, "rows": listed}
    return said_so


def hidden(quoted: Mapping[str, str]) -> dict[str, str]:
    """What a sentence quotes, without any number that could be a person's."""
    return {key: mask_number(text) if LONG_NUMBER.search(text) else text for key, text in quoted.items()}
