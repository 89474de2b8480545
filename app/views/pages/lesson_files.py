"""The files of lessons: whoever has begun a course, or sees to it, may have them."""

from uuid import UUID

from flask import current_app
from flask_appbuilder import expose
from werkzeug.wrappers import Response

from app.services import media
from app.views import ranges
from app.views.access import allowed
from app.views.database import db
from app.views.page import Page


class LessonFilesPage(Page):
    """A video or a PDF, whole or in parts."""

    route_base = "/lesson-files"
    default_view = "send"
    noun = "lesson"

    @allowed("enrolment.create", "course.read")
    @expose("/<uuid:uid>")
    def send(self, uid: UUID) -> Response:
        """What a player asks for; it knows no other address of the file."""
        return ranges.answer(media.of_lesson(db(), uid), current_app.config["SETTINGS"].accel)
