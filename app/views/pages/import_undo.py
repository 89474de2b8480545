"""Taking an import back: first what that would do, then the deed, which a job does."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from werkzeug.wrappers import Response

from app.declare.words import language
from app.services.errors import NotEligible, Stale
from app.services.imports import undoing
from app.views import importing
from app.views.access import allowed
from app.views.database import db
from app.views.importing import around, found
from app.views.messages import sentence
from app.views.page import Page


class ImportUndoPage(Page):
    """The way back of an import that was a mistake."""

    route_base = "/import"
    default_view = "undo"
    noun = "import_batch"

    @allowed(*(f"{noun}.import" for noun in importing.NOUNS))
    @expose("/<noun>/<uuid:uid>/undo", methods=["GET", "POST"])
    def undo(self, noun: str, uid: UUID) -> Response | str:
        """What would be taken back and what not, and why; then it is done."""
        batch = found(noun, uid)
        try:
            outlook = undoing.outlook(db(), batch)
            if request.method == "POST":
                undoing.begin(db(), batch, request.form.get("reason", ""))
                return redirect(url_for("ImportPage.show", noun=noun, uid=uid))
        except (NotEligible, Stale) as refused:
            flash(sentence(refused), "warning")
            return redirect(url_for("ImportPage.show", noun=noun, uid=uid))
        staying = sorted(
            ((undoing.reason_said(key, language()), many) for key, many in outlook.staying.items()),
            key=lambda line: -line[1],
        )
        return render_template(
            "pages/import_undo.html", batch=batch, outlook=outlook, staying=staying, **around(noun, 2)
        )
