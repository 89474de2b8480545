"""The page of a generated list: kept as it was drawn, but for its rows and for what somebody typed."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from app.services import called, conditions, lists
from app.views import columns as chosen
from app.views import grid, listing, pieces
from app.views.listing import Told
from app.views.parts import Act, Pager
from app.views.shell import flashed, frame_key

CHOSEN = frozenset({"choice", "boolean"})
"""Kinds of columns whose search words are few: a page is kept for each of them."""

PICKED = "relation"
"""The kind whose search words are shown under a name that is looked up: such a page is drawn anew."""

Acts = Callable[[Mapping[str, str]], tuple[Act, ...]]
"""What can be done with a list, by the words of its search."""


def page(session: Session, model: Any, acts: Acts, draw: Callable[..., str]) -> str:
    """A list as its address asks for it; `draw` draws it from a Listing, with blanks where it is kept."""
    wanted = listing.asked(request.args, model)
    columns = chosen.shown(model)
    keys = tuple(column.key for column in columns)
    found, wrong = listing.found(session, model, wanted, keys)
    names = called.of_rows(session, found.rows, columns, found.called)
    heads = pieces.kept(("heads", model.__tablename__, keys), lambda: listing.heads(columns))
    url = f"{request.script_root}/{model.__tablename__}/show/"
    first = lists.unasked(session, model, wanted.words)
    told = Told(
        rows=grid.lines(found.rows, columns, heads, names, url),
        found="" if first else listing.counted(found.count, more=found.capped),
        pager=listing.pager(found, wanted),
    )

    def drawn(asked: lists.Asked, told: Told, **words: Any) -> str:
        shown = listing.listing(session, model, asked, found, told, acts(asked.words))
        return draw(replace(shown, search=listing.search_form(model, asked, wrong)), **words)

    if wrong is not None or not _regular(model, wanted):
        return drawn(wanted, told)
    marked, typed = _marked(model, wanted)
    filled = {"rows": told.rows, "found": told.found, "flashed": flashed(), **typed, **told.pager.urls}
    key = ("list", frame_key(), model.__tablename__, keys, *_said(marked, found, told), listing.notice(found))
    blanks = Told(
        rows=pieces.blank("rows") if told.rows else told.rows,
        found=pieces.blank("found") if told.found else "",
        pager=Pager(**{name: pieces.blank(name) if url else "" for name, url in told.pager.urls.items()}),
    )
    return pieces.filled(key, lambda: drawn(marked, blanks, flashed=pieces.blank("flashed")), filled)


def _regular(model: Any, wanted: lists.Asked) -> bool:
    """Whether the same page may be asked for again: in an order that there is, of words that are no names."""
    searched = conditions.searchable(model)
    sorts = wanted.sort == "" or wanted.sort.removeprefix("-") in lists.sortable(model)
    return sorts and not any(searched[key].kind == PICKED for key in wanted.words)


def _marked(model: Any, wanted: lists.Asked) -> tuple[lists.Asked, dict[str, str]]:
    """What is asked for with blanks for words that were typed, and what is to be filled in there."""
    searched = conditions.searchable(model)
    typed = {key: text for key, text in wanted.words.items() if searched[key].kind not in CHOSEN}
    words = {**wanted.words, **{key: pieces.blank(f"word_{key}") for key in typed}}
    return replace(wanted, words=words), {f"word_{key}": text for key, text in typed.items()}


def _said(marked: lists.Asked, found: lists.Found, told: Told) -> tuple[Hashable, ...]:
    """Everything that the page says outside its blanks and does not owe to its reader."""
    steps = tuple(bool(url) for url in told.pager.urls.values())
    asked = (*sorted(marked.words.items()), marked.sort, marked.size)
    return (asked, found.sort, found.unsorted, bool(told.rows), bool(told.found), steps)
