"""Parts that many pages share: drawn once for everything that they depend on, then only copied."""

from collections.abc import Callable, Hashable
from typing import Any

from flask import Flask, current_app, request
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from app.declare.province import province

KEPT = "xueshi_pieces"
MOST = 2000
"""So many pieces are kept (some KB each); then all are forgotten and drawn anew."""

PLACE = "\x00token\x00"
"""Where the token of a form stands in a piece: it is the visitor's own and never kept."""


def dress(web: Flask) -> None:
    """Let templates ask for `piece(template, key, …)`."""
    web.extensions[KEPT] = {}
    web.jinja_env.globals["piece"] = piece


def kept(key: Hashable, make: Callable[[], Any]) -> Any:
    """What was made under this key in the reader's language, or is made now."""
    known: dict[Hashable, Any] = current_app.extensions[KEPT]
    whole = (province().code, str(get_locale()), request.script_root, key)
    found = known.get(whole)
    if found is None:
        if len(known) >= MOST:
            known.clear()
        found = known[whole] = make()
    return found


def piece(template: str, key: Hashable, **words: Any) -> Markup:
    """A template drawn with these words, or as it was drawn under the same key before.

    The key holds whatever changes what the template says, and nothing that is sealed or masked; the language
    is added here.
    """
    text: Markup = kept((template, key), lambda: drawn(template, words).replace(generate_csrf(), PLACE))
    return text.replace(PLACE, generate_csrf()) if PLACE in text else text


def drawn(template: str, words: dict[str, Any]) -> Markup:
    """A template drawn with these words alone, without what a page's context holds."""
    made = current_app.jinja_env.get_template(template).render(**words)
    return Markup(made)  # noqa: S704 # nosec B704 -- Jinja escaped what it drew
