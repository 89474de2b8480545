"""Where a review queue is: its address, its filter, and what both say of a place in it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from flask import url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

from app.declare.column import Column
from app.reviews import KINDS
from app.security.scope import model_of
from app.services.selection import Filter
from app.services.values import declared
from app.views import menu, pieces
from app.views.listing import waits

WORDS = 100  # characters of a search
PLACES = ("tab", "after", "before", "page")


def filter_of(kind: str, args: Mapping[str, str]) -> Filter:
    """The filter that an address holds; what it cannot mean is left out."""
    return Filter(
        kind=kind,
        words=args.get("words", "")[:WORDS],
        equals={key: args[key] for key in searched(kind) if args.get(key)},
        since=_day(args.get("since", "")),
        until=_day(args.get("until", "")),
        at=args["at"] if args.get("at") in KINDS[kind].queues else "",
    )


def searched(kind: str) -> dict[str, Column]:
    """The choices of a kind's subject that its queue can be narrowed by."""
    return cast("dict[str, Column]", pieces.kept(("searched", kind), lambda: _searched(kind)))


def _searched(kind: str) -> dict[str, Column]:
    columns = declared(model_of(KINDS[kind].subject))
    return {
        key: column
        for key, column in columns.items()
        if key in KINDS[kind].shows and column.field.search and column.kind == "choice"
    }


def query(args: Mapping[str, str], kind: str) -> str:
    """The filter as it stands in an address, without the place in the list."""
    return urlencode({key: args[key] for key in words_of(kind) if args.get(key)})


def whereabouts(args: Mapping[str, str], kind: str) -> str:
    """Where a reviewer is: the filter, the tab and the page, so that every act leads back there."""
    return urlencode({key: args[key] for key in (*words_of(kind), *PLACES) if args.get(key)})


def address(kind: str, kept: str) -> str:
    """The queue at a place that `whereabouts` told."""
    place = url_for("ReviewsPage.queue", kind=kind)
    return f"{place}?{kept}" if kept else place


def words_of(kind: str) -> tuple[str, ...]:
    """The names in an address that narrow the queue of a kind."""
    return ("words", "since", "until", *(("at",) if KINDS[kind].queues else ()), *searched(kind))


def waiting(choice: Filter) -> int | None:
    """How many wait here, as home and the menu say it too."""
    return next(
        (line.count for line in menu.waiting() if (line.kind, line.at) == (choice.kind, choice.at)), None
    )


def place_in(choice: Filter, number: int | None) -> str:
    """Which one of the queue a review is, and of how many, where the queue is not narrowed."""
    if number is None:
        return ""
    whole = replace(choice, words="", equals={}, since=None, until=None)
    many = waiting(choice) if whole == choice else None
    if many is None:
        return _("No. %(number)s", number=number)
    return _("%(number)s of %(many)s", number=number, many=waits(many))


def place(choice: Filter) -> dict[str, Any]:
    """The address of the queue, with the step that it is narrowed to where each has one of its own."""
    return {"kind": choice.kind, "at": choice.at} if choice.at else {"kind": choice.kind}


def measured(kind: str) -> bool:
    """Whether a kind is about hours, which batches add up."""
    return hasattr(model_of(KINDS[kind].subject), "hours")


def hours(number: Any) -> str:
    """A sum of hours as it is written."""
    return str(format_decimal(number, "#,##0.#"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
