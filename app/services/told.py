"""A sentence with its places filled, to be said later in any language; what fills them may be texts too."""

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from app.services.wording import said


@dataclass(frozen=True, slots=True)
class Told:
    """`message` is a marked text. Texts and sentences among `params` are said too; several are listed."""

    message: Any
    params: Any = field(default_factory=lambda: MappingProxyType({}))

    def filled(self, **params: Any) -> "Told":
        """The same sentence with its places filled."""
        return replace(self, params=params)

    def in_(self, locale: str) -> str:
        """The sentence in one language."""
        words = said(self.message, locale)
        return (
            words % {key: _said(each, locale) for key, each in self.params.items()} if self.params else words
        )


def _said(part: Any, locale: str) -> Any:
    if isinstance(part, int):
        return part
    if isinstance(part, tuple):
        return (", " if locale.startswith("en") else "、").join(_said(each, locale) for each in part)
    return part.in_(locale) if isinstance(part, Told) else said(part, locale)
