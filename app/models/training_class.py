"""A class of a filed plan: when and where, who teaches, how many find room, and what it credits (PLN-02)."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, PLANNERS, Granted
from app.declare.credits import Credits
from app.declare.field import field
from app.declare.screen import Screen
from app.declare.words import _
from app.models.placed import Placed, by_ancestor

STATES = {
    "open": _("Not declared yet"),
    "submitted": _("Hours under review"),
    "approved": _("Hours credited"),
    "returned": _("Rejected"),
    "cancelled": _("Cancelled"),
}

ENROLMENT = {
    "picked": _("The organizer says who takes part"),
    "self": _("Professionals enrol themselves as well"),
}

MOST = 2000
"""Seats of one class."""

FULL = _("No seat is left in this class.")


class TrainingClass(Placed, Record):
    """Subject, form, year and hours are its plan's as they were when the class was made.

    `half_days` are those on which it is taught, in order: the day and `a` for the morning, `p` for the
    afternoon. `enrolled` is kept by a trigger (security/seats.py), within `capacity` by a constraint.
    """

    __tablename__ = "training_class"
    __table_args__ = (
        CheckConstraint(
            "state IN ('open', 'submitted', 'approved', 'returned', 'cancelled')", name="state_known"
        ),
        CheckConstraint("enrolment IN ('picked', 'self')", name="enrolment_known"),
        CheckConstraint("last_day >= first_day", name="ends_after_it_begins"),
        CheckConstraint("cardinality(half_days) > 0", name="some_half_days"),
        CheckConstraint(f"capacity BETWEEN 1 AND {MOST}", name="some_seats"),
        CheckConstraint(
            "enrolled BETWEEN 0 AND capacity", name="seats_left", info={"problem": ("people", FULL)}
        ),
        CheckConstraint("hours > 0", name="some_hours"),
        Index("ix_training_class_plan_id", "plan_id", "id"),
        Index(
            "ix_training_class_open_to_all",
            "first_day",
            postgresql_where=text("state = 'open' AND enrolment = 'self'"),
        ),
        *by_ancestor("training_class"),
        {"extend_existing": False},
    )

    title: Mapped[str] = mapped_column(String(80), info=field(_("Class"), list=True, search=True))
    organization_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("organization.id"), info=field(_("Organizer"), list=True, form=False)
    )
    plan_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("training_plan.id"), info=field(_("Training plan"), search=True)
    )
    year: Mapped[int] = mapped_column(
        SmallInteger, info=field(_("Year"), list=True, search=True, check="year")
    )
    subject: Mapped[str] = mapped_column(
        String(30), info=field(_("Subject"), list=True, search=True, choices="subjects")
    )
    form: Mapped[str] = mapped_column(String(40), info=field(_("Learning form"), choices="forms"))
    first_day: Mapped[date] = mapped_column(info=field(_("First day"), list=True))
    last_day: Mapped[date] = mapped_column(info=field(_("Last day"), list=True))
    half_days: Mapped[list[str]] = mapped_column(ARRAY(String(11)))
    place: Mapped[str] = mapped_column(String(100), info=field(_("Place")))
    teachers: Mapped[str] = mapped_column(String(200), info=field(_("Teachers")))
    hours: Mapped[Decimal] = mapped_column(Numeric(5, 1), info=field(_("Hours"), list=True))
    capacity: Mapped[int] = mapped_column(Integer, info=field(_("Seats")))
    enrolled: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0", info=field(_("People"), list=True, form=False)
    )
    enrolment: Mapped[str] = mapped_column(String(10), info=field(_("Who joins"), choices=ENROLMENT))
    state: Mapped[str] = mapped_column(
        String(20),
        default="open",
        info=field(_("State"), list=True, search=True, form=False, choices=STATES, badge=True),
    )
    created_at: Mapped[datetime] = moment(server_default=text("now()"), info=field(_("Created on")))

    credits = Credits("class", "approved")
    access = {
        "read": (Granted(to=ADMINISTRATORS),),
        "create": (Granted(to=PLANNERS, own=True),),
        "update": (Granted(to=PLANNERS, own=True, while_in=("open", "returned")),),
        "review": (Granted(to=("employer", "authority", "hr_office")),),
        "export": (Granted(to=ADMINISTRATORS),),
    }
    screen = Screen(
        label=_("Classes and their hours"),
        menu="hours",
        needs="training",
        users=PLANNERS,
        icon="users",
        name="title",
        empty=_("There is no class yet. A class is made from the page of a filed training plan."),
        files=_("Proof"),
        position=33,
    )
