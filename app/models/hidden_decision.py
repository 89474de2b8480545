"""Decisions that an organisation no longer lists: what its manual calls deleted. Insert only."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Through


class HiddenDecision(Record):
    """The stone on one decision: who took it off the list of the reviewed, when and why.

    The decision itself stays, and so does the course of its review, the record's history and the audit log.
    """

    __tablename__ = "hidden_decision"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="says_why"),
        {"extend_existing": False},
    )

    decision_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("decision.id"), unique=True)
    account_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    name: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(500))
    hidden_at: Mapped[datetime] = moment(server_default=text("now()"))

    access = {"read": (Through("decision_id", "decision"),)}
    insert_only = True
