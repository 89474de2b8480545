"""The base of every page that is written by hand: a FAB view whose methods say who may open them."""

from dataclasses import dataclass
from typing import Any

from flask_appbuilder import BaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuEntry:
    """Where a page stands in the side menu: under which of declare.screen.MENUS, or at the top if `menu` is empty."""

    label: Any
    endpoint: str
    menu: str = ""
    icon: str = "dot"
    position: int = 50
    todo: str = ""


class Page(BaseView):
    """One file in views/pages/ holds one of these; dropping it in registers its routes.

    Each exposed method is marked @public, @signed_in or @allowed("noun.action") (views/access.py), above @expose.
    """

    base_permissions: list[str] = []
    menu: tuple[MenuEntry, ...] = ()
