"""Registering: professionals and units, each with the form of its kind (REG-02 to 05, 08 to 11)."""

from typing import Any

from flask import abort, redirect, render_template, request, session, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.declare.profile import UserType
from app.declare.province import province
from app.services import receipts
from app.services.errors import Faulty, Refused
from app.services.registrations import register_person, register_unit
from app.views import human
from app.views.access import public
from app.views.database import db
from app.views.forms import marked, refuse
from app.views.messages import sentence
from app.views.page import Page
from app.views.pages.progress import claimed
from app.views.registering import person_form, unit_form, uploads

DONE = "registered"
"""Where the browser's own cookie keeps, for one page, what is shown after registering."""

REFUSED = 422
KINDS = "any(person, employer, authority, institution)"


class RegisterPage(Page):
    """One form for each kind of user that registers, and the page that is shown once it was sent."""

    route_base = "/register"
    default_view = "register"

    @public
    @expose(f"/<{KINDS}:kind>", methods=["GET", "POST"])
    def register(self, kind: str) -> Response | tuple[str, int] | str:
        """Fill in and send. `reload` shows other fields after a choice, `again` what was sent before."""
        joins = province().registration_of(kind)
        user_type = next((each for each in province().user_types if each.kind == kind), None)
        if joins is None or user_type is None:
            abort(404)
        form = _form(kind)
        sent = form.is_submitted() and not {"reload", "again"} & request.form.keys()
        if sent and form.validate() and human.confirmed(form):
            try:
                session[DONE] = _sent(kind, form)
            except Faulty as faulty:
                refuse(form, faulty)
            except Refused as refused:
                form.form_errors = [*form.form_errors, sentence(refused)]
            else:
                return redirect(url_for("RegisterPage.done"))
        page = _shown(form, user_type)
        return (page, REFUSED) if sent and (form.errors or form.form_errors) else page

    @public
    @expose("/done")
    def done(self) -> Response | str:
        """What happens now; a professional is shown the receipt code, this once."""
        told = session.pop(DONE, None)
        if told is None:
            return redirect(url_for("ProgressPage.progress"))
        return render_template("pages/registered.html", told=told)


def _form(kind: str) -> Any:
    if kind != "person":
        return unit_form(kind, existing="existing" in request.form)()
    if "again" in request.form:
        form = person_form()(formdata=None, data=receipts.earlier(db(), claimed()))
        marked(form, receipts.marks(db(), claimed()))
        return form
    return person_form()()


def _sent(kind: str, form: Any) -> dict[str, Any]:
    """Hand it to the service; return what the next page says."""
    typed = form.data
    address = request.remote_addr or ""
    if kind == "person":
        return {"receipt": register_person(db(), typed, address=address)}
    made = register_unit(db(), kind, typed, address=address, evidence=uploads(form))
    waits_at = made.asked.organization if made.asked else ""
    return {"usable": made.usable, "waits_at": waits_at, "name": form["name"].data.strip()}


def _shown(form: Any, user_type: UserType) -> str:
    return render_template(
        "pages/register.html",
        form=form,
        user_type=user_type,
        joins=province().registration,
        title=_("Register: %(type)s", type=user_type.label),
    )
