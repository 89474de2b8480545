"""Translatable text. `_` marks a string; it is looked up when shown, not when imported."""

from flask_babel import get_locale
from flask_babel import lazy_gettext as _

__all__ = ["N_", "_", "language"]

NATIVE = "zh"


def N_(text: str) -> str:  # noqa: N802 -- the name that Babel's extraction knows
    """Mark a text for the catalogue and leave it as it is: for words said before there is an application."""
    return text


def language() -> str:
    """The language of whoever is being served, `zh` or `en`; Chinese where nobody is."""
    locale = get_locale()
    return locale.language if locale is not None else NATIVE
