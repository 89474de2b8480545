"""FAB's security manager, with everything that decides replaced.

One acting role, no public role, no stock pages.
"""

import secrets
from typing import Any

from flask import Flask, current_app, g, request
from flask_appbuilder.security.sqla.manager import SecurityManager as Stock
from flask_login import LoginManager, UserMixin

from app.models.account import Account
from app.reviews import KINDS
from app.security import sessions
from app.security.actor import NOBODY
from app.security.scope import set_actor

COOKIE, HOST_COOKIE = "xueshi", "__Host-xueshi"
"""The session's cookie; over https its name keeps other hosts of the same domain from setting it."""


def cookie() -> str:
    """The name of the session's cookie here."""
    return HOST_COOKIE if current_app.config["SESSION_COOKIE_SECURE"] else COOKIE


class User(UserMixin):
    """What FAB and Flask-Login want to know of the one who is signed in.

    Read from the session, not from a row.
    """

    def __init__(self, who: sessions.SignedIn) -> None:
        self.id = who.actor.account_id
        self.first_name = who.actor.name
        self.last_name = ""
        self.username = ""
        self.roles: list[Any] = []


class SecurityManager(Stock):
    """Access is asked of the acting appointment alone.

    FAB's tables hold the roles, its pages are not registered.
    """

    user_model = Account
    userstatschartview = None
    auth_view: Any = None
    user_view: Any = None

    def register_views(self) -> None:
        """None of the stock ones: views/ registers our own."""

    def create_login_manager(self, app: Flask) -> LoginManager:
        """Flask-Login finds the user in what before_request resolved; it keeps no cookie of its own."""
        found = LoginManager(app)
        found.session_protection = None
        found.request_loader(lambda _request: User(g.who) if g.get("who") else None)
        return found

    @staticmethod
    def before_request() -> None:
        """Resolve who acts, in the first statement of the request's transaction, which tells the wall too."""
        g.request_id = secrets.token_hex(8)
        g.who, g.actor = None, NOBODY
        if request.endpoint in current_app.config["UNSIGNED_ENDPOINTS"]:
            return
        session = current_app.extensions["appbuilder"].session()
        if token := request.cookies.get(cookie()):
            idle = current_app.config["SETTINGS"].idle_minutes
            kinds = tuple(KINDS) if request.method == "GET" else ()  # what is done may change what waits
            attended = request.endpoint not in current_app.config["UNATTENDED_ENDPOINTS"]
            g.who = sessions.resolve(session, token, g.request_id, idle=idle, kinds=kinds, attended=attended)
        if g.who is None:
            set_actor(session, NOBODY)
        else:
            g.actor = g.who.actor

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Whether the acting role holds the permission: no statement, no union of roles."""
        return g.actor.may(f"{view_name}.{permission_name.removeprefix('can_')}")

    def is_item_public(self, permission_name: str, view_name: str) -> bool:  # noqa: ARG002 -- FAB's signature
        """Nothing is public through FAB; public pages say so themselves (views/access.py)."""
        return False

    def get_public_permissions(self) -> list[Any]:
        """None: the Public role stays empty and is never read."""
        return []

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """The menu items whose noun the acting role may read."""
        return {name for name in menu_names or () if g.actor.may(f"{name}.read")}
