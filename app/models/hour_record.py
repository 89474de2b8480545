"""Hours that a person asks to have recognised."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, Granted, Owner, Within
from app.declare.field import field
from app.declare.screen import Screen
from app.declare.words import _
from app.models.placed import Placed, by_ancestor

STATES = {
    "draft": _("Draft"),
    "submitted": _("Under review"),
    "returned": _("Rejected"),
    "approved": _("Counted"),
    "withdrawn": _("Withdrawn"),
}


class HourRecord(Placed, Record):
    """A declaration: one learning activity of one person in one calendar year.

    `hours` (unit: at least 45 minutes) follows from `values` by the formula of the learning form;
    `organization_id` is where the person stood when it was declared. `number` is the answer to the form's
    unique field, folded, so that the same number is found again however it was written. `origin_id` is the
    row by which it counts without a declaration, of the table that `source` means (services/crediting.py).
    `achievement` is what counts once, where the form says so. `limited` says which limit took some of its
    hours away when it came (declare/limits.py), and how much of it was used then.
    `declarer_id` is the organisation that declared it for the person; `learner` is how an institution that
    does not see the person called him.
    """

    __tablename__ = "hour_record"
    __table_args__ = (
        CheckConstraint("hours >= 0", name="hours_not_negative"),
        CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved', 'withdrawn')", name="state_known"
        ),
        Index("ix_hour_record_person_id", "person_id", "year"),
        Index("ix_hour_record_number", "number", postgresql_where=text("number IS NOT NULL")),
        Index(
            "uq_hour_record_origin",
            *("source", "origin_id", "person_id", "year", "subject", "form"),
            unique=True,
            postgresql_where=text("origin_id IS NOT NULL AND state = 'approved'"),
        ),
        Index(
            "ix_hour_record_declarer_id",
            "declarer_id",
            "id",
            postgresql_where=text("declarer_id IS NOT NULL"),
        ),
        *by_ancestor("hour_record"),
        {"extend_existing": False},
    )

    person_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("person.id"), info=field(_("Person"), list=True)
    )
    year: Mapped[int] = mapped_column(
        SmallInteger, info=field(_("Year"), list=True, search=True, check="year")
    )
    subject: Mapped[str] = mapped_column(
        String(30), info=field(_("Subject"), list=True, search=True, choices="subjects")
    )
    form: Mapped[str] = mapped_column(
        String(40), info=field(_("Learning form"), list=True, search=True, choices="forms")
    )
    title: Mapped[str] = mapped_column(String(120), info=field(_("Activity"), list=True))
    hours: Mapped[Decimal] = mapped_column(Numeric(6, 1), info=field(_("Hours"), list=True))
    values: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    number: Mapped[str | None] = mapped_column(String(60))
    source: Mapped[str] = mapped_column(String(20), default="declaration", server_default="declaration")
    origin_id: Mapped[int | None] = mapped_column(BigInteger)
    achievement: Mapped[str | None] = mapped_column(String(200))
    limited: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    state: Mapped[str] = mapped_column(
        String(20),
        default="draft",
        info=field(_("State"), list=True, search=True, choices=STATES, badge=True, verbs="hours"),
    )
    creator_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    declarer_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("organization.id"), info=field(_("Declared by"))
    )
    learner: Mapped[str | None] = mapped_column(String(50))
    declared_at: Mapped[datetime] = moment(server_default=text("now()"), info=field(_("Declared"), list=True))

    goes_along = ("draft",)
    remembers = ("person", "person_id", "learner")
    """Whose names it tells to those who do not reach their records: table, key and name."""

    within = Within()
    access = {
        "read": (
            Owner(),
            Granted(to=ADMINISTRATORS),
            Granted(to=("institution",), at="declarer_id"),
        ),
        "create": (Owner(),),
        "declare": (
            Granted(to=("employer",), own=True),
            Granted(to=("institution",), at="declarer_id"),
        ),
        "update": (Owner(while_in=("draft", "returned")),),
        "delete": (Owner(while_in=("draft",)),),
        "import": (Granted(to=("employer",), own=True),),
        "review": (Granted(to=ADMINISTRATORS),),
        "export": (Granted(to=ADMINISTRATORS),),
    }
    screen = Screen(
        label=_("Hour records"),
        menu="hours",
        icon="clock",
        name="title",
        empty=_("Nobody has declared hours yet."),
        files=_("Proof"),
        position=30,
    )
