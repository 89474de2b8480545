"""Continuing-education institutions that were approved, for whoever looks for one: no login, no script."""

from typing import Any

from flask import make_response, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import Form, SelectField, StringField

from app.declare.computed import plain
from app.declare.words import language
from app.services import institutions
from app.services.lists import id_of
from app.views.access import public
from app.views.database import db
from app.views.page import Page
from app.views.parts import Pager

KEPT = "private, max-age=60"
"""A minute in the browser of whoever turns pages to and fro."""


class SearchForm(Form):
    """What one looks for, in the address of the page."""

    q = StringField(
        _l("Name or field of training"),
        render_kw={"maxlength": institutions.LONGEST, "autocomplete": "off"},
    )
    city = SelectField(_l("Division"), validate_choice=False)


class InstitutionsPage(Page):
    """The public list, some at a time."""

    route_base = "/institutions"
    default_view = "institutions"
    noun = "organization"

    @public
    @expose("/")
    def institutions(self) -> Response:
        """Approved institutions by name, city and field of training."""
        form, after = SearchForm(request.args), id_of(request.args.get("after"))
        places = institutions.cities(db())
        form.city.choices = [("", _("All")), *((str(key), name) for key, name in places.items())]
        city = id_of(form.city.data)
        city = city if city in places else None
        words = form.q.data or ""
        found = institutions.page(db(), words, city, after, language())
        asked: dict[str, Any] = {"q": words[: institutions.LONGEST] or None, "city": city}
        pager = Pager(
            first=url_for("InstitutionsPage.institutions", **asked) if after else "",
            next=url_for("InstitutionsPage.institutions", **asked, after=found.later) if found.later else "",
        )
        answer = make_response(
            render_template(
                "pages/institutions.html",
                form=form,
                found=found,
                pager=pager,
                asked=bool(words or city),
                plain=plain,
            )
        )
        answer.headers["Cache-Control"] = KEPT
        answer.vary.update(("Cookie", "Accept-Language"))
        return answer
