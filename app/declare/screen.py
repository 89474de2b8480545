"""How one model is shown. The order written here is the order on screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.declare.province import province

MENUS = ("account", "hours", "statistics", "system")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A page by hand that a screen leads to: from its list, or with `row` from each record.

    `action` is what the declaration opens to those who may go there. With `confirm` it is a deed, done by a
    button that asks first. A record with one of the columns of `unless` filled has no such way.
    """

    label: Any
    endpoint: str
    action: str
    icon: str = ""
    row: bool = False
    primary: bool = False
    confirm: Any = ""
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A generated list, search, show, form and REST resource.

    `form` maps a section's title to its fields; a model without a form is read only.
    `name` is the field that names a row (a link in lists, the title of its page).
    Rows are listed by descending id unless `oldest_first`. A list that `asks` shows nothing until that field
    of its search is filled in: for rows that carry no scope of their own and are read one owner at a time.
    `files` is what the files of a row are called; rows of a screen that says nothing have none. `needs` is a
    list of the profile: a province that leaves it out has no such rows, and its menus and roles no such line.
    `users` are the kinds whose menu has a line for it, where not all of them have; with `head`, of HR offices
    the one at the head of the province alone.
    """

    label: Any
    menu: str
    icon: str = "list"
    name: str = "name"
    form: Mapping[Any, tuple[str, ...]] | None = None
    oldest_first: bool = False
    asks: str = ""
    export: bool = True
    empty: Any = ""
    files: Any = ""
    needs: str = ""
    users: tuple[str, ...] = ()
    head: bool = False
    position: int = 50
    ways: tuple[Way, ...] = ()

    def __post_init__(self) -> None:
        if self.menu not in MENUS:
            raise ValueError(f"unknown menu {self.menu!r}; one of {', '.join(MENUS)}")

    @property
    def served(self) -> bool:
        """Whether the province has such rows at all."""
        return not self.needs or bool(getattr(province(), self.needs))
