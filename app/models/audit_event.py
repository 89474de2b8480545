"""What was done, by whom, to what. Insert only, in the transaction of the deed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Granted
from app.models.placed import Ancestry


class AuditEvent(Ancestry, Record):
    """One event. Personal data in `before` and `after` is masked.

    `account_id` is empty for unattributed SQL.
    """

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_object", "noun", "object_id"), {"extend_existing": False})

    at: Mapped[datetime] = moment(server_default=text("now()"))
    account_id: Mapped[int | None] = mapped_column(Integer)
    appointment_id: Mapped[int | None] = mapped_column(BigInteger)
    organization_id: Mapped[int | None] = mapped_column(BigInteger)
    action: Mapped[str] = mapped_column(String(60))
    noun: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[int | None] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    reason: Mapped[str] = mapped_column(String(500), default="", server_default="")
    request: Mapped[str] = mapped_column(String(36), default="", server_default="")

    access = {"read": (Granted(to=("hr_office",)),)}
    insert_only = True
    outbox = True
    """Every act writes its event; only the office above reads it."""
