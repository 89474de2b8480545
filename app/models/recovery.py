"""Forgotten passwords: what somebody asked for who says he holds an account."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment


class Recovery(Record):
    """One request for a new password. It looks the same whether or not there is such an account.

    `account_key` and `contact_key` are blind indexes of what was typed. A job fills in `account_id` where
    both belong together; the digest of the code is written when the code is sent.
    """

    __tablename__ = "recovery"
    __table_args__ = (
        Index("ix_recovery_account_key", "account_key", "requested_at"),
        {"extend_existing": False},
    )

    uid: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    account_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    contact_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    channel: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    tries: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    requested_at: Mapped[datetime] = moment(server_default=text("now()"))
    sought_at: Mapped[datetime | None] = moment()
    used_at: Mapped[datetime | None] = moment()

    internal = True
    """Written by services/recovery.py alone, for two days."""
