"""What stands around every page: who is signed in, as what, the menu and the language."""

from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.declare.province import province
from app.declare.words import language
from app.views import menu
from app.views.database import db
from app.views.parts import Post, Shell, Visitor

LOCALE_COOKIE = "xueshi-language"
THEME_COOKIE = "xueshi-theme"

KINDS = {
    "person": "Professional",
    "employer": "Employer's administrator",
    "authority": "Department's administrator",
    "institution": "Institution's administrator",
    "hr_office": "HR office's administrator",
    "pending": "Waiting for review",
}


def dress(web: Flask, admin: Any) -> None:
    """Give every template its shell, and every request its language."""
    web.extensions["babel"].locale_selector = _language
    web.jinja_env.filters["said"] = lambda text: text.in_(language())
    web.jinja_env.globals.update(province=province, language=language)

    @web.context_processor
    def _shell() -> dict[str, Any]:
        return {"shell": shell(admin)}


def _language() -> str:
    asked = request.cookies.get(LOCALE_COOKIE, "") if request else ""
    known = current_app.config["LANGUAGES"]
    return asked if asked in known else current_app.config["BABEL_DEFAULT_LOCALE"]


def shell(admin: Any) -> Shell:
    """The frame of this request's page."""
    profile = province()
    spoken = language()
    who = g.get("who")
    theme = request.cookies.get(THEME_COOKIE, "")
    return Shell(
        platform=profile.platform_name.in_(spoken),
        home_url=url_for("HomePage.home") if who else url_for("PortalPage.portal"),
        locale=str(get_locale()),
        languages={code: words["name"] for code, words in current_app.config["LANGUAGES"].items()},
        locale_url=url_for("LanguagePage.choose"),
        login_url=url_for("LoginPage.login"),
        dark={"dark": True, "light": False}.get(theme),
        visitor=_visitor(who) if who else None,
        groups=menu.groups(admin) if who else (),
        help_line=profile.portal.help.in_(spoken),
    )


def _visitor(who: Any) -> Visitor:
    from app.security import doors  # noqa: PLC0415 -- only pages with a switch of posts ask

    several = who.posts > 1 or (who.posts == 1 and who.actor.self_id is not None)
    posts = doors.posts(db(), who.actor.account_id) if several else []
    return Visitor(
        name=who.actor.name,
        unit=who.organization,
        role=_(KINDS[who.actor.kind]),
        posts=tuple(Post(id=post.id, unit=post.organization, role=_(KINDS[post.kind])) for post in posts),
        password_url=url_for("PasswordPage.change"),
        act_as_url=url_for("ActAsPage.act_as"),
        logout_url=url_for("LoginPage.logout"),
    )
