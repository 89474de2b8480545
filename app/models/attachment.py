"""Files that people hand in. The name on the shelf is random.

Whoever may see the record may see its files.
"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, Account, Granted, Owner, Waiting, Within
from app.models.placed import Placed

PROVEN = tuple(
    f"{noun}.read"
    for noun in (
        "hour_record",
        "registration",
        "organization",
        "parent_change",
        "transfer",
        "change_request",
        "annual_paper",
        "notice",
        "hour_declaration",
        "training_class",
    )
)
"""Whoever reads one of these reads the files that belong to it."""


class Attachment(Placed, Record):
    """One file. `subject` and `subject_id` name the record it belongs to; `size` is in bytes.

    `field` is the key of the one that it proves, where it proves one alone. A proof that many records have in
    common lies on the shelf once: `shared_uid` names it there, where it is not the row's own `uid`.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        Index("ix_attachment_subject", "subject", "subject_id"),
        Index("ix_attachment_organization_id", "organization_id"),
        Index("ix_attachment_shared_uid", "shared_uid", postgresql_where=text("shared_uid IS NOT NULL")),
        {"extend_existing": False},
    )

    uid: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    shared_uid: Mapped[UUID | None] = mapped_column()
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    field: Mapped[str] = mapped_column(String(60), default="", server_default="")
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    creator_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int] = mapped_column()
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = moment(server_default=text("now()"))

    within = Within(of="subject")
    access = {
        "read": (Owner(), Granted(to=ADMINISTRATORS, follows=PROVEN), Waiting()),
        "delete": (Owner(), Account("creator_id")),
    }

    @property
    def stored(self) -> UUID:
        """The name under which its bytes lie on the shelf."""
        return self.shared_uid or self.uid
