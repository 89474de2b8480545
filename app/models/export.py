"""Workbooks that a job writes: for whom, of what, how far it is, and where the file lies."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Account

STATES = ("waiting", "writing", "done", "failed", "cancelled", "expired")


class Export(Record):
    """One workbook of one account, which alone may have it.

    `source` says of what it is (services/exporting.py), `words` what was searched for there, never a sealed
    value. `full` shows what lists mask, for the `reason`. `shelved` is the file's name on the shelf, with its
    `size` in bytes; it is thrown away after some days.
    """

    __tablename__ = "export"
    __table_args__ = (
        CheckConstraint(
            f"state IN ({', '.join(repr(each) for each in STATES)})",
            name="state_known",
        ),
        CheckConstraint("NOT \"full\" OR reason <> ''", name="full_for_a_reason"),
        Index("ix_export_account_id", "account_id", "id"),
        {"extend_existing": False},
    )

    uid: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    account_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id"))
    appointment_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("appointment.id"))
    source: Mapped[str] = mapped_column(String(60))
    words: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    title: Mapped[str] = mapped_column(String(120))
    full: Mapped[bool] = mapped_column(default=False, server_default="false")
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    locale: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20), default="waiting", server_default="waiting")
    total: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    progress: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    shelved: Mapped[UUID | None] = mapped_column()
    size: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = moment(server_default=text("now()"))
    finished_at: Mapped[datetime | None] = moment()

    access = {"read": (Account("account_id"),), "create": (Account("account_id"),)}
