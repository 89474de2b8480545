"""Who decided which step of which review, when and why. Insert only."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Through


class Decision(Record):
    """One verdict. A step of a round is decided once: the unique constraint says so after the update did."""

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("review_id", "round", "step"),
        Index("ix_decision_organization_id", "organization_id", "id"),
        CheckConstraint("verdict IN ('approve', 'reject')", name="verdict_known"),
        CheckConstraint("verdict = 'approve' OR reason <> ''", name="reject_says_why"),
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
    decided_at: Mapped[datetime] = moment(server_default=text("now()"))

    access = {"read": (Through("review_id", "review"),)}
    insert_only = True
