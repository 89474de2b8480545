"""The page of a form of change, and how a request is shown to whoever asked for it."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.models.change_request import ChangeRequest
from app.services import changes
from app.services.errors import Faulty, Overtaken, Refused
from app.services.values import declared
from app.views import cells, changing
from app.views.changing import Part
from app.views.database import db
from app.views.messages import sentence
from app.views.overtaken import compared
from app.views.parts import Cell, Paper

REFUSED, CONFLICT = 422, 409


@dataclass(frozen=True, slots=True)
class AskedFor:
    """One request in a list: what of, since when, how it stands."""

    title: str
    url: str
    state: Cell
    under: str


def asked_for(request: ChangeRequest) -> AskedFor:
    """A request as one line."""
    return AskedFor(
        title=request.title.partition(" · ")[2] or request.title,
        url=url_for("ChangesPage.show", pk=request.id),
        state=cells.cell(declared(ChangeRequest)["state"], request, {}),
        under=format_date(request.created_at, "yyyy-MM-dd"),
    )


def answer(row: Any, part: Part, back: str, parent: str) -> Response | str | tuple[str, int]:
    """The form of one part of a record; or what became of it, where it leads back to."""
    form = changing.form_for(row, part)
    meanwhile: tuple[Any, ...] = ()
    if form.validate_on_submit():
        try:
            done = changes.change(db(), row, changing.wanted(form, part), form.seen.data or "")
        except Overtaken as overtaken:
            form.form_errors = [*form.form_errors, sentence(overtaken)]
            meanwhile = compared(form, row, overtaken)
        except Faulty as faulty:
            db().rollback()
            changing.refuse(form, faulty, part)
        except Refused as refused:
            db().rollback()
            form.form_errors = [*form.form_errors, sentence(refused)]
        else:
            _tell(done)
            return redirect(back)
    page = render_template("layout/form.html", paper=paper(form, part, back, parent, meanwhile))
    if meanwhile:
        return page, CONFLICT
    return (page, REFUSED) if form.errors or form.form_errors else page


def paper(form: Any, part: Part, back: str, parent: str, meanwhile: tuple[Any, ...] = ()) -> Paper:
    """The form as a page."""
    reviewed = "evidence" in form
    return Paper(
        title=_("Change: %(name)s", name=cells.worded(part.title)),
        form=form,
        sections=changing.names_of(form, part),
        submit=_("Send") if reviewed else _("Save"),
        cancel_url=back,
        trail=((parent, back),),
        files=reviewed,
        overtaken=meanwhile,
    )


def _tell(done: changes.Changed) -> None:
    if done.direct:
        flash(_("Saved."), "success")
    if done.requests:
        flash(_("Sent. You will be told what was decided."), "success")
