"""Roles. FAB's role holds the permissions; this row beside it says whose role it is and what it is called."""

from sqlalchemy import BigInteger, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record


class RoleProfile(Record):
    """What FAB's role does not know. A role without an organisation is the default one of a kind of user."""

    __tablename__ = "role_profile"

    role_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_role.id", ondelete="CASCADE"), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    organization_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("organization.id"))
    label: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(default=1)

    internal = True
    """Written when permissions are synchronised; read when a session is resolved."""
