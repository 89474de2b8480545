"""Deadlines: what an HR office or a department asks of those below it, and by which day (RUL-05)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, Granted
from app.declare.field import field
from app.declare.screen import Screen, Way
from app.declare.words import _
from app.models.organization import KINDS
from app.models.placed import Placed, by_ancestor

MATTERS = {
    "registration": _("Registration of units and professionals"),
    "liaison": _("Liaison list"),
}
"""What can be asked for beside annual papers; services/missing.py knows who has not done it."""

EVERYBODY = "all"
AUDIENCES = {EVERYBODY: _("All organizations"), **KINDS}
"""Of whom it is asked: of organisations of that kind below the one that asks."""

WRITERS = ("authority", "hr_office")


class Deadline(Placed, Record):
    """One matter, due on a day: one of MATTERS, or the key of an annual paper with its `year`.

    `since` is the first day on which a list handed in counts, in China's time.

    Those of whom it is asked come to it through security/doors/deadlines.py; the rules here are of those who
    ask.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        CheckConstraint(
            f"(matter IN ({', '.join(repr(each) for each in MATTERS)})) = (year IS NULL)",
            name="year_of_paper",
            info={
                "problem": (
                    "year",
                    _("An annual paper is asked for a year; nothing else is. Please correct it."),
                )
            },
        ),
        CheckConstraint(
            f"audience IN ({', '.join(repr(each) for each in AUDIENCES)})", name="audience_known"
        ),
        CheckConstraint(
            "due_on >= since",
            name="days_in_order",
            info={"problem": ("since", _("It would count only after the day on which it is due."))},
        ),
        Index("ix_deadline_organization_id", "organization_id", "due_on"),
        *by_ancestor("deadline"),
        {"extend_existing": False},
    )

    title: Mapped[str] = mapped_column(String(120), info=field(_("Title"), list=True, search=True))
    matter: Mapped[str] = mapped_column(
        String(30), info=field(_("What is asked for"), list=True, search=True, choices="matters")
    )
    year: Mapped[int | None] = mapped_column(
        SmallInteger,
        info=field(
            _("Year of the annual paper"),
            check="year",
            help=_("Only for annual papers: the year that the plan, the summary or the material is about."),
        ),
    )
    audience: Mapped[str] = mapped_column(
        String(20),
        default=EVERYBODY,
        info=field(_("Asked of"), list=True, search=True, choices=AUDIENCES),
    )
    direct: Mapped[bool] = mapped_column(
        default=False,
        server_default="false",
        info=field(
            _("Only of those directly below"),
            help=_("For example of the city offices, but not of the counties below them."),
        ),
    )
    due_on: Mapped[date] = mapped_column(info=field(_("Due on"), list=True, sort=True))
    since: Mapped[date | None] = mapped_column(
        info=field(
            _("Counts from"),
            help=_("A list that was handed in before this day does not count. Empty: any list counts."),
        )
    )
    note: Mapped[str | None] = mapped_column(String(500), info=field(_("Note"), long=True))
    reminded_on: Mapped[date | None] = mapped_column(info=field(_("Last reminded on"), form=False))
    created_at: Mapped[datetime] = moment(server_default=text("now()"))

    access = {
        "read": (Granted(to=ADMINISTRATORS),),
        "create": (Granted(to=WRITERS, own=True),),
        "update": (Granted(to=WRITERS, own=True),),
        "delete": (Granted(to=WRITERS, own=True),),
        "remind": (Granted(to=WRITERS, own=True),),
        "export": (Granted(to=ADMINISTRATORS),),
    }
    screen = Screen(
        label=_("Deadlines"),
        menu="account",
        icon="calendar",
        name="title",
        form={
            _("What is due"): ("title", "matter", "year", "due_on", "note"),
            _("Of whom"): ("audience", "direct", "since"),
        },
        empty=_("No deadline is set here or below. A new one is shown at once to those of whom it is asked."),
        position=30,
        ways=(
            Way(
                label=_("Who is missing"),
                endpoint="DuePage.missing",
                action="read",
                icon="users",
                row=True,
                primary=True,
            ),
            Way(
                label=_("Delete"),
                endpoint="DuePage.remove",
                action="delete",
                icon="trash",
                row=True,
                confirm=_("Delete this deadline? Nobody is reminded of it any more."),
            ),
        ),
    )
