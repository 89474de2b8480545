"""我的资料: a professional's own data on a phone, what was asked for, and each part to be changed."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.declare.words import language
from app.models.credential import Credential
from app.models.department import Department
from app.models.person import Person
from app.security import doors
from app.services import changes, credentials, lists
from app.services.changes import Wanted
from app.services.errors import Faulty, Refused
from app.services.values import declared
from app.services.versions import version
from app.views import cells, changing
from app.views.access import allowed
from app.views.cells import worded
from app.views.changing_page import answer, asked_for
from app.views.database import db
from app.views.messages import sentence
from app.views.page import MenuEntry, Page
from app.views.parts import Fact


class ProfilePage(Page):
    """Where a professional looks after what is kept about him."""

    route_base = "/profile"
    default_view = "profile"
    noun = "person"
    menu = (MenuEntry(label=_l("My data"), endpoint="ProfilePage.profile", icon="id", position=30),)

    @allowed("person.keep")
    @expose("/")
    def profile(self) -> str:
        """What stands there, part by part, and the changes that were asked for."""
        me = _me()
        entries = credentials.of(db(), me.id)
        shown = [
            (name, part, _facts(me, part), [each for each in entries if each.kind == part.list])
            for name, part in changing.parts(Person).items()
        ]
        return render_template(
            "pages/profile.html",
            name=me.name,
            place=_place(me),
            parts=shown,
            entry=lambda each: credentials.text(credentials.plain(each), language()),
            requests=[asked_for(each) for each in changes.requests_of(db(), me)],
            seen=version(me),
            history=url_for("PersonScreen.history", pk=me.id),
        )

    @allowed("person.keep")
    @expose("/<part>", methods=["GET", "POST"])
    def change(self, part: str) -> Response | str | tuple[str, int]:
        """Change one part: at once what needs no review, by a request what does."""
        found = changing.parts(Person).get(part)
        if found is None:
            abort(404)
        return answer(_me(), found, url_for("ProfilePage.profile"), _("My data"))

    @allowed("person.keep")
    @expose("/entry/<pk>/remove", methods=["POST"])
    def remove(self, pk: str) -> Response:
        """Ask that an entry of a list be taken away."""
        entry = lists.one(db(), Credential, pk)
        if entry is None:
            abort(404)
        try:
            changes.change(db(), _me(), Wanted(removed=(entry.id,)), request.form.get("seen", ""))
        except Faulty as faulty:
            flash(sentence(next(iter(next(iter(faulty.problems.values()))))), "warning")
        except Refused as refused:
            flash(sentence(refused), "warning")
        else:
            flash(_("Sent. You will be told what was decided."), "success")
        return redirect(url_for("ProfilePage.profile"))


def _place(me: Any) -> str:
    """Where one works: the organisation, and the department in it if there is one."""
    unit = doors.names(db(), [me.organization_id])[me.organization_id].name
    department = db().get(Department, me.department_id) if me.department_id is not None else None
    return f"{unit} · {department.name}" if department is not None else str(unit)


def _me() -> Any:
    """The acting professional's own record."""
    me = lists.one(db(), Person, g.actor.person_id) if g.actor.person_id is not None else None
    if me is None:
        abort(403)
    return me


def _facts(me: Any, part: changing.Part) -> list[Fact]:
    known = declared(Person)
    return [
        Fact(label=worded(known[key].field.label), cell=cells.cell(known[key], me, {})) for key in part.keys
    ]
