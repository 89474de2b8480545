"""An organisation that asks to stand below another one (ORG-03)."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, Granted, Waiting
from app.declare.field import field
from app.declare.words import _
from app.models.placed import Placed, by_ancestor

STATES = {
    "submitted": _("Waiting for review"),
    "approved": _("Approved"),
    "rejected": _("Rejected"),
    "withdrawn": _("Withdrawn"),
}


class ParentChange(Placed, Record):
    """From one superior to another, with all that stands below: it was counted when the change was asked for.

    `moved_at` is when it took effect. An organisation has one open at a time.
    """

    __tablename__ = "parent_change"
    __table_args__ = (
        CheckConstraint("state IN ('submitted', 'approved', 'rejected', 'withdrawn')", name="state_known"),
        CheckConstraint("from_id <> to_id", name="somewhere_else"),
        Index(
            "uq_parent_change_open",
            "organization_id",
            unique=True,
            postgresql_where=text("state = 'submitted'"),
        ),
        *by_ancestor("parent_change"),
        {"extend_existing": False},
    )

    from_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("organization.id"), info=field(_("Present superior"), list=True)
    )
    to_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("organization.id"), info=field(_("New superior"), list=True)
    )
    units: Mapped[int] = mapped_column(Integer, info=field(_("Organizations below")))
    persons: Mapped[int] = mapped_column(Integer, info=field(_("Professionals, all levels")))
    reason: Mapped[str] = mapped_column(String(200), info=field(_("Reason"), long=True))
    state: Mapped[str] = mapped_column(
        String(20),
        default="submitted",
        info=field(_("State"), form=False, choices=STATES, badge=True, verbs="parent_change"),
    )
    created_at: Mapped[datetime] = moment(server_default=text("now()"))
    moved_at: Mapped[datetime | None] = moment()

    access = {
        "read": (Granted(to=ADMINISTRATORS), Waiting()),
        "create": (Granted(to=("employer", "authority", "institution"), own=True, super=True),),
        "review": (Granted(to=("employer", "authority", "hr_office")),),
    }
