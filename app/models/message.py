"""The outbox: what people are to be told.

Written in the transaction it speaks of, sent afterwards by a job (docs/decisions/0006).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Account, Owner

STATES = ("waiting", "sending", "sent", "failed", "doubtful", "unaddressed")
"""`sending` belongs to one attempt. `doubtful`: nobody knows whether it arrived, so it is not sent again.
`unaddressed`: it stands on the page of messages alone.
"""


class Message(Record):
    """One message to one account or person, or to who registered and has no account yet.

    `params` fill the sentence of its kind in the reader's language. `state` and what follows it say how it
    was sent; `error` names the kind of failure and quotes nobody. `batch` are the decisions it speaks of: it
    goes with them when they are taken back.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(each) for each in STATES)})", name="state_known"),
        Index("ix_message_person_id", "person_id", "id"),
        Index("ix_message_account_id", "account_id", "id"),
        Index("ix_message_unread_person", "person_id", postgresql_where=text("read_at IS NULL")),
        Index("ix_message_unread_account", "account_id", postgresql_where=text("read_at IS NULL")),
        Index("ix_message_unsent", "id", postgresql_where=text("state IN ('waiting', 'sending')")),
        Index("ix_message_batch", "batch", postgresql_where=text("state = 'waiting' AND batch IS NOT NULL")),
        {"extend_existing": False},
    )

    account_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    registration_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("registration.id"))
    kind: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    created_at: Mapped[datetime] = moment(server_default=text("now()"))
    state: Mapped[str] = mapped_column(String(20), default="waiting", server_default="waiting")
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    due_at: Mapped[datetime | None] = moment()
    claimed_at: Mapped[datetime | None] = moment()
    sent_at: Mapped[datetime | None] = moment()
    channel: Mapped[str | None] = mapped_column(String(10))
    error: Mapped[str | None] = mapped_column(String(60))
    read_at: Mapped[datetime | None] = moment()
    batch: Mapped[UUID | None] = mapped_column()

    access = {"read": (Account(), Owner())}
    outbox = True
    """Anybody's act may write one for anybody; only its reader reads it."""
