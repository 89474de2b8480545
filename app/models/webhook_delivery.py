"""What clients are told by themselves: that a certificate was revoked."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Through
from app.declare.words import _

STATES = {
    "waiting": _("To be sent"),
    "sending": _("Being sent"),
    "sent": _("Delivered"),
    "failed": _("Given up"),
}


class WebhookDelivery(Record):
    """One change of one certificate on its way to one client; the same `uid` in each attempt.

    Written by the trigger that notes the change, sent by a job. `error` names the kind of failure.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed')", name="state_known"),
        Index("ix_webhook_delivery_client_id", "client_id", "id"),
        Index("ix_webhook_delivery_unsent", "id", postgresql_where=text("state IN ('waiting', 'sending')")),
        {"extend_existing": False},
    )

    uid: Mapped[UUID] = mapped_column(default=uuid4, server_default=text("gen_random_uuid()"), unique=True)
    client_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("api_client.id"))
    change_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("certificate_change.id"))
    state: Mapped[str] = mapped_column(String(10), default="waiting", server_default="waiting")
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    created_at: Mapped[datetime] = moment(server_default=text("now()"))
    due_at: Mapped[datetime | None] = moment()
    claimed_at: Mapped[datetime | None] = moment()
    sent_at: Mapped[datetime | None] = moment()
    error: Mapped[str | None] = mapped_column(String(60))

    access = {"read": (Through("client_id", "api_client"),)}
    by_doors = True
