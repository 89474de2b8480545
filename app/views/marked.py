"""Text with Markdown's signs as a part of a page. HTML in it is shown as the letters it is, never obeyed."""

from collections.abc import Sequence

from flask import Flask
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

LOWER = {"h1": "h2", "h2": "h3", "h3": "h4", "h4": "h5", "h5": "h6"}
"""A page has one first heading, and that is its title."""

NOTES = MarkdownIt("commonmark", {"html": False}).disable("image")
GUIDES = MarkdownIt("commonmark", {"html": False}).enable("table")


def dress(web: Flask) -> None:
    """Let templates ask for `text|marked`."""
    web.jinja_env.filters["marked"] = marked


def marked(text: str) -> Markup:
    """What somebody wrote, with paragraphs, lists, headings, emphasis and links; no pictures.

    markdown-it refuses the addresses that would run something (`javascript:`, `data:` …).
    """
    return drawn(NOTES, NOTES.parse(text))


def drawn(reader: MarkdownIt, tokens: Sequence[Token]) -> Markup:
    """Tokens of a reader that obeys no HTML, its headings one level lower."""
    for token in tokens:
        token.tag = LOWER.get(token.tag, token.tag)
        for inner in token.children or ():
            if inner.type == "link_open":
                inner.attrSet("rel", "noopener noreferrer nofollow")
    made = reader.renderer.render(tokens, reader.options, {})
    return Markup(made)  # noqa: S704 # nosec B704 -- html is off: the renderer escaped every letter
