"""Questions of a bank."""

from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Through
from app.declare.words import _

KINDS = {
    "single": _("One answer"),
    "multiple": _("Several answers"),
    "judgement": _("True or false"),
}

LETTERS = "ABCDEFGH"
"""What options are called, in their order."""

LONGEST, LONGEST_OPTION = 1000, 300
"""Characters of a question, and of one of its options."""


class Question(Record):
    """One question. `answers` holds the letters of the right options; of a judgement A is true, B false.

    What has been asked somewhere stays as it was asked: a question is taken out of use (`retired_at`), never
    rewritten. `digest` tells that the same question is in the bank already.
    """

    __tablename__ = "question"
    __table_args__ = (
        CheckConstraint("kind IN ('single', 'multiple', 'judgement')", name="kind_known"),
        CheckConstraint("points BETWEEN 1 AND 100", name="points_sound"),
        CheckConstraint("answers <> ''", name="answered"),
        Index("uq_question_digest", "bank_id", "digest", unique=True),
        Index("ix_question_in_use", "bank_id", "id", postgresql_where=text("retired_at IS NULL")),
        {"extend_existing": False},
    )

    bank_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("question_bank.id"))
    kind: Mapped[str] = mapped_column(String(10))
    body: Mapped[str] = mapped_column(String(LONGEST))
    options: Mapped[list[str]] = mapped_column(ARRAY(String(LONGEST_OPTION)))
    answers: Mapped[str] = mapped_column(String(len(LETTERS)))
    points: Mapped[int] = mapped_column(SmallInteger, default=1)
    digest: Mapped[str] = mapped_column(String(64))
    retired_at: Mapped[datetime | None] = moment()
    created_at: Mapped[datetime] = moment(server_default=text("now()"))

    access = {"read": (Through("bank_id", "question_bank"),)}
