"""Who is signed in. A row for each session; the cookie holds a random token, the row its digest."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment


class LoginSession(Record):
    """One session, until somebody ends it.

    It ends by itself when the account's epoch has moved on, when it expires, or when it is left alone.
    `device` is what the browser calls itself. `subscriber` is the network that the address belongs to
    (security/addresses.py). `seeing_id` is the role as which its holder looks at things for a while.
    """

    __tablename__ = "login_session"
    __table_args__ = (
        Index("ix_login_session_account_id", "account_id"),
        Index("ix_login_session_seeing_id", "seeing_id", postgresql_where=text("seeing_id IS NOT NULL")),
        {"extend_existing": False},
    )

    token: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id"))
    appointment_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("appointment.id"))
    seeing_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("role.id", ondelete="SET NULL"))
    epoch: Mapped[int] = mapped_column()
    address: Mapped[str] = mapped_column(String(45), default="")
    device: Mapped[str] = mapped_column(String(200), default="", server_default="")
    subscriber: Mapped[str] = mapped_column(String(50), default="")
    created_at: Mapped[datetime] = moment(server_default=text("now()"))
    expires_at: Mapped[datetime] = moment()
    seen_at: Mapped[datetime] = moment()
    ended_at: Mapped[datetime | None] = moment()

    internal = True
    """Written by security/sessions.py alone; services/proof.py asks whether an address is known."""


class LoginAttempt(Record):
    """A try that failed or is not judged yet, of a login, a code or a registration, for fifteen minutes."""

    __tablename__ = "login_attempt"
    __table_args__ = (
        Index("ix_login_attempt_key", "key", "attempted_at"),
        {"extend_existing": False},
    )

    key: Mapped[bytes] = mapped_column(LargeBinary(16))
    attempted_at: Mapped[datetime] = moment(server_default=text("now()"))

    internal = True
    """Read and written by services/throttle.py alone. `key` is a blind index of an account or an address."""
