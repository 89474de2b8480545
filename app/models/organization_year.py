"""How many professionals there are and learn, by organisation: counts that triggers and a job keep."""

from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model, Record, moment
from app.declare.access import Through

WHENEVER = 0
"""The year of what stands now, whatever year is asked about: people and organisations."""

ALL = "*"
"""In place of a series or a level: of all of them together."""

UNTITLED = ""
"""The series, and the level, of those who gave none."""

EACH_SUBJECT = ""
"""In place of a subject: whatever subject it is, each person counted once."""


class OrganizationYear(Model):
    """One cell of what is counted: of the organisation itself or, `below`, of all that stand under it.

    Numbers of active professionals where they stand now, each counted once in a cell. With the year WHENEVER
    the cell holds `people`, and the active `employers` and `institutions`; with a series, those of them that
    have such people. With a calendar year it holds who learned: on the platform (`online`), by declared and
    class hours (`offline`), either (`learned`); whose year meets its rule (`qualified`, of these `titled`
    with a series), and for whom a course passed on the platform counts (`passed`). Of single subjects there
    are cells by series and none by level.
    """

    __tablename__ = "organization_year"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "year", "subject", "series", "level", "below"),
        {"extend_existing": False},
    )

    organization_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("organization.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    subject: Mapped[str] = mapped_column(String(30))
    series: Mapped[str] = mapped_column(String(40))
    level: Mapped[str] = mapped_column(String(20))
    below: Mapped[bool] = mapped_column(Boolean)
    people: Mapped[int] = mapped_column(Integer)
    employers: Mapped[int] = mapped_column(Integer)
    institutions: Mapped[int] = mapped_column(Integer)
    learned: Mapped[int] = mapped_column(Integer)
    online: Mapped[int] = mapped_column(Integer)
    offline: Mapped[int] = mapped_column(Integer)
    qualified: Mapped[int] = mapped_column(Integer)
    titled: Mapped[int] = mapped_column(Integer)
    passed: Mapped[int] = mapped_column(Integer)

    access = {"read": (Through("organization_id", "organization"),)}
    by_doors = True


class CountedPlace(Model):
    """What stood above an organisation when it was last counted: where its numbers are in the sums."""

    __tablename__ = "counted_place"
    __table_args__ = {"extend_existing": False}

    organization_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    line: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))


class TouchedPlace(Record):
    """Something that is counted changed at an organisation: of one year, or whatever the year.

    Written by triggers in the transaction of the change and taken by the job that counts; nobody waits for
    anybody, since nothing is ever changed here.
    """

    __tablename__ = "touched_place"

    organization_id: Mapped[int] = mapped_column(BigInteger)
    year: Mapped[int | None] = mapped_column(SmallInteger)
    touched_at: Mapped[datetime] = moment(server_default=text("now()"))


MEASURES = (
    "people", "employers", "institutions", "learned", "online", "offline", "qualified", "titled", "passed",
)  # fmt: skip
"""The columns that hold numbers."""

CELL = ("organization_id", "year", "subject", "series", "level")
"""The columns that say what is counted."""
