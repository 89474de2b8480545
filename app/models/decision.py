"""Who decided which step of which review, when and why, and who took that back. Insert only."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Through


class Decision(Record):
    """One verdict. A step of a round is decided once: the unique index says so after the update did.

    An appeal of the applicant stands among them, with the round that it opens and the step it is against.
    A verdict that is revoked ends its round: the row that says so has the same round and step. `batch` is
    what was confirmed together; its own decider can take it back for a few seconds. `due_on` is the last day
    of the step that was decided. `marks` are remarks at fields of what was rejected (services/marking.py). A
    verdict `took` so many working days since its step had opened.
    """

    __tablename__ = "decision"
    __table_args__ = (
        Index("uq_decision_step", "review_id", "round", "step", text("(verdict = 'revoke')"), unique=True),
        Index("ix_decision_batch", "batch", postgresql_where=text("batch IS NOT NULL")),
        Index("ix_decision_organization_id", "organization_id", "id"),
        Index("ix_decision_decided_at", "decided_at", postgresql_using="brin"),
        CheckConstraint("verdict IN ('approve', 'reject', 'revoke', 'appeal')", name="verdict_known"),
        CheckConstraint("verdict = 'approve' OR reason || reason_key <> ''", name="says_why"),
        {"extend_existing": False},
    )

    review_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("review.id"))
    round: Mapped[int] = mapped_column(SmallInteger)
    step: Mapped[int] = mapped_column(SmallInteger)
    organization_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("organization.id"))
    account_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    appointment_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("appointment.id"))
    name: Mapped[str] = mapped_column(String(64))
    on_behalf: Mapped[str] = mapped_column(String(64), default="", server_default="")
    verdict: Mapped[str] = mapped_column(String(10))
    reason_key: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    batch: Mapped[UUID | None] = mapped_column()
    due_on: Mapped[date | None] = mapped_column()
    marks: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    took: Mapped[int | None] = mapped_column(SmallInteger)
    decided_at: Mapped[datetime] = moment(server_default=text("now()"))

    access = {"read": (Through("review_id", "review"),)}
    insert_only = True
