"""A batch of certificates to be printed: for whom, how far it is, and the file that came of it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Granted
from app.models.placed import Placed, by_ancestor

STATES = ("waiting", "done", "failed", "cancelled", "expired")
KINDS = ("pdf", "zip")


class Printing(Placed, Record):
    """One batch: a PDF for the printer, or a ZIP of single certificates.

    `asked` are the ids of the professionals. `refused` says of whom there is none, and why:
    [{person_id, name, why: {zh, en}}]. `progress` is of a hundred; `issued` counts the certificates that are
    new, `printed` those in the file, which lies on the shelf under `file_uid` until the batch expires.
    """

    __tablename__ = "printing"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'failed', 'cancelled', 'expired')", name="state_known"),
        CheckConstraint("kind IN ('pdf', 'zip')", name="kind_known"),
        *by_ancestor("printing"),
        {"extend_existing": False},
    )

    uid: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    file_uid: Mapped[UUID | None] = mapped_column()
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    year: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(String(10))
    asked: Mapped[list[int]] = mapped_column(JSONB)
    creator_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    appointment_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("appointment.id"))
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    total: Mapped[int] = mapped_column(default=0)
    progress: Mapped[int] = mapped_column(default=0)
    issued: Mapped[int] = mapped_column(default=0)
    printed: Mapped[int] = mapped_column(default=0)
    refused: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    created_at: Mapped[datetime] = moment(server_default=text("now()"))
    finished_at: Mapped[datetime | None] = moment()

    access = {
        "read": (Granted(to=("employer", "authority", "hr_office"), own=True),),
        "create": (Granted(to=("employer", "authority", "hr_office"), own=True),),
    }
