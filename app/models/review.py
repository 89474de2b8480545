"""One thing to decide: which subject, where it waits, what became of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
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
from app.declare.access import ADMINISTRATORS, Granted, Owner, Waiting, Within
from app.declare.field import field
from app.declare.screen import Screen
from app.declare.words import _
from app.models.placed import Placed, by_ancestor

STATES = {
    "open": _("Waiting for review"),
    "approved": _("Approved"),
    "rejected": _("Rejected"),
    "withdrawn": _("Withdrawn"),
}


class Review(Placed, Record):
    """The state here is authoritative; the subject's state is written with it and by nothing else.

    `chain` is the province's chain as it stood at submission, each step with its relation, label and verbs,
    and the organisation it resolved to once it opened. `version` grows with every decision, correction and
    withdrawal: of any number of people who press at once exactly one finds the version he saw. Neither its
    creator decides it nor its editor: who corrected it last, or on whose behalf it was sent.
    `doubts` are the checks (declare/check.py) that found something on submission, for lists; who opens
    it or confirms a batch is told what they find now. `files` is the number of its files then: while it is
    open none is added or removed.

    `reminders` counts how often the applicant asked for a decision. `late_told_on` and `above_told_on` are
    the days on which those who decide, and those above them, were told that a step is overdue: of the open
    step if they lie behind `due_on`, else of an earlier one.
    """

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'approved', 'rejected', 'withdrawn')", name="state_known"),
        Index(
            "ix_review_waiting",
            "waiting_id",
            "kind",
            "id",
            postgresql_where=text("state = 'open'"),
            postgresql_include=["due_on"],  # a thousand of them are counted for every page
        ),
        Index(
            "ix_review_late",
            "due_on",
            postgresql_where=text("state = 'open' AND (above_told_on IS NULL OR above_told_on <= due_on)"),
        ),
        Index("ix_review_subject", "subject", "subject_id"),
        Index("ix_review_approved", "decided_at", postgresql_where=text("state = 'approved'")),
        Index(
            "uq_review_open", "subject", "subject_id", unique=True, postgresql_where=text("state = 'open'")
        ),
        Index("ix_review_person_id", "person_id", "id"),
        *by_ancestor("review"),
        {"extend_existing": False},
    )

    kind: Mapped[str] = mapped_column(
        String(40), info=field(_("Kind"), list=True, search=True, choices="review_kinds")
    )
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str] = mapped_column(String(120), info=field(_("Matter"), list=True, search=True))
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    creator_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    editor_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    measure: Mapped[float | None] = mapped_column(Numeric(7, 1), info=field(_("Hours")))
    chain: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    step: Mapped[int] = mapped_column(SmallInteger, default=0)
    round: Mapped[int] = mapped_column(SmallInteger, default=1)
    waiting_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("organization.id"))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    doubts: Mapped[list[str]] = mapped_column(ARRAY(String(40)), default=list, server_default="{}")
    files: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    state: Mapped[str] = mapped_column(
        String(20),
        default="open",
        info=field(_("State"), list=True, search=True, choices=STATES, badge=True, verbs="kind"),
    )
    version: Mapped[int] = mapped_column(default=1)
    due_on: Mapped[date | None] = mapped_column(info=field(_("Due")))
    submitted_at: Mapped[datetime] = moment(info=field(_("Submitted"), list=True))
    decided_at: Mapped[datetime | None] = moment(info=field(_("Decided")))
    reminders: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    reminded_at: Mapped[datetime | None] = moment()
    late_told_on: Mapped[date | None]
    above_told_on: Mapped[date | None]

    within = Within(of="subject")
    access = {
        "read": (Owner(), Granted(to=(*ADMINISTRATORS, "pending")), Waiting()),
        "audit": (Granted(to=ADMINISTRATORS, super=True),),
    }
    screen = Screen(
        label=_("All reviews"),
        menu="account",
        icon="checklist",
        name="title",
        empty=_("Nothing has been submitted for review yet."),
        position=60,
    )
