"""Appointments: which account acts for which organisation, in which role, from when to when."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, Account, Granted
from app.models.placed import Placed, by_ancestor


class Appointment(Placed, Record):
    """A post. One acts as one appointment at a time; rights of several are never merged.

    It gives rights from `starts_on` on, and none from `ends_on` on: the day it ends is the first without.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        Index(
            "uq_appointment_super",
            "organization_id",
            unique=True,
            postgresql_where=text("super AND ends_on IS NULL"),
        ),
        Index("ix_appointment_account_id", "account_id"),
        *by_ancestor("appointment"),
        {"extend_existing": False},
    )

    account_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id"))
    role_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_role.id"))
    super: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()
    created_at: Mapped[datetime] = moment(server_default=text("now()"))

    access = {"read": (Account(), Granted(to=ADMINISTRATORS))}
