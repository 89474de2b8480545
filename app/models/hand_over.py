"""Hand-overs of the super-administrator: who handed over to whom, and whether it was taken back."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, Granted
from app.declare.field import field
from app.declare.screen import Screen
from app.declare.words import _
from app.models.placed import Placed, by_ancestor

OPEN = timedelta(hours=24)
"""How long the organisation above may take one back."""


class HandOver(Placed, Record):
    """One hand-over: written, and taken back, by the doors of security/hand_overs.py alone."""

    __tablename__ = "hand_over"
    __table_args__ = (
        Index("ix_hand_over_organization_id", "organization_id"),
        *by_ancestor("hand_over"),
        {"extend_existing": False},
    )

    name: Mapped[str] = mapped_column(
        String(64), info=field(_("New super-administrator"), list=True, search=True)
    )
    former: Mapped[str] = mapped_column(String(64), info=field(_("Former super-administrator"), list=True))
    giver_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("appointment.id"))
    receiver_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("appointment.id"))
    handed_at: Mapped[datetime] = moment(
        server_default=text("now()"), info=field(_("Handed over at"), list=True, sort=True)
    )
    taken_back_at: Mapped[datetime | None] = moment(info=field(_("Taken back at"), list=True))

    access = {
        "read": (Granted(to=ADMINISTRATORS),),
        "take_back": (Granted(to=ADMINISTRATORS, super=True, kept=True),),
    }
    by_doors = True
    screen = Screen(
        label=_("Hand-overs"),
        menu="account",
        icon="swap",
        export=False,
        empty=_("The super-administrator was never handed over."),
        position=14,
    )
