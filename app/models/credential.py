"""What a professional has earned: education and degrees, occupational qualifications, academic titles."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Through
from app.declare.field import field
from app.declare.words import _

KINDS = {
    "education": _("Education and degrees"),
    "qualification": _("Occupational qualifications"),
    "academic_title": _("Academic titles"),
}


class Credential(Record):
    """One entry of a person's lists. It is seen with the person, wherever that one stands.

    It comes and goes by an approved change alone (services/change_effects.py): `request_id` and `request_key`
    say by which it came; `removed_at` keeps what was there.
    """

    __tablename__ = "credential"
    __table_args__ = (
        CheckConstraint("kind IN ('education', 'qualification', 'academic_title')", name="kind_known"),
        Index("ix_credential_person_id", "person_id", "id"),
        {"extend_existing": False},
    )

    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20), info=field(_("Kind"), choices=KINDS))
    name: Mapped[str] = mapped_column(
        String(100), info=field(_("Degree, qualification or title"), example="医学硕士")
    )
    issuer: Mapped[str | None] = mapped_column(
        String(100), info=field(_("School or issuing body"), example="武汉大学")
    )
    number: Mapped[str | None] = mapped_column(String(60), info=field(_("Certificate number")))
    obtained_on: Mapped[date | None] = mapped_column(info=field(_("Obtained on"), example="2020-06-30"))
    request_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("change_request.id"))
    request_key: Mapped[str] = mapped_column(String(60), default="", server_default="")
    created_at: Mapped[datetime] = moment(server_default=text("now()"))
    removed_at: Mapped[datetime | None] = moment()

    access = {"read": (Through("person_id", "person"),)}
