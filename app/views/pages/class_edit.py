"""A class is changed until its hours are declared; who is on its list is told."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.models.training_class import TrainingClass
from app.services import class_changes
from app.services.class_form import typed_of
from app.services.errors import Faulty, Overtaken, Refused
from app.views.access import allowed
from app.views.class_form import class_form, sections
from app.views.database import db
from app.views.forms import refuse
from app.views.messages import sentence
from app.views.page import Page
from app.views.pages.classes import class_of, keeps
from app.views.parts import Paper

REFUSED, CONFLICT = 422, 409


class ClassEditPage(Page):
    """When, where, with whom and for how many a class is taught."""

    route_base = "/classes"
    default_view = "edit"
    noun = "training_class"

    @allowed("training_class.update")
    @expose("/<pk>/edit", methods=["GET", "POST"])
    def edit(self, pk: str) -> Response | str | tuple[str, int]:
        """The form with what is known of it."""
        found = class_of(pk)
        if not keeps(found) or found.state != "open":
            raise Refused
        form = class_form(typed_of(found) | {"seen": class_changes.version(found)})
        if form.validate_on_submit():
            try:
                class_changes.change(db(), found.id, form.data, form.seen.data or "")
            except Faulty as faulty:
                db().rollback()
                refuse(form, faulty)
            except Overtaken as overtaken:
                db().rollback()
                return _overtaken(class_of(pk), sentence(overtaken)), CONFLICT
            else:
                flash(_("Saved. Whoever is on the list is told what is different."), "success")
                return redirect(url_for("ClassesPage.show", pk=found.id))
        page = _page(found, form)
        return (page, REFUSED) if form.errors or form.form_errors else page


def _overtaken(found: TrainingClass, told: str) -> str:
    """The form once more, as the class is by now: so little is typed quickly again."""
    form = class_form({})
    for key, value in (typed_of(found) | {"seen": class_changes.version(found)}).items():
        form[key].data = value
    form.form_errors.append(told)
    return _page(found, form)


def _page(found: TrainingClass, form: Any) -> str:
    return render_template(
        "layout/form.html",
        paper=Paper(
            title=_("Change: %(name)s", name=found.title),
            form=form,
            sections=sections(),
            submit=_("Save"),
            cancel_url=url_for("ClassesPage.show", pk=found.id),
        ),
    )
