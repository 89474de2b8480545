"""What one person has in one year: kept in the transaction that writes the ledger."""

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Numeric, PrimaryKeyConstraint, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model
from app.declare.access import Through


class PersonYear(Model):
    """Sums of the ledger of one person and calendar year; `subjects` maps a subject's key to its hours."""

    __tablename__ = "person_year"
    __table_args__ = (
        PrimaryKeyConstraint("person_id", "year"),
        Index("ix_person_year_complete", "year", "person_id", postgresql_where=text("complete")),
        {"extend_existing": False},
    )

    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    total: Mapped[Decimal] = mapped_column(Numeric(8, 1), default=Decimal(0))
    subjects: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    complete: Mapped[bool] = mapped_column(default=False)

    access = {"read": (Through("person_id", "person"),)}
