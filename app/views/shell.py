"""What stands around every page: who is signed in, as what, the menu and the language."""

from collections.abc import Hashable
from dataclasses import replace
from itertools import count
from typing import Any

from flask import Flask, current_app, g, request, session, url_for
from flask_babel import format_datetime, get_locale, gettext
from markupsafe import Markup

from app.declare.profile import Profile
from app.declare.province import province
from app.declare.words import language
from app.models.role import KINDS, RoleProfile
from app.security.actor import Actor
from app.services import accounts
from app.services.values import declared, shown
from app.services.wording import signed
from app.views import menu, pieces, searching
from app.views.database import db
from app.views.parts import Post, Shell, Visitor

LOCALE_COOKIE = "xueshi-language"
THEME_COOKIE = "xueshi-theme"

MESSAGES = "layout/messages.html"

_NUMBERS = count(1)

ONESELF = 0
"""What stands for no post at all where posts are offered."""


def dress(web: Flask, admin: Any) -> None:
    """Give every template its shell, and every request its language."""
    web.extensions["babel"].locale_selector = _language
    web.jinja_env.filters["said"] = lambda text: text.in_(language())
    web.jinja_env.filters["moment"] = lambda at: format_datetime(at, "yyyy-MM-dd HH:mm")
    web.jinja_env.globals.update(province=province, language=language)

    web.jinja_env.globals.update(frame=frame, flashed=flashed)
    web.jinja_env.filters.update(search_form=searching.search_form, searched=searching.searched)

    @web.context_processor
    def _shell() -> dict[str, Any]:
        return {"shell": shell(admin)}


def frame(template: str, shown: Shell | None = None) -> Markup:
    """A part of the frame: the same text until something changes that it shows."""
    key = None if shown is None else (shown.key, shown.here)
    return pieces.piece(template, key, shell=shown)  # nosec B604 -- the frame of a page; no program is run


def _language() -> str:
    asked = request.cookies.get(LOCALE_COOKIE, "") if request else ""
    known = current_app.config["LANGUAGES"]
    return asked if asked in known else current_app.config["BABEL_DEFAULT_LOCALE"]


def shell(admin: Any) -> Shell:
    """The frame of this request's page: made once for each actor, and again when what waits changes."""
    who = g.get("who")
    theme = request.cookies.get(THEME_COOKIE, "")
    posts = _held(who) if who else ()
    key = (theme, posts, _seen(who) if who else None)
    made: Shell = pieces.kept(("shell", key), lambda: _made(admin, who, theme, posts))
    return replace(made, here=menu.here(made.groups))


def frame_key() -> tuple[Hashable, ...]:
    """What is the same as long as nothing changes in what stands around this page."""
    shown = shell(current_app.extensions["appbuilder"])
    return shown.key, shown.here


def flashed() -> Markup:
    """What is to be said once at the head of this page."""
    if session.get("_flashes"):
        return pieces.drawn(MESSAGES, {})
    return pieces.piece(MESSAGES, None)


def _seen(who: Any) -> tuple[Any, ...]:
    """What the frame says about the one who is signed in, and what it follows from."""
    lines = tuple((line.function, line.count) for line in menu.waiting())
    return (
        who.seeing,
        who.seen_role,
        who.actor,
        who.actor.name,
        who.organization,
        who.pending,
        who.unread,
        lines,
    )


def _made(admin: Any, who: Any, theme: str, posts: tuple[Post, ...]) -> Shell:
    profile = province()
    spoken = language()
    return Shell(
        platform=profile.platform_name.in_(spoken),
        home_url=url_for("HomePage.home") if who else url_for("PortalPage.portal"),
        locale=str(get_locale()),
        languages={code: words["name"] for code, words in current_app.config["LANGUAGES"].items()},
        locale_url=url_for("LanguagePage.choose"),
        login_url=url_for("LoginPage.login"),
        dark={"dark": True, "light": False}.get(theme),
        visitor=_visitor(who, posts) if who else None,
        groups=menu.groups(admin) if who else (),
        seeing=shown(declared(RoleProfile)["label"], who.seen_role, spoken) if who and who.seeing else "",
        back_url=url_for("SeeingPage.back"),
        help_line=_contacts(profile) if who else profile.portal.help.in_(spoken),
        key=next(_NUMBERS),
    )


def _contacts(profile: Profile) -> str:
    """The help desk, for those who have logged in already: how to log in is no longer their question."""
    return " · ".join(f"{each.label.in_(language())} {each.value}" for each in profile.portal.contacts)


def _visitor(who: Any, posts: tuple[Post, ...]) -> Visitor:
    actor = who.actor
    return Visitor(
        name=actor.name,
        unit=signed(who.organization, actor.on_behalf) or (str(KINDS[actor.kind]) if posts else ""),
        role=role_of(actor.kind, actor.on_behalf),
        posts=posts,
        password_url=url_for("PasswordPage.change"),
        account_url=url_for("AccountPage.account"),
        act_as_url=url_for("ActAsPage.act_as"),
        messages_url=url_for("MessagesPage.messages"),
        unread=who.unread,
        logout_url=url_for("LoginPage.logout"),
    )


def role_of(kind: str, on_behalf: str) -> str:
    """As what somebody acts; and for whom, by a delegation."""
    if not on_behalf:
        return str(KINDS[kind])
    return gettext("%(role)s, on behalf of %(name)s", role=KINDS[kind], name=on_behalf)


def _held(who: Any) -> tuple[Post, ...]:
    """What else one may act as: the professional oneself, and one's other posts."""
    actor: Actor = who.actor
    oneself = actor.self_id is not None and actor.person_id is None
    others = who.posts - (actor.appointment_id is not None)
    held = accounts.posts(db(), actor.account_id) if others > 0 and actor.account_id is not None else ()
    found = [
        Post(id=post.id, unit=post.organization, role=role_of(post.kind, post.on_behalf))
        for post in held
        if post.id != actor.appointment_id
    ]
    if oneself:
        found.insert(0, Post(id=ONESELF, unit=actor.name, role=str(KINDS["person"])))
    return tuple(found)
