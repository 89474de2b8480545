"""Which route needs what. Nothing is open by accident: a route that nobody classified is nobody's."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.security.scope import only_read
from app.services.errors import OnlyLooking
from app.views.database import db

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks of its visitor: nothing, a login, or one of several permissions.

    What is `signed` asks it of a program, by the signature of each request (app/api).
    """

    public: bool = False
    signed: bool = False
    permissions: tuple[str, ...] = ()


def public(view: F) -> F:
    """Open to everybody, without a login."""
    return _mark(view, Access(public=True))


def signed_in(view: F) -> F:
    """Open to whoever is signed in, whatever the role; the rows are judged by the walls."""
    return _mark(view, Access())


def allowed(*permissions: str) -> Callable[[F], F]:
    """Open to an acting role that holds one of these permissions, `<noun>.<action>`."""
    return lambda view: _mark(view, Access(permissions=permissions))


def _mark(view: F, access: Access) -> F:
    view._access = access  # type: ignore[attr-defined] # noqa: SLF001 -- FAB marks its views in the same way
    return view


def classify(web: Flask) -> dict[str, Access]:
    """What each endpoint needs, by endpoint. An endpoint that is missing here is refused to everybody."""
    return dict(_classified(web))


def _classified(web: Flask) -> Iterator[tuple[str, Access]]:
    yield "ui.asset", Access(public=True)
    for view in web.extensions["appbuilder"].baseviews:
        named: dict[str, str] = getattr(view, "method_permission_name", None) or {}
        for name in dir(type(view)):
            method = getattr(type(view), name)
            if not hasattr(method, "_urls"):
                continue
            marked = getattr(method, "_access", None)
            if marked is None and name in named:
                marked = Access(permissions=(f"{view.class_permission_name}.{named[name]}",))
            if marked is not None:
                yield f"{view.endpoint}.{name}", marked


WITH_A_GIVEN_PASSWORD = frozenset({"PasswordPage.change", "LoginPage.logout"})
"""What is left to whoever still has the password that somebody else has chosen."""


BEFORE_A_SECOND_FACTOR = frozenset({"SecondFactorPage.set_up", "LoginPage.logout"})
"""What is left to whoever must log in with a second factor and has none yet."""


WHILE_SEEING = frozenset({"SeeingPage.back", "LoginPage.logout"})
"""What is left to whoever sees as a role, of all that changes something."""


def guard(web: Flask, others: Mapping[str, Access]) -> None:
    """Ask before every view, once, in one place. `others` are endpoints that are no views."""
    needs = classify(web) | dict(others)
    web.extensions["xueshi_access"] = needs

    @web.before_request
    def _ask() -> Response | None:
        if request.endpoint is None:
            return None  # 404 or 405: the router's answer
        access = needs.get(request.endpoint)
        if access is None:
            abort(403)
        if g.get("who") and g.who.seeing and request.endpoint not in WHILE_SEEING:
            _only_look()
        if access.public or access.signed:
            return None
        if g.who is None:
            return _to_login()
        if g.who.must_change_password and request.endpoint not in WITH_A_GIVEN_PASSWORD:
            return redirect(url_for("PasswordPage.change"))
        if lacks_factor(g.who) and request.endpoint not in BEFORE_A_SECOND_FACTOR | WITH_A_GIVEN_PASSWORD:
            return redirect(url_for("SecondFactorPage.set_up"))
        if access.permissions and not any(g.actor.may(each) for each in access.permissions):
            abort(403)
        return None


def _only_look() -> None:
    """Let this request read alone. Raises OnlyLooking for one that would do more."""
    only_read(db())
    if request.method not in SAFE:
        raise OnlyLooking


def lacks_factor(who: Any) -> bool:
    """Whether somebody must set up a second factor first. A demonstration asks it of nobody."""
    return bool(who.factor_asked and not who.factor and not current_app.config["SETTINGS"].demo)


def _to_login() -> Response:
    if request.method != "GET" or not request.accept_mimetypes.accept_html:
        abort(401)
    flash(_("Please log in."), "info")
    here = request.full_path if request.query_string else request.path
    return redirect(url_for("LoginPage.login", next=here))


def may_open(endpoint: str) -> bool:
    """Whether the acting role may open an endpoint: for menus and links."""
    access = current_app.extensions["xueshi_access"].get(endpoint)
    if access is None:
        return False
    return access.public or not access.permissions or any(g.actor.may(each) for each in access.permissions)
