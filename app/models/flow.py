"""What was submitted and decided in each month, by organisation: numbers that a job keeps."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Through


class Flow(Record):
    """One month of one organisation, or with `whole` of it and all below; `month` is its first day in China.

    Of one kind of review, or of all where `kind` is empty. `submitted` came from there, `decided` was decided
    there, in a `median` of working days from the opening of a step to its verdict.
    """

    __tablename__ = "flow"
    __table_args__ = (
        Index("uq_flow_place", "organization_id", "kind", "whole", "month", unique=True),
        {"extend_existing": False},
    )

    organization_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("organization.id"))
    kind: Mapped[str] = mapped_column(String(40))
    whole: Mapped[bool]
    month: Mapped[date]
    submitted: Mapped[int] = mapped_column(Integer)
    decided: Mapped[int] = mapped_column(Integer)
    median: Mapped[Decimal | None] = mapped_column(Numeric(5, 1))
    made_at: Mapped[datetime] = moment()

    access = {"read": (Through("organization_id", "organization"),)}
    by_doors = True
