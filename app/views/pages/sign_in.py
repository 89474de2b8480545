"""A professional's classes on the phone: enrol, leave, and sign in with the code that the room shows."""

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.declare.province import province
from app.declare.words import language
from app.models.training_class import STATES
from app.services import attendances, half_days, lists, rosters
from app.services.errors import NotFound, Refused
from app.services.wording import said
from app.views.access import allowed
from app.views.cells import TONES
from app.views.database import db
from app.views.messages import sentence
from app.views.page import MenuEntry, Page
from app.views.parts import Cell
from app.views.rosters import half_days_of


class MyClassesPage(Page):
    """The classes that one is in, and those that one may join."""

    route_base = "/my/classes"
    default_view = "mine"
    noun = "class_member"

    def entries(self, _lines: Any) -> Iterable[MenuEntry]:
        """In the professional's own workspace, where the province has classes."""
        if province().training is not None and g.actor.person_id:
            label = _l("My classes")
            yield MenuEntry(label=label, endpoint="MyClassesPage.mine", icon="calendar", position=30)

    @allowed("class_member.create")
    @expose("/")
    def mine(self) -> str:
        """Both lists; the own ones first."""
        _require_person()
        found = rosters.own(db())
        return render_template(
            "pages/my_classes.html",
            mine=[_card(each) for each in found if each.member_id is not None],
            open=[_card(each) for each in found if each.member_id is None],
        )

    @allowed("class_member.create")
    @expose("/<pk>/enrol", methods=["POST"])
    def enrol(self, pk: str) -> Response:
        """Take part."""
        return _done(lambda: rosters.enrol(db(), _id(pk)), _("You are in this class."))

    @allowed("class_member.create")
    @expose("/<pk>/leave", methods=["POST"])
    def leave(self, pk: str) -> Response:
        """Leave a class before it begins."""
        return _done(lambda: rosters.leave(db(), _id(pk)), _("You are not in this class any more."))


class SignInPage(Page):
    """What a code leads to."""

    route_base = "/sign-in"
    default_view = "sign_in"
    noun = "attendance"

    @allowed("attendance.create")
    @expose("/<code>", methods=["GET"])
    def sign_in(self, code: str) -> str | tuple[str, int]:
        """Which class and half day it is, and the one button."""
        _require_person()
        try:
            found, half_day = attendances.shown(db(), code)
        except Refused as refused:
            return render_template("pages/sign_in.html", wrong=sentence(refused)), 409
        return render_template(
            "pages/sign_in.html",
            found=found,
            called=half_days.called(half_day, language()),
            code=code,
            done=attendances.signed_in(db(), found.id).get(half_day),
        )

    @allowed("attendance.create")
    @expose("/<code>", methods=["POST"])
    def confirm(self, code: str) -> Response:
        """Sign in, once."""
        _require_person()
        try:
            found = attendances.sign_in(db(), code)
        except Refused as refused:
            db().rollback()
            flash(sentence(refused), "warning")
            return redirect(url_for("MyClassesPage.mine"))
        flash(_("Signed in: %(title)s.", title=found.title), "success")
        return redirect(url_for("SignInPage.sign_in", code=code))


def _require_person() -> None:
    if not g.actor.person_id:
        abort(403)


def _id(pk: str) -> int:
    found = lists.id_of(pk)
    if found is None:
        raise NotFound
    return found


def _done(deed: Any, told: str) -> Response:
    _require_person()
    try:
        deed()
    except NotFound:
        raise
    except Refused as refused:
        db().rollback()
        flash(sentence(refused), "warning")
    else:
        flash(told, "success")
    return redirect(url_for("MyClassesPage.mine"))


def _card(found: Any) -> dict[str, Any]:
    """One class as a card: what, when, where, and what one may do about it now."""
    there = attendances.signed_in(db(), found.id) if found.member_id is not None else {}
    before = found.state == "open" and not half_days.begun(found.half_days[0])
    left = found.capacity - found.enrolled
    return {
        "id": found.id,
        "title": found.title,
        "organizer": found.organizer,
        "when": half_days_of(found),
        "where": f"{found.place} · {found.teachers}",
        "counts": _(
            "%(hours)s %(unit)s · %(subject)s",
            hours=f"{found.hours.normalize():f}",
            unit=said(province().words.hours, language()),
            subject=_subject(found.subject),
        ),
        "state": Cell(text=said(STATES[found.state], language()), tone=TONES.get(found.state, "calm"))
        if found.member_id is not None and found.state != "open"
        else None,
        "there": [
            (half_days.called(each, language()), each in there, half_days.begun(each))
            for each in (found.half_days if found.member_id is not None else ())
        ],
        "may_enrol": found.member_id is None and before and left > 0,
        "full": found.member_id is None and left <= 0,
        "left": ngettext("%(num)d seat left", "%(num)d seats left", left),
        "may_leave": found.joined_by == "self" and before,
        "present": half_days.present(found.half_days) if found.member_id is not None else None,
    }


def _subject(key: str) -> str:
    label = province().choices("subjects").get(key, key)
    return said(label, language())
