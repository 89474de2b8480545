"""The base of every page that is written by hand: a FAB view whose methods say who may open them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_appbuilder import BaseView

from app.services.todo import Todo
from app.views.parts import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuEntry:
    """Where a page stands in the side menu: under one of declare.screen.MENUS, or at the top without `menu`.

    `values` fill the places of the endpoint's address; `count` is a badge. `function` is what the province's
    menu calls it (app/declare/menu.py): where the profile names it, it stands there under the manual's words.
    """

    label: Any
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    menu: str = ""
    icon: str = "dot"
    position: int = 50
    count: str = ""
    function: str = ""


class Page(BaseView):
    """One file in views/pages/ holds one of these; dropping it in registers its routes.

    Each exposed method is marked @public, @signed_in or @allowed("noun.action") (views/access.py).
    """

    base_permissions: list[str] = []
    menu: tuple[MenuEntry, ...] = ()
    acts_for: str = ""
    """The noun on whose records this page offers something."""

    def entries(self, _lines: Sequence[Todo]) -> Iterable[MenuEntry]:
        """Its lines in the side menu of the one who acts; `_lines` are what waits for him."""
        return self.menu

    def edits(self, _row: Any) -> str:
        """Where a record of `acts_for` is changed instead of on its generated form; nothing if it is not."""
        return ""

    def acts_on(self, _row: Any) -> Iterable[Act]:
        """What it offers on the generated page of a record of `acts_for`, to the one who acts."""
        return ()
