"""When somebody was last reminded of an incomplete year: at most once a week."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model
from app.declare.access import Through


class CompletionReminder(Model):
    """The last reminder of one person: of which year, and on which day in China."""

    __tablename__ = "completion_reminder"
    __table_args__ = ({"extend_existing": False},)

    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger)
    told_on: Mapped[date]

    access = {"read": (Through("person_id", "person"),)}
