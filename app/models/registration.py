"""A professional's application for an account, until somebody decides it.

It is a record of its own, so that registering never tells whether an import had already brought the person.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, Granted
from app.declare.field import field
from app.declare.words import _
from app.encrypted import Encrypted, Sealed
from app.models.placed import Placed, by_ancestor

STATES = {
    "pending": _("Waiting for review"),
    "approved": _("Approved"),
    "rejected": _("Rejected"),
    "withdrawn": _("Withdrawn"),
}


class Registration(Placed, Record):
    """What a professional filled in. The password is kept as its hash; the receipt code as its digest.

    `replaced` and `replaced_phone` are what the approval wrote over in a person who was there already; None
    where it made a new one. The account holds the password from the approval on.
    """

    __tablename__ = "registration"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'approved', 'rejected', 'withdrawn')", name="state_known"),
        Index("ix_registration_id_number_index", "id_number_index"),
        *by_ancestor("registration"),
        {"extend_existing": False},
    )

    uid: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    name: Mapped[str] = mapped_column(String(50), info=field(_("Full name"), list=True, check="person_name"))
    document_type: Mapped[str] = mapped_column(
        String(30), default="id_card", info=field(_("Document type"), choices="document_types")
    )
    id_number_sealed: Mapped[bytes] = mapped_column(
        Encrypted, info=field(_("ID number"), list=True, check="id_number", mask="id_number")
    )
    id_number_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    phone_sealed: Mapped[bytes] = mapped_column(
        Encrypted, info=field(_("Mobile phone"), check="phone", mask="phone")
    )
    email: Mapped[str | None] = mapped_column(String(200), info=field(_("E-mail"), check="email"))
    title_series: Mapped[str | None] = mapped_column(
        String(40), info=field(_("Title series"), choices="title_series")
    )
    title: Mapped[str | None] = mapped_column(String(60), info=field(_("Professional title")))
    title_level: Mapped[str | None] = mapped_column(
        String(20), info=field(_("Title level"), choices="title_levels")
    )
    extra: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    password: Mapped[str] = mapped_column(String(256))
    receipt: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    state: Mapped[str] = mapped_column(
        String(20),
        default="pending",
        info=field(
            _("State"), list=True, form=False, choices=STATES, badge=True, verbs="person_registration"
        ),
    )
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    replaced: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    replaced_phone_sealed: Mapped[bytes | None] = mapped_column(Encrypted)
    created_at: Mapped[datetime] = moment(
        server_default=text("now()"), info=field(_("Submitted"), form=False)
    )

    id_number = Sealed("id_number_sealed", index="id_number_index")
    phone = Sealed("phone_sealed")
    replaced_phone = Sealed("replaced_phone_sealed")

    extra_noun = "person"
    """The province's own fields of persons are asked at registration already."""

    access = {
        "read": (Granted(to=ADMINISTRATORS),),
        "review": (Granted(to=ADMINISTRATORS),),
    }
