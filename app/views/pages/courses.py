"""Courses for professionals: the catalogue, one course, its lessons and the reports of their players."""

from collections.abc import Iterable
from datetime import MAXYEAR
from typing import Any
from uuid import UUID

from flask import abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField

from app.database import clock
from app.declare.province import province
from app.declare.words import language
from app.models.lesson import KINDS
from app.services import courses, exams, learning, watching
from app.services.errors import NotFound, Refused, Stale
from app.services.learning import Taken, Wanted
from app.services.lists import id_of
from app.services.reading import natural
from app.services.watching import Report
from app.services.wording import said
from app.views import learning as told
from app.views.access import allowed
from app.views.database import db
from app.views.messages import sentence
from app.views.page import MenuEntry, Page

CONFLICT = 409
NARROWS = ("subject", "year", "series", "project")


class CatalogueForm(FlaskForm):
    """What somebody looks for."""

    class Meta:
        """It changes nothing."""

        csrf = False

    words = StringField(_l("Course"), render_kw={"autocomplete": "off", "maxlength": 60})
    subject = SelectField(_l("Subject"), validate_choice=False)
    year = SelectField(_l("Year"), validate_choice=False)
    series = SelectField(_l("Title series"), validate_choice=False)
    project = SelectField(_l("Project"), validate_choice=False)


