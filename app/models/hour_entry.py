"""The ledger: what counts. Insert only, partitioned by year; corrected by reversing entries."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Identity, Index, Numeric, PrimaryKeyConstraint, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Through
from app.declare.field import field
from app.declare.screen import Screen
from app.declare.words import _


class HourEntry(Record):
    """Hours (unit: at least 45 minutes) that count for one person, year and subject.

    `round` is the round of the review that let a record count: each counts it once, and can be reversed once.
    No foreign key points at it.
    """

    __tablename__ = "hour_entry"
    __table_args__ = (
        PrimaryKeyConstraint("year", "id"),
        Index("ix_hour_entry_id", "id"),
        Index("ix_hour_entry_person_id", "person_id", "year"),
        Index("uq_hour_entry_record", "year", "record_id", "round", "sign", unique=True),
        {"extend_existing": False, "postgresql_partition_by": "RANGE (year)"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    person_id: Mapped[int] = mapped_column(BigInteger, info=field(_("Person"), list=True, search=True))
    year: Mapped[int] = mapped_column(SmallInteger, info=field(_("Year"), list=True, search=True))
    subject: Mapped[str] = mapped_column(
        String(30), info=field(_("Subject"), list=True, search=True, choices="subjects")
    )
    form: Mapped[str] = mapped_column(String(40), info=field(_("Learning form"), list=True, choices="forms"))
    hours: Mapped[Decimal] = mapped_column(Numeric(6, 1), info=field(_("Hours"), list=True))
    sign: Mapped[int] = mapped_column(SmallInteger, default=1)
    source: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[int | None] = mapped_column(BigInteger)
    round: Mapped[int] = mapped_column(SmallInteger, default=1, server_default="1")
    entered_at: Mapped[datetime] = moment(
        server_default=text("now()"), info=field(_("Counted on"), list=True)
    )

    __mapper_args__ = {"primary_key": [id]}

    access = {"read": (Through("person_id", "person"),)}
    insert_only = True
    screen = Screen(
        label=_("Counted hours"),
        menu="hours",
        icon="book",
        name="id",
        export=False,
        asks="person_id",
        empty=_("No hours have been counted yet."),
        position=40,
    )
