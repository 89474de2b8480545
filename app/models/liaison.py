"""Liaison lists: whom to call at an organisation about this platform (RUL-05)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, Granted
from app.declare.field import field
from app.declare.screen import Screen, Way
from app.declare.words import _
from app.encrypted import Encrypted, Sealed
from app.models.placed import Placed, by_ancestor


class Liaison(Placed, Record):
    """One person of an organisation's list; `filled_on` is the day on which it was handed in with him."""

    __tablename__ = "liaison"
    __table_args__ = (
        Index("ix_liaison_organization_id", "organization_id", "filled_on"),
        *by_ancestor("liaison"),
        {"extend_existing": False},
    )

    uid: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    name: Mapped[str] = mapped_column(
        String(50), info=field(_("Full name"), list=True, search=True, check="person_name")
    )
    post: Mapped[str] = mapped_column(String(60), info=field(_("Position"), list=True))
    phone_sealed: Mapped[bytes] = mapped_column(
        Encrypted,
        info=field(
            _("Contact"),
            list=True,
            check="telephone",
            mask="phone",
            help=_("A mobile number, or a landline like 0716-8278488."),
        ),
    )
    filled_on: Mapped[date | None] = mapped_column(info=field(_("Filled in on"), list=True, form=False))
    created_at: Mapped[datetime] = moment(server_default=text("now()"))

    phone = Sealed("phone_sealed")

    access = {
        "read": (Granted(to=ADMINISTRATORS),),
        "create": (Granted(to=ADMINISTRATORS, own=True),),
        "update": (Granted(to=ADMINISTRATORS, own=True),),
        "delete": (Granted(to=ADMINISTRATORS, own=True),),
        "hand_in": (Granted(to=ADMINISTRATORS, own=True),),
        "reveal": (Granted(to=ADMINISTRATORS),),
        "export": (Granted(to=ADMINISTRATORS),),
    }
    screen = Screen(
        label=_("Liaison list"),
        menu="account",
        icon="users",
        form={_("Liaison person"): ("name", "post", "phone")},
        empty=_("Nobody is on the list yet. Add whom to call about this platform, then hand the list in."),
        position=32,
        ways=(
            Way(
                label=_("Hand in"),
                endpoint="LiaisonsPage.hand_in",
                action="hand_in",
                icon="check",
                confirm=_("Hand in the list of your organization? It is dated today."),
            ),
            Way(
                label=_("Delete"),
                endpoint="LiaisonsPage.remove",
                action="delete",
                icon="trash",
                row=True,
                confirm=_("Take this person off the list?"),
            ),
        ),
    )
