"""Tries at the test of a course."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ForeignKey,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Through


class Attempt(Record):
    """One try: which questions were drawn by which `seed`, what was answered, and the result in per cent.

    `answers` maps the id of a question to the letters that were chosen. One try is open at a time.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "number", name="uq_attempt_number"),
        Index("uq_attempt_open", "enrolment_id", unique=True, postgresql_where=text("handed_in_at IS NULL")),
        {"extend_existing": False},
    )

    enrolment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("enrolment.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    seed: Mapped[int] = mapped_column(BigInteger)
    questions: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    answers: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    opened_at: Mapped[datetime] = moment()
    due_at: Mapped[datetime | None] = moment()
    handed_in_at: Mapped[datetime | None] = moment()
    mark: Mapped[int | None] = mapped_column(SmallInteger)
    passed: Mapped[bool | None] = mapped_column()

    access = {"read": (Through("enrolment_id", "enrolment"),)}
