"""The side menu: generated screens and pages under the same titles, each shown to those who may open it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from flask import g, request, url_for

from app.declare.access import Owner
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


def groups(admin: Any) -> tuple[Group, ...]:
    """The menu of the one who acts."""
    entries = sorted(_entries(admin, waiting()), key=lambda each: (ORDER.index(each.menu), each.position))
    return tuple(
        Group(label=TITLES[menu], entries=tuple(_entry(each) for each in some))
        for menu, some in groupby(entries, key=lambda each: each.menu)
    )


def waiting() -> Sequence[Todo]:
    """What waits for the one who acts: asked once for a page, so that menu and home cannot disagree."""
    if "todo" not in g:
        g.todo = [] if g.who is None or g.who.pending else todo.todo(db())
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
        me = g.actor.person_id
        if me and Owner("id") in view.datamodel.obj.access["read"]:
            yield MenuEntry(
                label=_("My data"),
                endpoint=f"{view.endpoint}.show",
                values={"pk": me},
                icon="id",
                position=30,
            )
        endpoint = f"{view.endpoint}.list"
        if g.actor.organization_id and may_open(endpoint):
            yield MenuEntry(
                label=screen.label,
                endpoint=endpoint,
                menu=screen.menu,
                icon=screen.icon,
                position=screen.position,
            )


def _entry(entry: MenuEntry) -> Entry:
    url = url_for(entry.endpoint, **entry.values)
    part = url.removesuffix("list/")
    return Entry(
        label=entry.label,
        url=url,
        icon=entry.icon,
        count=entry.count,
        below=part if part.endswith("/") else "",
    )


def here(shown: Iterable[Group]) -> tuple[str, ...]:
    """The addresses of the lines that stand for the page of this request."""
    path = request.script_root + request.path
    return tuple(
        entry.url
        for group in shown
        for entry in group.entries
        if entry.url == path or (entry.below and path.startswith(entry.below))
    )
