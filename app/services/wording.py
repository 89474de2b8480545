"""A text in a language one names, with or without a web application around: imports, exports, messages."""

from collections.abc import Callable
from functools import cache
from typing import Any

from flask_babel.speaklater import LazyString

from app.catalogues import translator
from app.declare.part import Text
from app.declare.province import in_its_words
from app.declare.words import _


def said(text: Any, locale: str) -> str:
    """A text of the province, a marked text or an Invalid, in one language (`zh`, `en`, `zh_Hans_CN`)."""
    if isinstance(text, Text):
        return text.in_(locale)
    if isinstance(text, LazyString):
        words = _translator(locale.partition("_")[0])(msgid(text))
        return words % text._kwargs if text._kwargs else words  # noqa: SLF001 -- see msgid
    if (message := getattr(text, "message", None)) is not None:
        words = said(message, locale)
        return words % text.params if text.params else words
    return str(text)


def signed(name: str, on_behalf: str) -> str:
    """Who did something: both names, where it was done on behalf of somebody else."""
    return str(_("%(name)s on behalf of %(other)s", name=name, other=on_behalf)) if on_behalf else name


def msgid(text: Any) -> str:
    """The key under which the catalogues hold a marked text."""
    return str(text._args[0]) if isinstance(text, LazyString) else str(text)  # noqa: SLF001 -- flask-babel has no other name for it


@cache
def _translator(language: str) -> Callable[[str], str]:
    catalogue = translator(language)
    return lambda text: in_its_words(catalogue(text))
