"""Who takes part in a class: picked from one's own professionals, or taken over from a list."""

from io import BytesIO
from typing import Any

from flask import flash, g, redirect, render_template, request, send_file, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from app.database import clock
from app.declare.masks import masked
from app.declare.words import language
from app.documents import workbook
from app.documents.refused import Refused as Unreadable
from app.models.department import Department
from app.models.training_class import TrainingClass
from app.services import listed_people, lists, roster_export, rosters
from app.services.errors import Faulty, Refused
from app.services.rosters import PEOPLE, Named
from app.views import rosters as drawn
from app.views.access import allowed
from app.views.database import db
from app.views.downloads import WORKBOOK
from app.views.forms import refuse
from app.views.messages import sentence
from app.views.page import Page
from app.views.pages.classes import class_of, keeps
from app.views.parts import Fact

REFUSED = 422
OFFERED = 200
"""So many of one's own people are shown at once; a search or a department narrows them."""

TEMPLATE = "roster-1"


class ListForm(FlaskForm):
    """A list of people, pasted or as a workbook."""

    people = TextAreaField(
        _l("Number and name, one person a line"),
        description=_l("Copy the two columns with ID number and full name from Excel."),
        render_kw={"rows": 6, "autocomplete": "off"},
    )
    file = FileField(
        _l("Or a workbook"),
        description=_l("With the columns of the template: full name and ID number."),
        render_kw={"accept": ".xlsx"},
    )


class ClassPeoplePage(Page):
    """The list of a class, filled and emptied by its organiser."""

    route_base = "/classes"
    default_view = "people"
    noun = "training_class"

    @allowed("training_class.update")
    @expose("/<pk>/people", methods=["GET", "POST"])
    def people(self, pk: str) -> Response | str | tuple[str, int]:
        """Both ways on one page."""
        found, form = _kept(pk), ListForm()
        if form.is_submitted():
            try:
                many = _add(found, form)
            except Faulty as faulty:
                db().rollback()
                refuse(form, faulty)
            except (Refused, Unreadable) as refused:
                db().rollback()
                form.form_errors.append(sentence(refused))
            else:
                told = ngettext(
                    "%(num)d person is on the list now.", "%(num)d people are on the list now.", many
                )
                flash(told, "success")
                return redirect(url_for("ClassesPage.show", pk=found.id))
        page = self._page(found, form)
        return (page, REFUSED) if form.errors or form.form_errors else page

    @allowed("training_class.update")
    @expose("/people/template")
    def template(self) -> Response:
        """The workbook to be filled in."""
        made = workbook.template(_("List of a class"), listed_people.columns(language()), TEMPLATE)
        name = f"{_('List of a class')}.xlsx"
        return send_file(BytesIO(made), as_attachment=True, download_name=name)

    @allowed("training_class.export")
    @expose("/<pk>/roster", methods=["POST"])
    def roster(self, pk: str) -> Response:
        """The roster with its attendance as a workbook; it is recorded."""
        found = class_of(pk)
        book = roster_export.export(db(), found, language())
        name = f"{found.title}-{clock.today():%Y%m%d}.xlsx"
        return send_file(book, mimetype=WORKBOOK, as_attachment=True, download_name=name, etag=False)

    @allowed("training_class.update")
    @expose("/<pk>/people/<int:member_id>/remove", methods=["POST"])
    def remove(self, pk: str, member_id: int) -> Response:
        """Take somebody off the list."""
        found = _kept(pk)
        gone = rosters.remove(db(), found.id, member_id)
        flash(_("%(name)s is off the list.", name=gone.name), "success")
        return redirect(url_for("ClassesPage.show", pk=found.id))

    def _page(self, found: TrainingClass, form: ListForm) -> str:
        words, department = request.args.get("q", ""), request.args.get("department", "")
        own = rosters.candidates(db(), found.id, words, department, OFFERED + 1)
        departments = db().query(Department).filter_by(organization_id=g.actor.organization_id)
        return render_template(
            "pages/class_people.html",
            found=found,
            form=form,
            seats=Fact(label=_("Seats taken"), cell=drawn.seats(found)),
            own=[(each.id, each.name, masked("id_number", each.id_number), each.title or "") for each in own],
            most=OFFERED,
            words=words,
            department=department,
            departments=[
                (str(each.id), each.name) for each in departments.order_by(Department.id).limit(200)
            ],
        )


def _kept(pk: str) -> TrainingClass:
    """A class whose roster the acting one keeps now."""
    found = class_of(pk)
    if not keeps(found):
        raise Refused
    return found


def _add(found: TrainingClass, form: ListForm) -> int:
    """Take over what was sent: chosen people, or a list of either kind."""
    if request.form.get("way") == "picked":
        chosen = (lists.id_of(each) for each in request.form.getlist("id"))
        return rosters.pick(db(), found.id, [each for each in chosen if each is not None])
    listed = listed_people.pasted(form.people.data or "")
    sent: Any = form.file.data
    if isinstance(sent, FileStorage) and sent.filename:
        listed = [*listed, *_of_file(sent)]
    return rosters.take_over(db(), found.id, listed)


def _of_file(sent: FileStorage) -> list[Named]:
    try:
        return listed_people.of_workbook(sent.stream)
    except Faulty as faulty:
        raise Faulty({"file": faulty.problems[PEOPLE]}) from faulty
