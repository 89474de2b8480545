"""Who takes which course."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Owner
from app.declare.credits import Credits
from app.declare.words import _
from app.models.placed import Placed

STATES = {"learning": _("Learning"), "passed": _("Passed")}


class Enrolment(Placed, Record):
    """One person takes one course, once for all its editions (`root_id` is the first of them).

    `counted_until` is the moment up to which the time of his learning in this course is spent: of all his
    courses the latest of these says from when on watching counts (services/watching.py). `year` is the one
    that the hours were written to.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint("state IN ('learning', 'passed')", name="state_known"),
        UniqueConstraint("person_id", "root_id", name="uq_enrolment_once"),
        Index("ix_enrolment_course_id", "course_id"),
        Index("ix_enrolment_organization_id", "organization_id"),
        {"extend_existing": False},
    )

    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("course.id"))
    root_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("course.id"))
    state: Mapped[str] = mapped_column(String(10), default="learning", server_default="learning")
    year: Mapped[int | None] = mapped_column(SmallInteger)
    begun_at: Mapped[datetime] = moment(server_default=text("now()"))
    counted_until: Mapped[datetime | None] = moment()
    passed_at: Mapped[datetime | None] = moment()

    goes_along = ("learning", "passed")
    credits = Credits("course", "passed")
    access = {"read": (Owner(),), "create": (Owner(),)}
