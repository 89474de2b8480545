"""A professional's first password, given by those who see to him (STA-04)."""

from flask import abort, render_template, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.models.person import Person
from app.services import first_passwords, lists
from app.services.errors import Refused
from app.views.access import allowed
from app.views.database import db
from app.views.messages import sentence
from app.views.page import Page
from app.views.pages.subordinates import ReasonForm
from app.views.parts import Paper


class FirstPasswordPage(Page):
    """Asked with a reason, shown once."""

    route_base = "/first-password"
    default_view = "reset"
    noun = "person"

    @allowed("person.reset_password")
    @expose("/<pk>", methods=["GET", "POST"])
    def reset(self, pk: str) -> Response | str | tuple[str, int, dict[str, str]]:
        """A new first password for the account of a professional."""
        person, form = lists.one(db(), Person, pk) or abort(404), ReasonForm()
        back = url_for("PersonScreen.show", pk=person.id)
        if form.validate_on_submit():
            try:
                password = first_passwords.reset(db(), person, form.reason.data or "")
            except Refused as refused:
                form.form_errors.append(sentence(refused))
            else:
                page = render_template("pages/first_password.html", post=person, password=password, back=back)
                return page, 200, {"Cache-Control": "no-store"}
        paper = Paper(
            title=_("Reset the password of %(name)s", name=person.name),
            form=form,
            sections=((None, ("reason",)),),
            submit=_("Reset password"),
            cancel_url=back,
            trail=((person.name, back),),
            intro=_(
                "A first password is shown once, to you. All sessions end; it is changed at the next login."
            ),
        )
        return render_template("layout/form.html", paper=paper)
