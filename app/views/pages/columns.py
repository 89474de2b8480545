"""Which columns a list shows: chosen by its reader, for any generated list (STA-04)."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.security.scope import model_of
from app.services import list_columns
from app.services.errors import NotEligible, NotFound
from app.views import cells, columns, listing
from app.views.access import may_open, signed_in
from app.views.database import db
from app.views.messages import sentence
from app.views.page import Page

UNREADABLE = 422


class ColumnsPage(Page):
    """A box for each column of a list."""

    route_base = "/columns"
    default_view = "choose"
    noun = "person"

    @signed_in
    @expose("/<noun>", methods=["GET", "POST"])
    def choose(self, noun: str) -> Response | str | tuple[str, int]:
        """The columns of a list, those that are shown ticked; without any the list shows its own again."""
        model = _model(noun)
        back, wrong = url_for(f"{model.__name__}Screen.list"), ""
        if request.method == "POST":
            keys = () if request.form.get("usual") == "1" else request.form.getlist("column")
            try:
                list_columns.keep(db(), model, keys)
            except NotEligible as refused:
                wrong = sentence(refused)
            else:
                flash(_("The list shows your columns from now on."), "success")
                return redirect(back)
        ticked = {column.key for column in columns.shown(model)}
        words = dict[str, Any](listing.asked(request.args, model).words)
        full = f"{noun}.export_full"
        page = render_template(
            "pages/columns.html",
            full=url_for("ExportsPage.full", noun=noun, **words) if g.actor.may(full) else "",
            label=cells.worded(model.screen.label),
            boxes=[
                (key, cells.worded(column.field.label), key in ticked)
                for key, column in list_columns.choosable(model).items()
            ],
            noun=noun,
            back=back,
            wrong=wrong,
            most=list_columns.MOST,
        )
        return (page, UNREADABLE) if wrong else page


def _model(noun: str) -> Any:
    """The model of a list that the actor may open; others are not found, or refused."""
    try:
        model = model_of(noun)
    except LookupError:
        raise NotFound from None
    if not hasattr(model, "screen"):
        raise NotFound
    if not columns.may_choose(model) or not may_open(f"{model.__name__}Screen.list") or g.who is None:
        abort(403)
    return model
