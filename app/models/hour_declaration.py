"""What an organisation is about to declare for several people, or keeps to begin from another time."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Granted
from app.models.placed import Placed

DECLARED = ("hour_record.declare",)
"""Whoever declares for others keeps what is not sent yet."""


class HourDeclaration(Placed, Record):
    """The answers that all have in common, and whom it is for; gone once it is sent.

    `people` are [{"person_id", "name", "own"}], where `own` holds the answers that are this person's alone. A
    template has a `name`, and neither people nor files; a draft belongs to the account that began it.
    """

    __tablename__ = "hour_declaration"
    __table_args__ = (
        Index("ix_hour_declaration_organization_id", "organization_id", "name"),
        {"extend_existing": False},
    )

    name: Mapped[str] = mapped_column(String(60), default="", server_default="")
    year: Mapped[int] = mapped_column(SmallInteger)
    subject: Mapped[str] = mapped_column(String(30))
    form: Mapped[str] = mapped_column(String(40))
    values: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    people: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    creator_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    changed_at: Mapped[datetime] = moment(server_default=text("now()"))

    access = {
        "read": (Granted(to=("employer", "institution"), own=True, follows=DECLARED),),
        "create": (Granted(to=("employer", "institution"), own=True, follows=DECLARED),),
        "update": (Granted(to=("employer", "institution"), own=True, follows=DECLARED),),
        "delete": (Granted(to=("employer", "institution"), own=True, follows=DECLARED),),
    }
