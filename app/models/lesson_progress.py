"""How far somebody is in one lesson."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Integer, UniqueConstraint
from sqlalchemy.dialects.postgresql import INT4MULTIRANGE
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Through


class LessonProgress(Record):
    """What of a lesson one has watched: `watched` are the seconds of it that count, `seconds` their number.

    `length` is how long the lesson lasts (unit: s), `place` where one goes on. `token` is that of the player
    that was opened last: only its reports count, each `sequence` once.
    """

    __tablename__ = "lesson_progress"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "lesson_id", name="uq_lesson_progress_once"),
        {"extend_existing": False},
    )

    enrolment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("enrolment.id"))
    lesson_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("lesson.id"))
    length: Mapped[int] = mapped_column(Integer)
    token: Mapped[UUID] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    opened_at: Mapped[datetime] = moment()
    watched: Mapped[Any] = mapped_column(INT4MULTIRANGE, server_default="{}")
    seconds: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    place: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    finished_at: Mapped[datetime | None] = moment()

    access = {"read": (Through("enrolment_id", "enrolment"),)}
