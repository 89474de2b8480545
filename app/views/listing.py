"""A generated list: from its address to what the template draws."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup

from app.declare.column import Column
from app.services import conditions, lists
from app.services.errors import Faulty
from app.views import cells, searching
from app.views import columns as chosen
from app.views.forms import refuse
from app.views.parts import Act, Listing, Pager, Search
from app.views.parts import Column as Head

LOST = lazy_gettext("The place you came from is no longer there; this is the first page.")
OPEN = 5
"""So many search fields stand open; the rest is folded."""


def asked(args: Mapping[str, str], model: Any) -> lists.Asked:
    """What an address asks for. What it cannot mean is left out: a list never fails for its address."""
    known = conditions.searchable(model)
    size = lists.id_of(args.get("size")) or lists.PAGE
    return lists.Asked(
        words={key: args[key][:200] for key in known if args.get(key, "").strip()},
        sort=args.get("sort", ""),
        after=lists.id_of(args.get("after")),
        before=lists.id_of(args.get("before")),
        last=args.get("page") == "last",
        size=min(size, lists.MOST),
    )


def found(
    session: Any, model: Any, wanted: lists.Asked, keys: Iterable[str]
) -> tuple[lists.Found, Faulty | None]:
    """One page of rows; and what is wrong with the search words, in which case there are none."""
    try:
        return lists.page(session, model, wanted, keys), None
    except Faulty as wrong:
        return lists.Found(rows=(), count=0, earlier=False, later=False), wrong


def search_form(model: Any, wanted: lists.Asked, wrong: Faulty | None) -> Search | None:
    """The search form as it was filled in, with what is wrong at its fields."""
    known = conditions.searchable(model)
    if not known:
        return None
    form = searching.form_of(model, wanted.words)
    if wrong is not None:
        refuse(form, wrong)
    keys = tuple(known)
    hidden = {"sort": wanted.sort} if wanted.sort else {}
    return Search(
        name=model.__tablename__,
        form=form,
        reset_url=request.path,
        open=keys[:OPEN],
        folded=keys[OPEN:],
        hidden=hidden,
        active=any(key in wanted.words for key in keys[OPEN:]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What of a list differs each time: its rows as they are drawn, their number, the pages around."""

    rows: Markup
    found: str
    pager: Pager


def listing(
    session: Any, model: Any, wanted: lists.Asked, page: lists.Found, told: Told, acts: tuple[Act, ...]
) -> Listing:
    """The page of a list but for its search."""
    columns = chosen.shown(model)
    narrowed = bool(wanted.words)
    first = lists.unasked(session, model, wanted.words)
    return Listing(
        title=model.screen.label,
        columns=tuple(_head(column, model, wanted, page) for column in columns),
        rows=(),
        drawn=told.rows,
        found=told.found,
        pager=told.pager,
        acts=acts,
        empty=_empty(model, first, narrowed=narrowed),
        empty_act=Act(label=_("Show all"), url=request.path) if narrowed and not first else None,
        notice=notice(page),
    )


def _empty(model: Any, first: Column | None, *, narrowed: bool) -> Any:
    if first is not None:
        return _("Choose first: %(label)s", label=cells.worded(first.field.label))
    return (
        _("Nothing fits these conditions.") if narrowed else model.screen.empty or _("Nothing is here yet.")
    )


def notice(page: lists.Found) -> str:
    """What is to be said about a page: it lost its place, or its order."""
    if page.unsorted:
        return _(
            "More than %(most)s rows keep one order. Narrow the search, then sort.", most=f"{lists.CAP:,}"
        )
    return str(LOST) if page.lost or _senseless(request.args) else ""


def _senseless(args: Mapping[str, str]) -> bool:
    """Whether an address names a place that no row can have."""
    return any(args.get(place) and lists.id_of(args[place]) is None for place in ("after", "before"))


def counted(count: int, *, more: bool = False) -> str:
    """A count as it is written: "1,000+" where there are more."""
    return f"{count:,}+" if more else f"{count:,}"


def waits(count: int) -> str:
    """How many things wait, as home, the menu and the queue write it; nothing where none does."""
    return counted(min(count, lists.COUNTED), more=count > lists.COUNTED) if count else ""


def pager(page: lists.Found, wanted: lists.Asked) -> Pager:
    """The addresses of the pages around this one."""
    if not page.rows:
        return Pager()
    return Pager(
        first=address(wanted) if page.earlier else "",
        previous=address(wanted, before=str(page.rows[0].id)) if page.earlier else "",
        next=address(wanted, after=str(page.rows[-1].id)) if page.later else "",
        last=address(wanted, page="last") if page.later else "",
    )


def address(wanted: lists.Asked, **place: str) -> str:
    """The address of a page of the same list: words, order and size stay, the place changes."""
    words = dict(wanted.words)
    if wanted.sort:
        words["sort"] = wanted.sort
    if wanted.size != lists.PAGE:
        words["size"] = str(wanted.size)
    return f"{request.path}?{urlencode({**words, **place})}"


def heads(columns: Iterable[Column]) -> tuple[Head, ...]:
    """The heads of columns as their cells know them: without an order."""
    return tuple(
        Head(key=column.key, label=str(cells.worded(column.field.label)), kind=cells.setting(column))
        for column in columns
    )


def _head(column: Column, model: Any, wanted: lists.Asked, page: lists.Found) -> Head:
    sorted_by = page.sort.removeprefix("-") == column.key
    falling = sorted_by and page.sort.startswith("-")
    may = column.key in lists.sortable(model) and not page.unsorted
    turned = column.key if not sorted_by or falling else f"-{column.key}"
    order = lists.Asked(words=wanted.words, sort=turned, size=wanted.size)
    return Head(
        key=column.key,
        label=str(cells.worded(column.field.label)),
        kind=cells.setting(column),
        sort_url=address(order) if may else "",
        sorted=("descending" if falling else "ascending") if sorted_by else "",
    )
