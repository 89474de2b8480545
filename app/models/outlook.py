"""How far the professionals of a place are in a year, and what to expect: numbers that a job keeps."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Numeric, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Through


class Outlook(Record):
    """The active professionals of one organisation, or with `whole` of it and all below, as of `made_at`.

    With a `department_id` those of one department of it alone; 0 stands for those who are in none.
    `complete` have what the year asks, `closing` will have it once what waits is approved, `idle` have
    nothing that counts. Of all the others, `lacking` are the hours that they miss after what waits, `gained`
    those that they have, what waits among them (services/outlook.py).
    """

    __tablename__ = "outlook"
    __table_args__ = (
        Index("ix_outlook_place", "organization_id", "year", "whole", "department_id"),
        {"extend_existing": False},
    )

    organization_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("organization.id"))
    department_id: Mapped[int | None] = mapped_column(BigInteger)
    year: Mapped[int] = mapped_column(SmallInteger)
    whole: Mapped[bool]
    people: Mapped[int] = mapped_column(Integer)
    complete: Mapped[int] = mapped_column(Integer)
    closing: Mapped[int] = mapped_column(Integer)
    idle: Mapped[int] = mapped_column(Integer)
    lacking: Mapped[Decimal] = mapped_column(Numeric(12, 1))
    gained: Mapped[Decimal] = mapped_column(Numeric(12, 1))
    made_at: Mapped[datetime] = moment()

    access = {"read": (Through("organization_id", "organization"),)}
    by_doors = True
