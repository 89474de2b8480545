"""What is wrong with a profile, said with file and line in Chinese or English.

A broken profile is reported before there is an application, so the catalogue is read without one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from babel.support import Translations

from app.declare.words import N_, NATIVE

CATALOGUES = Path(__file__).parent.parent.parent / "translations"
WARNING = N_("warning")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to mend. `message` is a sentence of the catalogue; `params` fill its places.

    An error keeps the profile from being used; a warning does not.
    """

    file: str
    line: int
    key: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: Literal["error", "warning"] = "error"

    def text(self, locale: str = NATIVE) -> str:
        """`hexi.toml:9: reviews.hours.steps[0].at: …` in one language."""
        words = Translations.load(CATALOGUES, [locale])
        sentence = words.gettext(self.message) % self.params
        degree = f"{words.gettext(WARNING)}: " if self.severity == "warning" else ""
        where = f"{self.file}:{self.line}: "
        return f"{where}{degree}{self.key}: {sentence}" if self.key else f"{where}{degree}{sentence}"


class BrokenProfile(ValueError):
    """A profile that cannot be used. `problems` holds the errors in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)

    def text(self, locale: str = NATIVE) -> str:
        """All its problems, one to a line."""
        return "\n".join(problem.text(locale) for problem in self.problems)

    def __str__(self) -> str:
        """The problems in both languages: whoever starts the product may read either."""
        return f"{self.text(NATIVE)}\n{self.text('en')}"
