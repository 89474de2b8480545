"""Requests of change as those see them who asked: what waits, what came back; and identities."""

from dataclasses import replace
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.declare.words import language
from app.models.change_request import ChangeRequest
from app.models.person import Person
from app.services import changes, credentials, differences, histories, lists, marking, proposals, reviews
from app.services.applicants import asked_by
from app.services.errors import Faulty, Refused
from app.services.values import declared
from app.views import cells, changing, changing_page, sheets
from app.views.access import allowed
from app.views.course import course
from app.views.database import db
from app.views.messages import sentence
from app.views.page import Page
from app.views.parts import Act, Cell, Fact, Section, Sheet


class ChangesPage(Page):
    """What was asked for, and the form that corrects who somebody is."""

    route_base = "/changes"
    default_view = "show"
    noun = "change_request"

    @allowed("person.update")
    @expose("/identity/<pk>", methods=["GET", "POST"])
    def identity(self, pk: str) -> Response | str | tuple[str, int]:
        """Name, kind of document and number of one of the own people."""
        person = lists.one(db(), Person, pk)
        if person is None or person.organization_id != g.actor.organization_id:
            abort(404)
        back = url_for("PersonScreen.show", pk=person.id)
        return changing_page.answer(person, changing.parts(Person)["identity"], back, person.name)

    @allowed("change_request.create")
    @expose("/<pk>")
    def show(self, pk: str) -> str:
        """What was asked for, field by field, how far it is, and what one may do with it."""
        found = _own(pk)
        return render_template("layout/show.html", sheet=_sheet(found))

    @allowed("change_request.create")
    @expose("/<pk>/withdraw", methods=["POST"])
    def withdraw(self, pk: str) -> Response:
        """Take back what waits for a decision."""
        found = _own(pk)
        review = changes.review_of(db(), found)
        reviews.withdraw(db(), review.id, lists.id_of(request.args.get("version")) or 0)
        flash(_("It is withdrawn."), "success")
        return redirect(_home(found))

    @allowed("change_request.create")
    @expose("/<pk>/correct", methods=["GET", "POST"])
    def correct(self, pk: str) -> Response | str | tuple[str, int]:
        """Correct what was rejected and send it again; its values and files are kept."""
        found = _own(pk)
        row = proposals.subjects(db(), [found]).get(found.id)
        if row is None or found.state != "rejected":
            abort(404)
        part, review = changing.part_of(found), changes.review_of(db(), found)
        form = changing.form_for(row, part, changing.proposed(found))
        if request.method == "GET":
            changing.mark(form, part, marking.last(db(), review, found))
            if "reason" in form:
                form.reason.data = found.reason
        if form.validate_on_submit():
            gone = tuple(
                number
                for key, told in found.values.items()
                if credentials.is_entry(key) and told is None and (number := credentials.number_of(key))
            )
            try:
                changes.correct(
                    db(), found.id, review.version, replace(changing.wanted(form, part), removed=gone)
                )
            except Faulty as faulty:
                db().rollback()
                changing.refuse(form, faulty, part)
            except Refused as refused:
                db().rollback()
                form.form_errors = [*form.form_errors, sentence(refused)]
            else:
                flash(_("Sent. You will be told what was decided."), "success")
                return redirect(url_for("ChangesPage.show", pk=pk))
        back = url_for("ChangesPage.show", pk=pk)
        page = render_template(
            "layout/form.html", paper=changing_page.paper(form, part, back, _("Change of data"))
        )
        wrong = request.method == "POST" and (form.errors or form.form_errors)
        return (page, changing_page.REFUSED) if wrong else page


def _own(pk: str) -> ChangeRequest:
    """A request of the acting person, account or unit; anything else is not found."""
    found = lists.one(db(), ChangeRequest, pk)
    if found is None or not asked_by(g.actor, changes.review_of(db(), found)):
        abort(404)
    return found


def _home(found: ChangeRequest) -> str:
    if found.person_id is None:
        return url_for("OrganizationScreen.show", pk=found.organization_id)
    if found.person_id == g.actor.person_id:
        return url_for("ProfilePage.profile")
    return url_for("PersonScreen.show", pk=found.person_id)


def _sheet(found: ChangeRequest) -> Sheet:
    review = changes.review_of(db(), found)
    facts = [Fact(label=_("Submitted"), cell=Cell(text=format_date(review.submitted_at, "yyyy-MM-dd")))]
    if found.reason:
        facts.append(Fact(label=_("Reason"), cell=Cell(text=found.reason), wide=True))
    return Sheet(
        title=found.title,
        status=cells.cell(declared(ChangeRequest)["state"], found, {}),
        trail=(
            (_("My data") if found.person_id == g.actor.person_id else _("Change of data"), _home(found)),
        ),
        acts=_acts(found, review),
        changes=tuple(differences.proposed(db(), found, language())),
        sections=(Section(facts=tuple(facts)),),
        files=sheets.attached(db(), found),
        files_label=_("Proof"),
        events=course(histories.history(db(), review)),
    )


def _acts(found: ChangeRequest, review: Any) -> tuple[Act, ...]:
    if found.state == "rejected":
        url = url_for("ChangesPage.correct", pk=found.id)
        return (Act(label=_("Correct and send again"), url=url, icon="edit", look="primary"),)
    if found.state == "submitted":
        url = url_for("ChangesPage.withdraw", pk=found.id, version=review.version)
        confirm = _("Withdraw it? You can ask again at any time.")
        return (Act(label=_("Withdraw"), url=url, icon="back", method="post", confirm=confirm),)
    return ()
