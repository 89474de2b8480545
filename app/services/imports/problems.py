"""What is wrong with a row: kept as the key of a sentence, said in the language of whoever reads it.

What a sentence quotes from a cell is personal data: it is kept apart, sealed with the cells.
"""

from collections.abc import Mapping
from typing import Any, TypedDict

from app.declare.words import _
from app.services.wording import msgid, said

TWICE = _("The same number stands in this file more than once.")
ELSEWHERE = _("This number belongs to somebody at another organization. A transfer brings people to you.")
HELD = _("This person has an account: ask for a correction of the identity, with proof.")
OF_ROWS = _("%(sentence)s (rows %(rows)s)")
UNQUOTED = "…"


class Problem(TypedDict):
    """One problem: a column's key ("" for the row as a whole), a sentence's key, its numbers."""

    column: str
    kind: str
    params: dict[str, int]


class _Filled(dict[str, Any]):
    """What fills a sentence; where a quotation is not at hand, it is left out visibly."""

    def __missing__(self, key: str) -> str:
        return UNQUOTED


def problem(column: str, wrong: Any) -> tuple[Problem, dict[str, str]]:
    """A problem as it is kept, and what it quotes. `wrong` is a lazy text or has `message` and `params`."""
    message = getattr(wrong, "message", wrong)
    params = dict(getattr(wrong, "params", {}))
    numbers = {key: value for key, value in params.items() if isinstance(value, int)}
    quoted = {key: str(value) for key, value in params.items() if key not in numbers}
    return Problem(column=column, kind=msgid(message), params=numbers), quoted


def sentence(found: Mapping[str, Any], quoted: Mapping[str, str], locale: str) -> str:
    """A problem in words."""
    filled = _Filled({**found["params"], **quoted})
    kept = found["kind"]
    words = said(_(kept), locale)
    said_so = words % filled if filled or "%(" in words else words
    if rows := found.get("rows"):
        listed = ", ".join(str(number) for number in rows)
        return said(OF_ROWS, locale) % {"sentence": said_so, "rows": listed}
    return said_so
