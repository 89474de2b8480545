"""The operation guides (POR-05): docs/guide of a checkout, app/guide where it is installed (setup.py)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from flask import request
from markdown_it.token import Token
from markupsafe import Markup

from app.declare.province import in_its_words
from app.declare.words import _
from app.views import marked

APP = Path(__file__).parent.parent
FOLDER = next(
    (each for each in (APP / "guide", APP.parent / "docs" / "guide") if each.is_dir()), APP / "guide"
)

GUIDES = {
    "person": _("Professionals"),
    "employer": _("Employers"),
    "authority": _("Supervisory departments"),
    "institution": _("Institutions"),
    "hr_office": _("HR offices"),
}
"""One for each audience, in the order of the portal."""


def guide(name: str, spoken: str) -> tuple[str, Markup]:
    """The title and the text of a guide, in the province's words. Raises KeyError for one that is none."""
    if name not in GUIDES:
        raise KeyError(name)
    tokens = marked.GUIDES.parse(in_its_words(_written(name, spoken)))
    title = tokens[1].content  # the first line of each is its heading
    for token in tokens:
        _place(token)
    return title, marked.drawn(marked.GUIDES, tokens[3:])


def picture(name: str) -> bytes | None:
    """A picture of the guides, or None."""
    return _pictures().get(name)


@cache
def _pictures() -> Mapping[str, bytes]:
    """All of them, a few tens of KB each: no name that somebody asks for is looked up on the disk."""
    return {each.stem: each.read_bytes() for each in (FOLDER / "pictures").glob("*.png")}


@cache
def _written(name: str, spoken: str) -> str:
    return (FOLDER / f"{name}.{spoken}.md").read_text(encoding="utf-8")


def _place(token: Token) -> None:
    """Let the addresses of pictures begin where the application stands."""
    for inner in token.children or ():
        source = inner.attrGet("src") if inner.type == "image" else None
        if isinstance(source, str):
            inner.attrSet("src", f"{request.script_root}{source}")
            inner.attrSet("loading", "lazy")
