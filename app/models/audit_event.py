"""What was done, by whom, to what. Insert only, in the transaction of the deed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, Granted, Owner, Within
from app.models.placed import Ancestry


class AuditEvent(Ancestry, Record):
    """One event. Personal data in `before` and `after` is masked.

    `name` is what the actor was called then, `acting_id` the organisation it acted for; both and `account_id`
    are empty for unattributed SQL. `on_behalf` is the name of who had delegated it. `person_id` is the person
    whose record was touched: it may read the event.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_object", "noun", "object_id"),
        Index("ix_audit_event_organization_id", "organization_id"),
        {"extend_existing": False},
    )

    at: Mapped[datetime] = moment(server_default=text("now()"))
    account_id: Mapped[int | None] = mapped_column(Integer)
    appointment_id: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(64), default="", server_default="")
    on_behalf: Mapped[str] = mapped_column(String(64), default="", server_default="")
    acting_id: Mapped[int | None] = mapped_column(BigInteger)
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    organization_id: Mapped[int | None] = mapped_column(BigInteger)
    action: Mapped[str] = mapped_column(String(60))
    noun: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[int | None] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    reason: Mapped[str] = mapped_column(String(500), default="", server_default="")
    request: Mapped[str] = mapped_column(String(36), default="", server_default="")

    within = Within(of="noun")
    access = {"read": (Owner(), Granted(to=ADMINISTRATORS))}
    insert_only = True
    outbox = True
    """Every act writes its event, also where its actor may not read it."""
