"""The outbox: what people are to be told.

Written in the transaction it speaks of, sent afterwards by a job.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Account, Owner


class Message(Record):
    """One message to one account or person.

    `params` fill the sentence of its kind in the reader's language.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_person_id", "person_id", "id"),
        Index("ix_message_account_id", "account_id", "id"),
        Index("ix_message_unsent", "id", postgresql_where=text("sent_at IS NULL")),
        {"extend_existing": False},
    )

    account_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    created_at: Mapped[datetime] = moment(server_default=text("now()"))
    sent_at: Mapped[datetime | None] = moment()
    read_at: Mapped[datetime | None] = moment()

    access = {"read": (Account(), Owner())}
    outbox = True
    """Anybody's act may write one for anybody; only its reader reads it."""
