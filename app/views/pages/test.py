"""The test of a course: its questions while it is open, its result afterwards."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask_appbuilder import expose
from werkzeug.wrappers import Response

from app.models.question import LETTERS
from app.services import exams
from app.services.errors import NotFound
from app.services.exams import Try
from app.services.lists import id_of
from app.views.access import allowed
from app.views.database import db
from app.views.page import Page

REFUSED = 422


class TestPage(Page):
    """One try of the acting professional."""

    route_base = "/tests"
    default_view = "show"
    noun = "attempt"

    @allowed("enrolment.create")
    @expose("/<pk>", methods=["GET", "POST"])
    def show(self, pk: str) -> Response | str | tuple[str, int]:
        """The questions; handed in, the result. Who left some out is asked once."""
        found = _try(pk)
        if request.method == "GET" or found.attempt.handed_in_at is not None:
            return _page(found, found.given, 0)
        given = _given(found)
        missing = sum(not given.get(each.id) for each in found.questions)
        if missing and request.form.get("sure") != "1":
            return _page(found, given, missing), REFUSED
        exams.hand_in(db(), found.attempt.id, given)
        return redirect(url_for("TestPage.show", pk=pk))


def _try(pk: str) -> Try:
    key = id_of(pk)
    if key is None:
        raise NotFound
    return exams.one(db(), key)


def _given(found: Try) -> dict[int, str]:
    """The letters that were chosen, by question."""
    chosen = {each.id: request.form.getlist(f"q{each.id}") for each in found.questions}
    return {
        key: "".join(letter for letter in letters if letter in LETTERS) for key, letters in chosen.items()
    }


def _page(found: Try, given: Mapping[int, str], missing: int) -> str:
    return render_template("pages/test.html", found=found, given=given, missing=missing, letters=LETTERS)
