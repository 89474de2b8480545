"""The side menu: the modules of the province's manual for the one who acts, each line if he may open it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from flask import g, request, url_for

from app.declare.menu import Item, MenuModule, below
from app.declare.province import province
from app.declare.screen import MENUS
from app.declare.words import _
from app.services import todo
from app.services.todo import Todo
from app.views.access import may_open
from app.views.database import db
from app.views.page import MenuEntry, Page
from app.views.parts import Entry, Group

TITLES = {
    "": "",
    "account": _("Account management"),
    "hours": _("Hours"),
    "statistics": _("Queries and statistics"),
    "system": _("System"),
}
ORDER = ("", *MENUS)
OTHER = _("Other functions")


def groups(admin: Any) -> tuple[Group, ...]:
    """The menu of the one who acts: home, what the manual names in its order, then whatever else there is."""
    found = sorted(_entries(admin, waiting()), key=lambda each: (ORDER.index(each.menu), each.position))
    modules = province().menu_of(g.actor.kind)
    if not modules:
        return tuple(_group(TITLES[menu], some) for menu, some in groupby(found, key=lambda each: each.menu))
    named = {each.function: each for each in found if each.function}
    shown = [group for module in modules if (group := _module(module, named)) is not None]
    taken = {item.function for module in modules for item in _all_of(module)}
    left = [each for each in found if each.function not in taken]
    top, others = [each for each in left if not each.menu], [each for each in left if each.menu]
    return tuple(group for group in (_group("", top), *shown, _group(OTHER, others)) if group.entries)


def waiting() -> Sequence[Todo]:
    """What waits for the one who acts: the same for a whole page, so that menu and home cannot disagree."""
    if "todo" not in g:
        g.todo = [] if g.who is None or g.who.pending else todo.todo(db(), g.who.waiting)
    return g.todo


def _entries(admin: Any, lines: Sequence[Todo]) -> Iterator[MenuEntry]:
    """Pages say where they stand; generated lists are tools of those who act for an organisation."""
    for view in admin.baseviews:
        if isinstance(view, Page):
            yield from (each for each in view.entries(lines) if may_open(each.endpoint))
            continue
        screen = getattr(getattr(getattr(view, "datamodel", None), "obj", None), "screen", None)
        if screen is None or not hasattr(view, "list"):
            continue
        endpoint = f"{view.endpoint}.list"
        lined = (not screen.users or g.actor.kind in screen.users) and (not screen.head or g.actor.depth == 1)
        if g.actor.organization_id and lined and screen.served and may_open(endpoint):
            yield MenuEntry(
                label=screen.label,
                endpoint=endpoint,
                menu=screen.menu,
                icon=screen.icon,
                position=screen.position,
                function=view.datamodel.obj.__tablename__,
            )


def _module(module: MenuModule, found: Mapping[str, MenuEntry]) -> Group | None:
    """A module with what the product has of it; None where that is nothing."""
    if module.function:
        entry = found.get(module.function)
        return Group(label="", entries=(_line(module, entry),)) if entry is not None else None
    parts = tuple(part for item in module.items if (part := _part(item, found)) is not None)
    return Group(label=module.label, entries=parts) if parts else None


def _part(item: Item, found: Mapping[str, MenuEntry]) -> Entry | Group | None:
    if item.function:
        return _line(item, found[item.function]) if item.function in found else None
    found_below = ((each, found.get(each.function or "")) for each in below(item))
    lines = tuple(_line(each, entry) for each, entry in found_below if entry is not None)
    return Group(label=item.label, entries=lines) if lines else None


def _all_of(item: Item) -> Iterator[Item]:
    """An item and all that stands under it."""
    yield item
    for each in below(item):
        yield from _all_of(each)


def _group(label: Any, entries: Iterable[MenuEntry]) -> Group:
    return Group(label=label, entries=tuple(_entry(each, each.label) for each in entries))


def _line(item: Item, entry: MenuEntry) -> Entry:
    return _entry(entry, item.label)


def _entry(entry: MenuEntry, label: Any) -> Entry:
    url = url_for(entry.endpoint, **entry.values)
    path, mark, query = url.partition("?")
    part = path.removesuffix("list/")
    return Entry(
        label=label,
        url=url,
        icon=entry.icon,
        count=entry.count,
        below=part if part.endswith("/") else "",
        apart=mark + query,
    )


def here(shown: Iterable[Group]) -> tuple[str, ...]:
    """The addresses of the lines that stand for the page of this request: its own line before a wider one."""
    path = request.script_root + request.path
    lines = [entry for group in shown for entry in _lines(group)]
    apart = f"?at={request.args['at']}" if "at" in request.args else ""
    exact = tuple(entry.url for entry in lines if entry.url in {path, path + apart})
    return exact or tuple(
        entry.url
        for entry in lines
        if entry.below and path.startswith(entry.below) and entry.apart in {"", apart}
    )


def _lines(group: Group) -> Iterator[Entry]:
    for each in group.entries:
        if isinstance(each, Group):
            yield from _lines(each)
        else:
            yield each
