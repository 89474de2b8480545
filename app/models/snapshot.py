"""Figures that were given out: frozen as they were, so that the same number can be shown again."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, Granted


class Snapshot(Record):
    """One table of statistics as it stood at `as_of`, taken by an organisation for itself.

    `statistic` says which table, `asked` by which conditions, and `figures` holds its cells and the names
    that organisations had then, as app/services/statistics/ reads them. Nothing of it is ever changed.
    """

    __tablename__ = "snapshot"
    __table_args__ = (
        Index("ix_snapshot_organization_id", "organization_id", "id"),
        {"extend_existing": False},
    )

    organization_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("organization.id"))
    statistic: Mapped[str] = mapped_column(String(40))
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
    creator_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    creator_name: Mapped[str] = mapped_column(String(64))
    as_of: Mapped[datetime] = moment()
    taken_at: Mapped[datetime] = moment(server_default=text("now()"))

    insert_only = True
    access = {
        "read": (Granted(to=ADMINISTRATORS, at="organization_id"),),
        "create": (Granted(to=ADMINISTRATORS, at="organization_id"),),
    }
