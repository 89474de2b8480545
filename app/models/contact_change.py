"""Another telephone or e-mail of an account: what somebody asked for who has to show that it is his."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.encrypted import Encrypted, Sealed


class ContactChange(Record):
    """One request. The digest of the code is written when the code is sent to the new address.

    `former` is what the new address replaced, so that it can be told.
    """

    __tablename__ = "contact_change"
    __table_args__ = (Index("ix_contact_change_account_id", "account_id"), {"extend_existing": False})

    uid: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    account_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id"))
    channel: Mapped[str] = mapped_column(String(10))
    address_sealed: Mapped[bytes] = mapped_column(Encrypted)
    former_sealed: Mapped[bytes | None] = mapped_column(Encrypted)
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    tries: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    requested_at: Mapped[datetime] = moment(server_default=text("now()"))
    used_at: Mapped[datetime | None] = moment()

    address = Sealed("address_sealed")
    former = Sealed("former_sealed")

    internal = True
    """Written by services/contacts.py alone, for two days."""
