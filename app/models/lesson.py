"""Lessons of a course: a video, a PDF or a page of text."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Through
from app.declare.words import _

KINDS = {"video": _("Video"), "pdf": _("PDF"), "page": _("Page of text")}

LONGEST = 100_000
"""Characters of a page of text."""


class Lesson(Record):
    """One lesson. `seconds` is how long it lasts: what must be watched or read, by the clock of the server.

    `file` is its name on the shelf of lessons (services/media.py), `captions` the text of its captions
    (WebVTT), `body` the text of a page, with Markdown's signs.
    """

    __tablename__ = "lesson"
    __table_args__ = (
        CheckConstraint("kind IN ('video', 'pdf', 'page')", name="kind_known"),
        CheckConstraint("seconds > 0", name="length_sound"),
        CheckConstraint("(kind = 'page') = (file IS NULL)", name="file_where_needed"),
        Index("ix_lesson_course_id", "course_id", "position", "id"),
        Index("ix_lesson_file", "file", postgresql_where=text("file IS NOT NULL")),
        {"extend_existing": False},
    )

    course_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("course.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(10))
    seconds: Mapped[int] = mapped_column(Integer)
    file: Mapped[UUID | None] = mapped_column()
    media_type: Mapped[str] = mapped_column(String(60), default="", server_default="")
    size: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    body: Mapped[str] = mapped_column(String(LONGEST), default="", server_default="")
    captions: Mapped[str] = mapped_column(String(LONGEST), default="", server_default="")
    created_at: Mapped[datetime] = moment(server_default=text("now()"))

    access = {"read": (Through("course_id", "course"),), "delete": (Through("course_id", "course"),)}
