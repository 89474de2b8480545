"""Who takes part in a class, and who was there on which half day."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, PLANNERS, Granted, Owner
from app.declare.field import field
from app.declare.words import _
from app.models.placed import Placed, by_ancestor

KEPT = ("training_class.update", "person.keep")
"""Who keeps a class keeps its roster; a professional, who keeps his own data, takes part."""

WAYS = {
    "picked": _("Picked"),
    "imported": _("From a list"),
    "self": _("Enrolled by the professional"),
}

HOW = {"code": _("Signed in with the code"), "list": _("Ticked on the list")}


class ClassMember(Placed, Record):
    """One person in one class. It stands where the class does, so that its organiser reads it.

    Name, masked number and unit are as they were when the person joined: the record of somebody who works
    elsewhere stays closed to the organiser. Who leaves keeps the row, with `left_at`.
    """

    __tablename__ = "class_member"
    __table_args__ = (
        UniqueConstraint("class_id", "person_id"),
        CheckConstraint("joined_by IN ('picked', 'imported', 'self')", name="way_known"),
        Index("ix_class_member_person_id", "person_id", "id"),
        *by_ancestor("class_member"),
        {"extend_existing": False},
    )

    class_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("training_class.id"))
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(50), info=field(_("Full name"), list=True, search=True))
    masked_number: Mapped[str] = mapped_column(String(40), info=field(_("ID number"), list=True))
    unit: Mapped[str] = mapped_column(String(200), info=field(_("Organization"), list=True))
    joined_by: Mapped[str] = mapped_column(String(10), info=field(_("Joined"), list=True, choices=WAYS))
    joined_at: Mapped[datetime] = moment(server_default=text("now()"), info=field(_("Since"), list=True))
    left_at: Mapped[datetime | None] = moment(info=field(_("Left")))

    access = {
        "read": (Owner(), Granted(to=ADMINISTRATORS, follows=("training_class.read", "person.keep"))),
        "create": (Owner(), Granted(to=PLANNERS, own=True, follows=KEPT)),
        "update": (Owner(), Granted(to=PLANNERS, own=True, follows=KEPT)),
    }


class Attendance(Placed, Record):
    """Whether a member was there on one half day: by whose hand, and when that was written last."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("member_id", "half_day"),
        CheckConstraint("how IN ('code', 'list')", name="how_known"),
        Index("ix_attendance_class_id", "class_id"),
        *by_ancestor("attendance"),
        {"extend_existing": False},
    )

    class_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("training_class.id"))
    member_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("class_member.id"))
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    half_day: Mapped[str] = mapped_column(String(11))
    present: Mapped[bool] = mapped_column(info=field(_("Present")))
    how: Mapped[str] = mapped_column(String(10), info=field(_("How"), choices=HOW))
    account_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    marked_at: Mapped[datetime] = moment(server_default=text("now()"))

    access = {
        "read": (Owner(), Granted(to=ADMINISTRATORS, follows=("training_class.read", "person.keep"))),
        "create": (Owner(), Granted(to=PLANNERS, own=True, follows=KEPT)),
        "update": (Owner(), Granted(to=PLANNERS, own=True, follows=KEPT)),
    }
