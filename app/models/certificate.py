"""Certificates of a completed year, or of several in a row. The content is frozen at issue.

The paper can be printed again from it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, Granted, Owner, Within
from app.declare.field import field
from app.declare.screen import Screen
from app.declare.words import _
from app.models.placed import Placed, by_ancestor

STATES = {"valid": _("Valid"), "superseded": _("Superseded"), "revoked": _("Revoked")}


class Certificate(Placed, Record):
    """One certificate. `code` is unguessable and printed on the paper, `digest` the SHA-256 of the content.

    It is over the years `since` to `year`, which are the same for one of a single year. One that is no longer
    valid says when, why, and in `ended_by` which organisation ended it; a newer version names the one that
    it replaces. Nothing else of it ever changes (security/certified.py).
    """

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("state IN ('valid', 'superseded', 'revoked')", name="state_known"),
        CheckConstraint("since <= year", name="years_in_order"),
        CheckConstraint("(state = 'valid') = (ended_at IS NULL)", name="ended"),
        Index(
            "uq_certificate_person_years",
            "person_id",
            "since",
            "year",
            unique=True,
            postgresql_where=text("state = 'valid'"),
        ),
        Index("ix_certificate_ended_at", "ended_at", "id", postgresql_where=text("ended_at IS NOT NULL")),
        *by_ancestor("certificate"),
        {"extend_existing": False},
    )

    person_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("person.id"), info=field(_("Person"), list=True)
    )
    since: Mapped[int] = mapped_column(SmallInteger, info=field(_("First year")))
    year: Mapped[int] = mapped_column(SmallInteger, info=field(_("Year"), list=True, search=True))
    number: Mapped[str] = mapped_column(String(40), unique=True, info=field(_("Number"), list=True))
    code: Mapped[str] = mapped_column(String(32), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(
        String(20),
        default="valid",
        info=field(_("State"), list=True, search=True, choices=STATES, badge=True),
    )
    issued_at: Mapped[datetime] = moment(info=field(_("Issued"), list=True))
    replaces_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("certificate.id"), unique=True)
    ended_at: Mapped[datetime | None] = moment(info=field(_("Ended")))
    ended_by: Mapped[str | None] = mapped_column(String(200), info=field(_("Ended by")))
    reason: Mapped[str | None] = mapped_column(String(500), info=field(_("Reason"), long=True))

    goes_along = tuple(STATES)
    within = Within()
    access = {
        "read": (Owner(), Granted(to=ADMINISTRATORS)),
        "issue": (Owner(), Granted(to=("employer", "authority", "hr_office"))),
        "revoke": (Granted(to=("authority", "hr_office")),),
    }
    screen = Screen(
        label=_("Certificates"),
        menu="statistics",
        icon="certificate",
        name="number",
        export=False,
        empty=_("No certificate has been issued yet."),
        position=40,
    )
