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

STATES = (
    *("reading", "checked", "refused", "applying", "done", "failed", "expired"),
    *("mapping", "undoing", "undone"),
)
MODES = ("good", "all")
VERDICTS = ("good", "update", "same", "bad")
IMPORTED = ("person.import", "hour_record.import")
"""Whoever imports one of these sees the imports."""


class ImportBatch(Placed, Record):
    """One workbook for one model at one organisation. `digest` is the SHA-256 of the file.

    `good` rows are new, `changed` ones alter a record of the organisation, `same` ones say what is known
    already. `problem` is why the whole file was refused. One that nobody let in expires with its rows.
    `mode` says what was asked for: `good` rows only, or `all` or nothing; with `adds_only` what is known
    stays as it is. The creator is whoever acted last: who sent the file, then who let it be imported.

    A workbook whose columns somebody has to name waits as `mapping`; `head_sealed` holds its first rows
    meanwhile. `layout` is what its columns are (services/imports/layouts.py), `words` what its headings and
    unknown words stand for: the latest of an organisation is what it remembers. `first_id` and `last_id` are
    the ids between which its new records lie. `undone` counts what taking it back did.
    """

    __tablename__ = "import_batch"
    __table_args__ = (
        CheckConstraint(
            "state IN ('reading', 'checked', 'refused', 'applying', 'done', 'failed', 'expired', 'mapping',"
            " 'undoing', 'undone')",
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
    adds_only: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    head_sealed: Mapped[bytes | None] = mapped_column(Encrypted)
    layout: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    words: Mapped[dict[str, dict[str, str]] | None] = mapped_column(JSONB(none_as_null=True))
    first_id: Mapped[int | None] = mapped_column(BigInteger)
    last_id: Mapped[int | None] = mapped_column(BigInteger)
    undone: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
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
    """One row of the workbook until it is imported, or until its change can no longer be taken back.

    `cells_sealed` holds the cells as they came and whatever a problem quotes of them; of a row that has
    changed a record, what stood there before (services/imports/undoing.py). `ready` is the
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
