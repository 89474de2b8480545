"""Those whose year is not complete are reminded: looked at once more, then told (STA-03, SUP-01)."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.services import completion_reminders, lists
from app.services.completion_reminders import Meant
from app.services.errors import CountChanged, NotEligible, NotFound
from app.services.reading import natural
from app.services.standings import Wanted
from app.views import completing
from app.views.access import allowed
from app.views.database import db
from app.views.messages import sentence
from app.views.page import Page

CONFLICT = 409


class CompletionRemindersPage(Page):
    """A look at who will be told, and the deed."""

    route_base = "/completion-reminders"
    default_view = "preview"
    noun = "person"

    @allowed("person.remind")
    @expose("/preview", methods=["POST"])
    def preview(self) -> Response | str:
        """How many of the chosen, or of all of the filter, will be told."""
        wanted, ids = _choice(request.form)
        if _nobody(ids):
            return redirect(_back(wanted))
        try:
            found = completion_reminders.meant(db(), wanted, ids)
        except NotEligible as refused:
            flash(sentence(refused), "warning")
            return redirect(_back(wanted))
        return _drawn(wanted, ids, found)

    @allowed("person.remind")
    @expose("/", methods=["POST"])
    def remind(self) -> Response | tuple[str, int]:
        """Tell them."""
        wanted, ids = _choice(request.form)
        if _nobody(ids):
            return redirect(_back(wanted))
        try:
            told = completion_reminders.remind(db(), wanted, ids, natural(request.form.get("expected")) or 0)
        except CountChanged as changed:
            found = completion_reminders.meant(db(), wanted, ids)
            return _drawn(wanted, ids, found, wrong=sentence(changed)), CONFLICT
        except NotEligible as refused:
            flash(sentence(refused), "warning")
        else:
            flash(ngettext("%(num)s person is told.", "%(num)s people are told.", told), "success")
        return redirect(_back(wanted))


def _choice(form: Any) -> tuple[Wanted, tuple[int, ...]]:
    """The filter, and the people who were chosen; none for all of the filter."""
    words: Mapping[str, str] = dict(parse_qsl(form.get("filter", "")))
    wanted = completing.wanted(words)
    if form.get("whole") == "1":
        return wanted, ()
    ids = [lists.id_of(each) for each in form.getlist("id")]
    if None in ids:
        raise NotFound
    return wanted, tuple(each for each in ids if each is not None)


def _nobody(ids: Sequence[int]) -> bool:
    """Whether nobody was chosen: who means all of the filter says so."""
    if ids or request.form.get("whole") == "1":
        return False
    flash(_("Choose at least one person."), "warning")
    return True


def _back(wanted: Wanted) -> str:
    return url_for("CompletionPage.people", **completing.address(wanted))


def _drawn(wanted: Wanted, ids: Sequence[int], found: Meant, wrong: str = "") -> str:
    return render_template(
        "pages/completion_reminders.html",
        unit=wanted.unit,
        year=wanted.year,
        found=found,
        ids=ids,
        filter=request.form.get("filter", ""),
        back=_back(wanted),
        wrong=wrong,
    )
