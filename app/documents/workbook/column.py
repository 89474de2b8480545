"""What one column of a workbook is, and how its title is recognised again."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from app.declare.words import _

REQUIRED = "*"
"""Stands behind the title of a column that must be filled."""

SAMPLE = _("[Example]")
"""Stands before the first cell of the sample row, which the reader leaves out."""

REASON_KEY, REASON = "__reason__", _("Reason for failure")
NUMBER_KEY, NUMBER = "__row__", _("Original row")


@dataclass(frozen=True)
class Column:
    """One column: `key` is ours and never shown, the texts may be lazily translated.

    `choices` are the words allowed in its cells, `example` its cell in the sample row, `width` is
    in characters, `note` is shown when the pointer rests on the title. `also` are other titles by
    which it is known again, those of another language for example.
    """

    key: str
    title: Any
    required: bool = False
    choices: tuple[Any, ...] = ()
    example: Any = ""
    width: int = 16
    note: Any = ""
    also: tuple[Any, ...] = ()

    @property
    def heading(self) -> str:
        """The title as it stands in the first row."""
        return f"{self.title}{REQUIRED}" if self.required else str(self.title)


VERDICT = (Column(REASON_KEY, REASON, width=48), Column(NUMBER_KEY, NUMBER, width=10))
"""The two columns that a workbook of failed rows has more than the template."""


def recognised(title: str) -> str:
    """The title without what people change by accident: case, width, blanks, the required mark."""
    return "".join(unicodedata.normalize("NFKC", title).casefold().split()).rstrip(REQUIRED)
