"""Feedback: problems and proposals, which travel up the tree until somebody answers them (RUL-07)."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, Granted, Owner
from app.declare.field import field
from app.declare.screen import Screen, Way
from app.declare.words import _
from app.models.placed import Placed, by_ancestor

TOPICS = {
    "problem": _("Problem of the platform"),
    "proposal": _("Proposal for its use"),
    "policy": _("Question about the rules"),
}

STATES = {
    "open": _("Waiting for an answer"),
    "merged": _("Passed on"),
    "answered": _("Answered"),
}

LONGEST = 2000


class Feedback(Placed, Record):
    """One thing that a professional tells the unit, or an organisation the one above it.

    It waits there while it is open. Several are merged into one that goes on upwards (`merged_id`); its
    answer is the answer of all that went into it.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint(f"topic IN ({', '.join(repr(each) for each in TOPICS)})", name="topic_known"),
        CheckConstraint(f"state IN ({', '.join(repr(each) for each in STATES)})", name="state_known"),
        CheckConstraint(
            "(state = 'merged') = (merged_id IS NOT NULL AND answer IS NULL)", name="merged_into"
        ),
        CheckConstraint("(state = 'answered') = (answer IS NOT NULL)", name="answered_with"),
        Index("ix_feedback_open", "organization_id", "id", postgresql_where=text("state = 'open'")),
        Index("ix_feedback_merged_id", "merged_id", postgresql_where=text("merged_id IS NOT NULL")),
        Index("ix_feedback_person_id", "person_id", postgresql_where=text("person_id IS NOT NULL")),
        *by_ancestor("feedback"),
        {"extend_existing": False},
    )

    title: Mapped[str] = mapped_column(String(120), info=field(_("Title"), list=True, search=True))
    topic: Mapped[str] = mapped_column(
        String(20), info=field(_("What it is about"), list=True, search=True, choices=TOPICS)
    )
    body: Mapped[str] = mapped_column(
        String(LONGEST),
        info=field(_("Text"), long=True, help=_("What happened where, and what should happen.")),
    )
    state: Mapped[str] = mapped_column(
        String(20),
        default="open",
        server_default="open",
        info=field(_("State"), list=True, search=True, choices=STATES, badge=True),
    )
    created_at: Mapped[datetime] = moment(
        server_default=text("now()"), info=field(_("Written on"), list=True)
    )
    answer: Mapped[str | None] = mapped_column(String(LONGEST), info=field(_("Answer"), long=True))
    answerer_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("organization.id"), info=field(_("Answered by"))
    )
    answered_at: Mapped[datetime | None] = moment(info=field(_("Answered on")))
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    account_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    merged_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("feedback.id"))

    access = {
        "read": (Owner(), Granted(to=ADMINISTRATORS)),
        "create": (Owner(), Granted(to=ADMINISTRATORS, own=True)),
        "answer": (Granted(to=ADMINISTRATORS),),
        "export": (Granted(to=ADMINISTRATORS),),
    }
    screen = Screen(
        label=_("Feedback"),
        menu="account",
        icon="mail",
        name="title",
        empty=_("Nobody has written anything yet."),
        files=_("Files"),
        position=34,
        ways=(
            Way(label=_("Waiting here"), endpoint="FeedbackPage.waiting", action="answer", icon="inbox"),
            Way(
                label=_("Write feedback"),
                endpoint="FeedbackPage.write",
                action="create",
                icon="plus",
                primary=True,
            ),
        ),
    )
