"""Parts that many pages share: drawn once for everything that they depend on, then only copied."""

import re
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any
from urllib.parse import quote_plus

from flask import Flask, current_app, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from app.declare.province import province
from app.declare.words import language

KEPT = "xueshi_pieces"
MOST = 2000
"""So many pieces are kept (some KB each); then all are forgotten and drawn anew."""

PRIVATE = "token"
"""The blank where the token of a form stands: it is the visitor's own and never kept."""

HOLE = re.compile("\x00([a-z_0-9]+)\x00|%00([a-z_0-9]+)%00")
"""A blank as it stands in a text, and as it stands in an address."""


def dress(web: Flask) -> None:
    """Let templates ask for `piece(template, key, …)`."""
    web.extensions[KEPT] = {}
    web.jinja_env.globals["piece"] = piece


def kept(key: Hashable, make: Callable[[], Any]) -> Any:
    """What was made under this key in the reader's language, or is made now."""
    known: dict[Hashable, Any] = current_app.extensions[KEPT]
    whole = (province().code, language(), request.script_root, key)
    found = known.get(whole)
    if found is None:
        if len(known) >= MOST:
            known.clear()
        found = known[whole] = make()
    return found


def blank(name: str) -> Markup:
    """What is drawn where something is to be filled in: a word of [a-z_0-9] between two NULs."""
    return Markup(f"\x00{name}\x00")  # noqa: S704 # nosec B704 -- a name of ours


def piece(template: str, key: Hashable, **words: Any) -> Markup:
    """A template drawn with these words, or as it was drawn under the same key before.

    The key holds whatever changes what the template says, and nothing that is sealed or masked; the language
    is added here.
    """
    return filled((template, key), lambda: drawn(template, words), {})


def filled(key: Hashable, make: Callable[[], str], blanks: Mapping[str, Any]) -> Markup:
    """What `make` draws, or drew under the same key before, with its blanks filled in.

    What is filled in is escaped, unless it is markup; in an address it is quoted.
    """
    names = frozenset((*blanks, PRIVATE))
    texts, holes = kept(key, lambda: _cut(make().replace(generate_csrf(), blank(PRIVATE)), names))
    parts = [texts[0]]
    for (name, quoted), text in zip(holes, texts[1:], strict=True):
        value = generate_csrf() if name == PRIVATE else blanks[name]
        parts += (quote_plus(value) if quoted else escape(value), text)
    return Markup("".join(parts))  # noqa: S704 # nosec B704 -- Jinja escaped what it drew


def _cut(text: str, names: Collection[str]) -> tuple[tuple[str, ...], tuple[tuple[str, bool], ...]]:
    """A text in pieces, and the name of each blank between two of them; whether it stands in an address."""
    texts, holes, done = [], [], 0
    for found in HOLE.finditer(str(text)):
        plain, quoted = found.groups()
        if (name := plain or quoted) in names:
            texts.append(text[done : found.start()])
            holes.append((name, plain is None))
            done = found.end()
    return tuple(str(each) for each in (*texts, text[done:])), tuple(holes)


def drawn(template: str, words: dict[str, Any]) -> Markup:
    """A template drawn with these words alone, without what a page's context holds."""
    made = current_app.jinja_env.get_template(template).render(**words)
    return Markup(made)  # noqa: S704 # nosec B704 -- Jinja escaped what it drew
