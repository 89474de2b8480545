"""How long reviews wait and take, by organisation: numbers that a job keeps."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Through


class Backlog(Record):
    """What waits at one organisation, or with `whole` at it and all that stand below it, as of `made_at`.

    Of one kind of review, or of all kinds where `kind` is empty. `oldest` is the day on which the oldest
    thing that waits was submitted; `decided` counts the verdicts of the last days, `median` their working
    days from the opening of a step to its verdict (services/backlog.py).
    """

    __tablename__ = "backlog"
    __table_args__ = (
        Index("uq_backlog_place", "organization_id", "kind", "whole", unique=True),
        {"extend_existing": False},
    )

    organization_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("organization.id"))
    kind: Mapped[str] = mapped_column(String(40))
    whole: Mapped[bool]
    waiting: Mapped[int] = mapped_column(Integer)
    overdue: Mapped[int] = mapped_column(Integer)
    oldest: Mapped[date | None]
    decided: Mapped[int] = mapped_column(Integer)
    median: Mapped[Decimal | None] = mapped_column(Numeric(5, 1))
    made_at: Mapped[datetime] = moment()

    access = {"read": (Through("organization_id", "organization"),)}
    by_doors = True
