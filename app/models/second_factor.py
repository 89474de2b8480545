"""The second factor of an account (RFC 6238), codes for when its app is lost, and logins that wait for it."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.words import _
from app.encrypted import Encrypted, Sealed

LOST = _(
    "Only for somebody who lost the telephone and has no backup code: ask who it is before. The holder then"
    " logs in with the password alone and is told."
)
"""What is asked before a second factor is reset for somebody."""


class SecondFactor(Record):
    """What an account's app makes its codes of.

    `last_step` is the newest half minute, counted from 1970, of which a code was taken: no code counts twice.
    Triggers end all sessions of the account when it is written, changed or taken away (doors/epochs.py).
    """

    __tablename__ = "second_factor"

    uid: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    account_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id"), unique=True)
    secret_sealed: Mapped[bytes] = mapped_column(Encrypted)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    created_at: Mapped[datetime] = moment(server_default=text("now()"))

    secret = Sealed("secret_sealed")

    internal = True
    """Read and written by services/second_factor.py alone."""


class BackupCode(Record):
    """A code that stands in for the app, once. `digest` is a blind index of it."""

    __tablename__ = "backup_code"

    second_factor_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("second_factor.id", ondelete="CASCADE"), index=True
    )
    digest: Mapped[bytes] = mapped_column(LargeBinary(16))
    used_at: Mapped[datetime | None] = moment()

    internal = True
    """Read and written by services/second_factor.py alone."""


class HalfLogin(Record):
    """Somebody whose password was right and whose second factor is asked next.

    It is no session: nobody acts by it, and nothing but services/second_step.py reads it.
    """

    __tablename__ = "half_login"

    token: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id"))
    appointment_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("appointment.id"))
    epoch: Mapped[int] = mapped_column()
    expires_at: Mapped[datetime] = moment()

    internal = True
    """Written by services/second_step.py alone, for ten minutes."""
