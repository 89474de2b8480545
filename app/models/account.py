"""Logins. FAB's user, subclassed: an ID number has at most one, and is kept only as its blind index."""

from datetime import date, datetime
from uuid import UUID, uuid4

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import BigInteger, ForeignKey, Integer, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import moment
from app.encrypted import Encrypted, Sealed

STATES = ("active", "disabled", "closed")


class Account(User):
    """A login. `username` is the hexadecimal blind index of the normalised ID number.

    `epoch` ends every session when it grows; triggers raise it with password, login name, state, role and
    appointment.
    `digest`: its holder wants to be told each morning what waits for him, the last time on `digested_on`.
    `language` is that of messages to its holder; none was chosen: the installation's.
    `list_columns` are the columns that its holder wants to see of a list, by table.
    """

    __tablename__ = "ab_user"
    __table_args__ = {"extend_existing": True}

    uid: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="active", server_default="active")
    epoch: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    id_number_sealed: Mapped[bytes | None] = mapped_column(Encrypted)
    phone_sealed: Mapped[bytes | None] = mapped_column(Encrypted)
    contact_email: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(5))
    password_chosen_at: Mapped[datetime | None] = moment()
    must_change_password: Mapped[bool] = mapped_column(default=False, server_default="false")
    digest: Mapped[bool] = mapped_column(default=True, server_default="true")
    digested_on: Mapped[date | None]
    opened_at: Mapped[datetime | None] = moment()
    list_columns: Mapped[dict[str, list[str]]] = mapped_column(
        JSONB, default=dict, server_default=text("'{}'")
    )

    id_number = Sealed("id_number_sealed")
    phone = Sealed("phone_sealed")

    internal = True
    """Known to services about accounts alone; no screen, no REST resource."""

    @property
    def name(self) -> str:
        """The person's name as registered."""
        return self.first_name
