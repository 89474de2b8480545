"""An import: the workbook that came, the trial run's verdict on each row, and how far the import got."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model, Record, moment
from app.declare.access import Granted, Through
from app.encrypted import Encrypted
from app.models.placed import Placed, by_ancestor

STATES = ("reading", "checked", "refused", "applying", "done", "failed", "expired")
MODES = ("good", "all")
VERDICTS = ("good", "update", "same", "bad")
IMPORTED = ("person.import", "hour_record.import")
"""Whoever imports one of these sees the imports."""


class ImportBatch(Placed, Record):
    """One workbook for one model at one organisation. `digest` is the SHA-256 of the file.

    `good` rows are new, `changed` ones alter a record of the organisation, `same` ones say what is known
    already. `problem` is why the whole file was refused. One that nobody let in expires with its rows.
    `mode` says what was asked for: `good` rows only, or `all` or nothing. The creator is whoever acted
    last: who sent the file, then who let it be imported.
    """

    __tablename__ = "import_batch"
    __table_args__ = (
        CheckConstraint(
            "state IN ('reading', 'checked', 'refused', 'applying', 'done', 'failed', 'expired')",
            name="state_known",
        ),
        CheckConstraint("mode IN ('good', 'all')", name="mode_known"),
        *by_ancestor("import_batch"),
        {"extend_existing": False},
    )

    uid: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    noun: Mapped[str] = mapped_column(String(40))
    about: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    creator_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    appointment_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("appointment.id"))
    state: Mapped[str] = mapped_column(String(20), default="reading")
    mode: Mapped[str | None] = mapped_column(String(10))
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    total: Mapped[int] = mapped_column(default=0)
    good: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    progress: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = moment(server_default=text("now()"))
    finished_at: Mapped[datetime | None] = moment()

    access = {
        "read": (Granted(to=("employer", "authority"), follows=IMPORTED),),
        "create": (Granted(to=("employer", "authority"), own=True, follows=IMPORTED),),
    }


class ImportRow(Model):
    """One row of the workbook until it is imported.

    `cells_sealed` holds the cells as they came and whatever a problem quotes of them. `ready` is the
    record that a good row will become, by column, as the database keeps it: what is sealed there is
    sealed here, under `uid`. `key` is the natural key as its unique index has it. `problems` are
    [{column, kind, params}], where kind is the key of a sentence in the catalogues.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        PrimaryKeyConstraint("batch_id", "number"),
        CheckConstraint("verdict IN ('good', 'update', 'same', 'bad')", name="verdict_known"),
        Index("ix_import_row_verdict", "batch_id", "verdict", "number"),
        {"extend_existing": False},
    )

    batch_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("import_batch.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    uid: Mapped[UUID] = mapped_column(default=uuid4)
    cells_sealed: Mapped[bytes] = mapped_column(Encrypted)
    key: Mapped[bytes | None] = mapped_column()
    verdict: Mapped[str] = mapped_column(String(10), default="good", server_default=text("'good'"))
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    ready: Mapped[dict[str, Any] | None] = mapped_column(JSONB)

    access = {
        "read": (Through("batch_id", "import_batch"),),
        "delete": (Through("batch_id", "import_batch"),),
    }