class CoursesPage(Page):
    """What the acting professional may take, takes, and has taken."""

    route_base = "/courses"
    default_view = "catalogue"
    noun = "course"

    def entries(self, _lines: Any) -> Iterable[MenuEntry]:
        """In the professional's workspace, where the province has courses."""
        if courses.offered() and g.actor.person_id:
            yield MenuEntry(label=_l("Courses"), endpoint="CoursesPage.catalogue", icon="book", position=25)

    @allowed("enrolment.create")
    @expose("/")
    def catalogue(self) -> str:
        """All published courses, the latest first, and those one has begun."""
        form = _form()
        before = id_of(request.args.get("before"))
        wanted = Wanted(
            subject=form.subject.data or "",
            year=natural(form.year.data, MAXYEAR) or 0,
            series=form.series.data or "",
            project=form.project.data or "",
            words=(form.words.data or "")[:60],
            before=before,
        )
        found = learning.catalogue(db(), wanted)
        asked: dict[str, Any] = {
            key: value for key in (*NARROWS, "words") if (value := request.args.get(key, ""))
        }
        return render_template(
            "pages/courses.html",
            form=form,
            narrows=[key for key in NARROWS if len(form[key].choices) > 1],
            narrowed=bool(asked),
            found=found,
            own=() if before or asked else [each for each in learning.own(db()) if _going(each)],
            further=url_for("CoursesPage.catalogue", **asked, before=found.courses[-1].id)
            if found.more
            else "",
            told=told,
        )

    @allowed("enrolment.create")
    @expose("/<pk>")
    def show(self, pk: str) -> Response | str:
        """One course: what it is, its lessons with how far one is, its test and the result."""
        found = _taken(pk)
        enrolled = found.enrolment
        return render_template(
            "pages/course.html",
            found=found,
            kinds=KINDS,
            attempts=exams.attempts(db(), enrolled.id) if enrolled else (),
            left=exams.left_today(db(), found),
            year=learning.year_of(found.course, clock.today()),
            told=told,
        )

    @allowed("enrolment.create")
    @expose("/<pk>/begin", methods=["POST"])
    def begin(self, pk: str) -> Response:
        """Begin it, and go to its first lesson."""
        course = _key(pk)
        try:
            learning.begin(db(), course)
        except Refused as refused:
            if isinstance(refused, NotFound):
                raise
            flash(sentence(refused), "warning")
            return redirect(url_for("CoursesPage.show", pk=pk))
        part = _taken(pk).following
        if part is None:
            return redirect(url_for("CoursesPage.show", pk=pk))
        return redirect(url_for("CoursesPage.lesson", pk=part.lesson.course_id, lesson_id=part.lesson.id))

    @allowed("enrolment.create")
    @expose("/<pk>/lessons/<lesson_id>")
    def lesson(self, pk: str, lesson_id: str) -> Response | str:
        """One lesson of a course that one has begun."""
        found = _taken(pk)
        part = next((each for each in found.parts if each.lesson.id == id_of(lesson_id)), None)
        if part is None:
            abort(404)
        if found.enrolment is None:
            return redirect(url_for("CoursesPage.show", pk=pk))
        return render_template(
            "pages/lesson.html",
            found=found,
            part=part,
            needed=learning.needed(part.lesson.seconds),
            following=told.next_part(found, part.lesson.id),
            told=told,
        )

    @allowed("enrolment.create")
    @expose("/<pk>/lessons/<lesson_id>/captions.vtt")
    def captions(self, pk: str, lesson_id: str) -> Response:
        """The captions of a video."""
        wanted = id_of(lesson_id)
        part = next((each for each in _taken(pk).parts if each.lesson.id == wanted), None)
        if part is None or not part.lesson.captions:
            abort(404)
        return Response(part.lesson.captions, content_type="text/vtt; charset=utf-8")

    @allowed("enrolment.create")
    @expose("/<pk>/lessons/<lesson_id>/open", methods=["POST"])
    def open(self, pk: str, lesson_id: str) -> Response:
        """A player begins: its token and where it goes on."""
        player = watching.open_player(db(), _key(pk), _key(lesson_id))
        return jsonify(
            token=str(player.token),
            place=player.place,
            seconds=player.seconds,
            needed=player.needed,
            finished=player.finished,
        )

    @allowed("enrolment.create")
    @expose("/report", methods=["POST"])
    def report(self) -> Response | tuple[Response, int]:
        """A player has played from here to there."""
        try:
            counted = watching.report(db(), _report())
        except Stale as stale:
            return jsonify(text=sentence(stale)), CONFLICT
        text = _("Finished") if counted.finished else ""
        return jsonify(seconds=counted.seconds, needed=counted.needed, finished=counted.finished, text=text)

    @allowed("enrolment.create")
    @expose("/<pk>/test", methods=["POST"])
    def test(self, pk: str) -> Response:
        """Draw a test, or go on with the one that is open."""
        try:
            attempt = exams.begin(db(), _key(pk))
        except NotFound:
            raise
        except Refused as refused:
            flash(sentence(refused), "warning")
            return redirect(url_for("CoursesPage.show", pk=pk))
        return redirect(url_for("TestPage.show", pk=attempt.id))


def _going(found: Taken) -> bool:
    return found.enrolment is not None and found.enrolment.state == "learning"


def _taken(pk: str) -> Taken:
    return learning.taken(db(), _key(pk))


def _key(pk: str) -> int:
    key = id_of(pk)
    if key is None:
        raise NotFound
    return key


def _report() -> Report:
    """What a player says. Anything that is none is not found."""
    said = request.form
    numbers = [id_of(said.get(key)) if said.get(key) != "0" else 0 for key in ("sequence", "from", "to")]
    try:
        token = UUID(said.get("token", ""))
    except ValueError:
        raise NotFound from None
    if None in numbers:
        raise NotFound
    sequence, first, last = (int(number or 0) for number in numbers)
    return Report(token, sequence, first, last)


def _form() -> CatalogueForm:
    profile, spoken = province(), language()
    form = CatalogueForm(request.args)
    lists = {"subject": "subjects", "series": "title_series", "project": "projects"}
    for key, source in lists.items():
        listed = [(each, said(label, spoken)) for each, label in profile.choices(source).items()]
        form[key].choices = [("", _("All")), *listed]
    form.year.choices = [("", _("All")), *((str(year), str(year)) for year in sorted(profile.rules))]
    return form
