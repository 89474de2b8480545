"""学时申报: the hours of a class that has ended are declared with its proof, once for everybody."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from werkzeug.wrappers import Response

from app.declare.words import language
from app.services import chains, classes, half_days, lists, reviews
from app.services.errors import Faulty, Refused
from app.views import rosters
from app.views.access import allowed
from app.views.database import db
from app.views.forms import refuse
from app.views.messages import sentence
from app.views.page import Page
from app.views.pages.classes import class_of, keeps
from app.views.parts import Paper
from app.views.registering import uploads

REFUSED = 422


class EvidenceForm(FlaskForm):
    """The proof of a class."""

    evidence = MultipleFileField(
        _l("Proof"),
        description=_l("The notice of the class, signed lists, photographs: PDF, JPG or PNG."),
        render_kw={"accept": ".pdf,image/jpeg,image/png"},
    )


class ClassHoursPage(Page):
    """The hours of a class."""

    route_base = "/classes"
    default_view = "declare"
    noun = "training_class"

    @allowed("training_class.update")
    @expose("/<pk>/hours", methods=["GET", "POST"])
    def declare(self, pk: str) -> Response | str | tuple[str, int]:
        """What would be credited, the proof, and the button that sends both."""
        found, form = class_of(pk), EvidenceForm()
        if not keeps(found):
            abort(404)
        back = url_for("ClassesPage.show", pk=found.id)
        if not half_days.ended(found.half_days):
            raise Refused(classes.NOT_ENDED)
        if form.validate_on_submit():
            version = lists.id_of(request.form.get("version")) or 0
            try:
                classes.send(db(), found.id, uploads(form), version)
            except Faulty as faulty:
                db().rollback()
                refuse(form, faulty)
            except Refused as refused:
                db().rollback()
                form.form_errors.append(sentence(refused))
            else:
                flash(_("Sent. You will be told what was decided."), "success")
                return redirect(back)
        found = class_of(pk)
        page = render_template(
            "pages/class_hours.html",
            paper=Paper(
                title=_("Declare the hours: %(name)s", name=found.title),
                form=form,
                sections=(("", ("evidence",)),),
                submit=_("Send"),
                cancel_url=back,
                files=True,
            ),
            told=rosters.told(found),
            steps=[step["label"][language()] for step in chains.steps_of("class_hours")],
            review=classes.review_of(db(), found) if found.state == "returned" else None,
            back=back,
        )
        return (page, REFUSED) if form.errors or form.form_errors else page

    @allowed("training_class.update")
    @expose("/<pk>/hours/withdraw", methods=["POST"])
    def withdraw(self, pk: str) -> Response:
        """Take back what nobody has decided yet."""
        found = class_of(pk)
        review = classes.review_of(db(), found)
        if review is None or found.organization_id != g.actor.organization_id:
            abort(404)
        reviews.withdraw(db(), review.id, lists.id_of(request.args.get("version")) or 0)
        flash(_("It is withdrawn."), "success")
        return redirect(url_for("ClassesPage.show", pk=found.id))
