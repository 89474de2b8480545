"""What pages are drawn from: plain values that views fill and templates read. No database, no request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.services.differences import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the side menu. `count` is the todo number, empty where nothing waits.

    It is the current one on its own page and, where `below` says so, on all that stand below that address; of
    two with one address those on which `apart`, the query, is the same.
    """

    label: Any
    url: str
    icon: str = "dot"
    count: str = ""
    below: str = ""
    apart: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Lines of the side menu under one title or none; a group inside a group is a part of a module."""

    label: Any
    entries: "tuple[Entry | Group, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One appointment one may act as."""

    id: int
    unit: str
    role: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who is signed in and as what he acts."""

    name: str
    unit: str = ""
    role: Any = ""
    posts: tuple[Post, ...] = ()
    password_url: str = ""
    account_url: str = ""
    act_as_url: str = ""
    messages_url: str = ""
    unread: int = 0
    logout_url: str = "/logout/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What stands around every page. `languages` maps a locale to its own name for itself.

    `seeing` is the name of the role as which he only looks; `back_url` leads back to his own rights.
    `here` holds the addresses of the menu's current lines; `key` is the same only where everything else is.
    """

    platform: Any
    home_url: str = "/"
    mark: str = "学"
    locale: str = "zh"
    languages: Mapping[str, str] = field(default_factory=dict)
    locale_url: str = "/locale"
    login_url: str = "/login/"
    dark: bool | None = None
    visitor: Visitor | None = None
    groups: tuple[Group, ...] = ()
    seeing: str = ""
    back_url: str = ""
    help_line: Any = ""
    here: tuple[str, ...] = ()
    key: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One tab above a list, with the number of rows behind it where that is known cheaply."""

    label: Any
    url: str
    count: str = ""
    current: bool = False
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a list. `sorted` is '', 'ascending' or 'descending'; no `sort_url`, no sorting."""

    key: str
    label: Any
    kind: str = "text"
    sort_url: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value as it is read: a status (`tone`), a link (`url`), or masked (`reveal_url` shows it whole)."""

    text: Any
    tone: str = ""
    url: str = ""
    reveal_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a list; `acts` are links at its end."""

    id: Any
    url: str
    cells: tuple[Cell, ...]
    selectable: bool = True
    acts: tuple["Act", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something one can press. With `method` post it is a form of its own; `key` is its keyboard shortcut.

    `again` says that it leaves the page in place (a download) and may be pressed again.
    """

    label: Any
    url: str = ""
    name: str = ""
    icon: str = ""
    look: str = ""
    key: str = ""
    confirm: Any = ""
    method: str = "get"
    dialog: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """Keyset paging: addresses of the pages that can be reached, '' where there is none."""

    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""

    @property
    def urls(self) -> dict[str, str]:
        """The addresses by the names of the fields."""
        return {"first": self.first, "previous": self.previous, "next": self.next, "last": self.last}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """What can be done with the chosen rows, or with all rows of the filter.

    The form sends `id` for each chosen row, or `whole=1` with `filter` (the query string) and `expected`
    (the count that the page showed, `said` as it is written), and `action`.
    """

    url: str
    filter: str
    expected: int | str
    said: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The search form above a list: a WTForms form, what stands open, what is folded, what is kept hidden.

    `name` tells it from the forms of other lists.
    """

    name: str
    form: Any
    reset_url: str
    open: tuple[str, ...]
    folded: tuple[str, ...] = ()
    hidden: Mapping[str, str] = field(default_factory=dict)
    active: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list page. `found` is the written count ("10,000+"); `drawn` are rows that are markup already.

    `beside` are lists of other things that stand together with this one.
    """

    title: Any
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    found: str
    drawn: Any = ""
    pager: Pager = Pager()
    tabs: tuple[Tab, ...] = ()
    beside: tuple[Tab, ...] = ()
    search: Search | None = None
    acts: tuple[Act, ...] = ()
    bulk: Bulk | None = None
    empty: Any = ""
    empty_act: Act | None = None
    under: Any = ""
    notice: Any = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One labelled value of a record."""

    label: Any
    cell: Cell
    wide: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Facts under one title, which is all that one sees of them at first where it is `folded`."""

    facts: tuple[Fact, ...]
    label: Any = ""
    folded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One step of a course of events: `state` is ok, bad, now or '' (still to come).

    `notes` say what was unusual about it, `acts` are what one can do about it.
    """

    label: Any
    state: str = ""
    when: str = ""
    who: str = ""
    where: str = ""
    reason: str = ""
    notes: tuple[Any, ...] = ()
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """One file of a record; `size` is written out, with its unit.

    A `picture` is shown where it stands, and so is a `paper` (PDF) where somebody reads it to decide. `field`
    is the key of what it proves, where it proves one thing alone.
    """

    name: str
    url: str
    size: str = ""
    field: str = ""
    picture: bool = False
    paper: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One record page. `checks` say what a reviewer should look at with more care."""

    title: Any
    sections: tuple[Section, ...]
    status: Cell | None = None
    trail: tuple[tuple[Any, str], ...] = ()
    acts: tuple[Act, ...] = ()
    events: tuple[Event, ...] = ()
    changes: tuple[Change, ...] = ()
    files: tuple[Attached, ...] = ()
    files_label: Any = ""
    related: tuple[Fact, ...] = ()
    checks: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One form page.

    `sections` are (title, names of fields); `way` the labels of a wizard's steps, `at` the current one.
    `overtaken` are fields that somebody else has changed: what they say now, and what the form says.
    """

    title: Any
    form: Any
    sections: tuple[tuple[Any, tuple[str, ...]], ...]
    submit: Any
    cancel_url: str = ""
    trail: tuple[tuple[Any, str], ...] = ()
    intro: Any = ""
    way: tuple[Any, ...] = ()
    at: int = 0
    files: bool = False
    narrow: bool = True
    second: Act | None = None
    overtaken: tuple[Change, ...] = ()
