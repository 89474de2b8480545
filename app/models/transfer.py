"""A professional who goes from one organisation to another (TRF-01 to TRF-07)."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, Numeric, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, Granted, Owner, Waiting
from app.declare.field import field
from app.declare.screen import Screen, Way
from app.declare.words import _
from app.models.placed import Placed, by_ancestor

STATES = {
    "submitted": _("Waiting for review"),
    "approved": _("Transferred"),
    "rejected": _("Rejected"),
    "withdrawn": _("Withdrawn"),
}

STARTERS = {"unit": _("The organization"), "person": _("The professional")}

DECLARATIONS = {
    "go_along": _("They go along and are reviewed by the new organization"),
    "finish": _("The present organization finishes their review"),
}

LONGEST = 200
"""Characters of a reason."""


class Transfer(Placed, Record):
    """From where the person stands to `to_id`. What the new organisation needs to know stands in the row.

    The person's record stays closed to it until it has agreed: name, masked number, title and hours are as
    they were when the transfer was asked for. `leaves_on` is the day of the transfer by its papers,
    `moved_at` when it took effect. A person has one open at a time.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        CheckConstraint("state IN ('submitted', 'approved', 'rejected', 'withdrawn')", name="state_known"),
        CheckConstraint("started_by IN ('unit', 'person')", name="starter_known"),
        CheckConstraint("declarations IN ('go_along', 'finish')", name="declarations_known"),
        CheckConstraint("organization_id <> to_id", name="somewhere_else"),
        Index(
            "uq_transfer_open",
            "person_id",
            unique=True,
            postgresql_where=text("state = 'submitted'"),
        ),
        Index("ix_transfer_person_id", "person_id", "id"),
        Index("ix_transfer_to_id", "to_id", "id"),
        *by_ancestor("transfer"),
        {"extend_existing": False},
    )

    name: Mapped[str] = mapped_column(String(50), info=field(_("Full name"), list=True, search=True))
    masked_number: Mapped[str] = mapped_column(String(40), info=field(_("ID number"), list=True))
    title: Mapped[str] = mapped_column(String(60), default="", info=field(_("Professional title")))
    organization_id: Mapped[int] = mapped_column(
        BigInteger,
        ForeignKey("organization.id"),
        info=field(_("Goes from"), list=True, search=True, form=False),
    )
    to_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("organization.id"), info=field(_("Goes to"), list=True, search=True)
    )
    leaves_on: Mapped[date] = mapped_column(info=field(_("Day of the transfer"), list=True))
    reason: Mapped[str] = mapped_column(String(LONGEST), info=field(_("Reason"), long=True))
    year_hours: Mapped[Decimal] = mapped_column(
        Numeric(8, 1), default=Decimal(0), info=field(_("Hours of this year"))
    )
    certificates: Mapped[int] = mapped_column(Integer, default=0, info=field(_("Certificates")))
    unfinished: Mapped[int] = mapped_column(Integer, default=0, info=field(_("Declarations under review")))
    declarations: Mapped[str] = mapped_column(
        String(10), info=field(_("What becomes of these"), choices=DECLARATIONS)
    )
    started_by: Mapped[str] = mapped_column(String(10), info=field(_("Asked for by"), choices=STARTERS))
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(
        String(20),
        default="submitted",
        info=field(_("State"), list=True, search=True, form=False, choices=STATES, badge=True),
    )
    created_at: Mapped[datetime] = moment(
        server_default=text("now()"), info=field(_("Asked for on"), list=True)
    )
    moved_at: Mapped[datetime | None] = moment(info=field(_("Took effect")))

    remembers = ("person", "person_id", "name")
    """Whose names it tells to those who no longer reach their records: table, key and name."""

    access = {
        "read": (
            Owner(),
            Granted(to=ADMINISTRATORS),
            Granted(to=ADMINISTRATORS, at="to_id", while_in=("approved",)),
            Waiting(),
        ),
        "create": (Owner(), Granted(to=("employer", "authority", "institution"), own=True)),
        "review": (Granted(to=ADMINISTRATORS),),
        "export": (Granted(to=ADMINISTRATORS),),
    }
    screen = Screen(
        label=_("Record of transfers"),
        menu="account",
        icon="swap",
        name="name",
        empty=_("Nobody has been transferred yet."),
        files=_("Proof"),
        position=28,
        ways=(
            Way(label=_("Transfers in"), endpoint="TransferPage.incoming", action="read", icon="right"),
            Way(label=_("Transfers out"), endpoint="TransferPage.outgoing", action="read", icon="left"),
        ),
    )
