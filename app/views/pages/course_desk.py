"""What the generated screen of courses leads to: lessons, the test, publishing, and how learners see it."""

from types import SimpleNamespace
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, TextAreaField

from app.models.course import WRITABLE, Course
from app.models.lesson import KINDS
from app.security import doors
from app.services import courses, lessons
from app.services.errors import Faulty, NotFound, Refused
from app.services.learning import Part, Taken
from app.services.lists import id_of
from app.views import learning as told
from app.views.access import allowed
from app.views.database import db
from app.views.forms import Starred, refuse
from app.views.messages import sentence
from app.views.page import Page
from app.views.parts import Paper

REFUSED = 422
VIDEO, PDF = "video/mp4,video/webm", "application/pdf"


class LessonForm(FlaskForm):
    """A lesson that is added."""

    title = StringField(_l("Title of the lesson"), [Starred()], render_kw={"maxlength": lessons.TITLE})
    kind = SelectField(_l("Kind"), [Starred()], validate_choice=False, render_kw={"data-reload": True})
    file = FileField(_l("File"), [Starred()])
    captions = TextAreaField(
        _l("Captions"),
        description=_l("May be left out. WebVTT: the first line says WEBVTT."),
        render_kw={"rows": 4},
    )
    body = TextAreaField(
        _l("Text"),
        [Starred()],
        description=_l("An empty line begins a paragraph, «- » a list, «## » a heading; **bold**."),
        render_kw={"rows": 12},
    )
    minutes = StringField(
        _l("Minutes that reading takes"),
        [Starred()],
        description=_l("So long it must be open before it counts as finished."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """The token alone: services/lessons.py says what is wrong with the rest."""
        return bool(self.is_submitted() and super().validate(extra_validators))


ASKED = {
    "video": ("title", "kind", "file", "captions"),
    "pdf": ("title", "kind", "file", "minutes"),
    "page": ("title", "kind", "body", "minutes"),
}


class CourseDeskPage(Page):
    """One course, for those who make it and for those who decide about it."""

    route_base = "/course-desk"
    default_view = "desk"
    noun = "course"

    @allowed("course.read")
    @expose("/<pk>")
    def desk(self, pk: str) -> str:
        """Its lessons, what it lacks, who takes it, and what can be done with it."""
        return _desk(_course(pk))

    @allowed("course.read")
    @expose("/<pk>/preview")
    def preview(self, pk: str) -> str:
        """The course as its learners see it."""
        course = _course(pk)
        return render_template(
            "pages/course.html",
            found=_as_taken(course),
            kinds=KINDS,
            told=told,
            preview=True,
            trail=_trail(course),
        )

    @allowed("course.read")
    @expose("/<pk>/lessons/<lesson_id>")
    def lesson(self, pk: str, lesson_id: str) -> str:
        """One lesson as its learners see it."""
        course = _course(pk)
        found = _as_taken(course)
        part = next((each for each in found.parts if each.lesson.id == id_of(lesson_id)), None)
        if part is None:
            raise NotFound
        return render_template(
            "pages/lesson.html", found=found, part=part, told=told, preview=True, trail=_trail(course)
        )

    @allowed("course.update")
    @expose("/<pk>/lessons/add", methods=["GET", "POST"])
    def add(self, pk: str) -> Response | str | tuple[str, int]:
        """A lesson more: first its kind, then what that asks."""
        course = _course(pk)
        form = LessonForm(kind=request.args.get("kind", "video"))
        form.kind.choices = [(key, str(label)) for key, label in KINDS.items()]
        status = 200
        if form.validate() and request.form.get("reload") != "1":
            try:
                lessons.add(db(), course.id, form.data, _file(form))
            except Faulty as faulty:
                refuse(form, faulty)
                status = REFUSED
            except Refused as refused:
                form.form_errors = [sentence(refused)]
                status = REFUSED
            else:
                flash(_("The lesson is added."), "success")
                return redirect(url_for("CourseDeskPage.desk", pk=pk))
        kind = form.kind.data if form.kind.data in ASKED else "video"
        form.file.render_kw = {"accept": PDF if kind == "pdf" else VIDEO}
        paper = Paper(
            title=_("Add a lesson"),
            form=form,
            sections=(("", ASKED[kind]),),
            submit=_("Add the lesson"),
            cancel_url=url_for("CourseDeskPage.desk", pk=pk),
            trail=_trail(course),
            files=kind != "page",
        )
        return render_template("pages/lesson_form.html", paper=paper), status

    @allowed("course.update")
    @expose("/<pk>/lessons/<lesson_id>/remove", methods=["POST"])
    def remove(self, pk: str, lesson_id: str) -> Response:
        """Take a lesson away."""
        return _done(pk, _("The lesson is removed."), lambda: lessons.remove(db(), _key(lesson_id)))

    @allowed("course.update")
    @expose("/<pk>/lessons/<lesson_id>/earlier", methods=["POST"])
    def earlier(self, pk: str, lesson_id: str) -> Response:
        """One place earlier."""
        return _done(pk, "", lambda: lessons.earlier(db(), _key(lesson_id)))

    @allowed("course.publish")
    @expose("/<pk>/submit", methods=["POST"])
    def submit(self, pk: str) -> Response | tuple[str, int]:
        """Send it into review."""
        course = _course(pk)
        try:
            return _done(
                pk,
                _("Sent. Professionals see it once it is approved."),
                lambda: courses.submit(db(), course.id),
            )
        except Faulty:
            return _desk(_course(pk)), REFUSED

    @allowed("course.withdraw")
    @expose("/<pk>/close", methods=["POST"])
    def close(self, pk: str) -> Response:
        """Offer it no more."""
        course = _course(pk)
        said = _("The course is closed. Whoever has begun it may finish it.")
        return _done(pk, said, lambda: courses.close(db(), course.id))

    @allowed("course.create")
    @expose("/<pk>/revise", methods=["POST"])
    def revise(self, pk: str) -> Response:
        """A new edition."""
        course = _course(pk)
        try:
            made = courses.revise(db(), course.id)
        except NotFound:
            raise
        except Refused as refused:
            flash(sentence(refused), "warning")
            return redirect(url_for("CourseDeskPage.desk", pk=pk))
        flash(_("This is the new edition, a draft. The published one stays until it is approved."), "success")
        return redirect(url_for("CourseDeskPage.desk", pk=made.id))


def _desk(course: Course) -> str:
    here = course.organization_id == g.actor.organization_id
    writable = here and course.state in WRITABLE
    return render_template(
        "pages/course_desk.html",
        course=course,
        lessons=courses.lessons(db(), course),
        kinds=KINDS,
        lacking=[sentence(each) for wrong in courses.lacking(db(), course).values() for each in wrong],
        learners=courses.learners(db(), course),
        writable=writable and g.actor.may("course.update"),
        sendable=writable and g.actor.may("course.publish") and courses.offered(),
        closable=here and course.state == "published" and g.actor.may("course.withdraw"),
        revisable=here and course.state in {"published", "closed"} and g.actor.may("course.create"),
        told=told,
    )


def _done(pk: str, said: str, deed: Any) -> Response:
    """Do it and come back; what is refused is said there."""
    try:
        deed()
    except NotFound:
        raise
    except Refused as refused:
        flash(sentence(refused), "warning")
    else:
        if said:
            flash(said, "success")
    return redirect(url_for("CourseDeskPage.desk", pk=pk))


def _as_taken(course: Course) -> Taken:
    """A course as a learner has it who has not begun."""
    place = doors.names(db(), [course.organization_id])[course.organization_id].name
    keys = (*courses.COPIED, "id", "state")
    shown: Any = SimpleNamespace(**{key: getattr(course, key) for key in keys}, organization=place)
    listed: Any = [Part(lesson) for lesson in courses.lessons(db(), course)]
    return Taken(shown, listed, None)


def _trail(course: Course) -> tuple[tuple[str, str], ...]:
    return (
        (_("Courses"), url_for("CourseScreen.list")),
        (course.title, url_for("CourseDeskPage.desk", pk=course.id)),
    )


def _file(form: LessonForm) -> Any:
    sent = form.file.data
    return sent.stream if isinstance(sent, FileStorage) and sent.filename else None


def _course(pk: str) -> Course:
    return courses.one(db(), id_of(pk))


def _key(pk: str) -> int:
    key = id_of(pk)
    if key is None:
        raise NotFound
    return key
