"""Approvals that the organisation above looks at once more: drawn by chance, or always (decision 0015)."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Granted
from app.declare.field import field
from app.declare.screen import Screen, Way
from app.declare.words import _
from app.models.placed import Placed, by_ancestor

CHECKERS = ("employer", "authority", "hr_office")
"""What stands above somebody."""

STATES = {
    "open": _("To be checked"),
    "right": _("Found right"),
    "wrong": _("Found wrong"),
}

REASONS = {
    "drawn": _("Drawn at random"),
    "alone": _("Submitted by the unit's only administrator"),
    "behalf": _("Decided on behalf of somebody, about the own unit"),
}
"""Why it is looked at. Only `drawn` depends on chance."""

REMARK = 300
"""Characters of a remark."""


class SampleDraw(Placed, Record):
    """The lot of one month: whose approvals of which kind, at how many per cent, from which seed.

    It stands at the organisation that checks; `decider_id` is the one whose approvals they are, which may not
    see the seed. `month` is its first day in China's time, `drawn_until` the moment up to which it was drawn.
    """

    __tablename__ = "sample_draw"
    __table_args__ = (
        UniqueConstraint("decider_id", "kind", "month", "organization_id"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent_of_hundred"),
        *by_ancestor("sample_draw"),
        {"extend_existing": False},
    )

    decider_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("organization.id"), info=field(_("Decided by"), list=True)
    )
    organization_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("organization.id"), info=field(_("Checked at"), list=True, form=False)
    )
    kind: Mapped[str] = mapped_column(
        String(40), info=field(_("Kind"), list=True, search=True, choices="review_kinds")
    )
    month: Mapped[date] = mapped_column(info=field(_("Month"), list=True))
    percent: Mapped[int] = mapped_column(SmallInteger, info=field(_("Per cent"), list=True))
    seed: Mapped[str] = mapped_column(String(64), info=field(_("Seed")))
    drawn_until: Mapped[datetime] = moment(info=field(_("Drawn until")))

    access = {"read": (Granted(to=CHECKERS, follows=("sample_check.read",)),)}
    screen = Screen(
        label=_("Random samples"),
        menu="system",
        icon="list",
        name="kind",
        empty=_("Nothing has been drawn yet: it is done every night, from what was approved below."),
        position=71,
        ways=(Way(label=_("Draw again"), endpoint="SampleDrawsPage.again", action="read", row=True),),
    )


class SampleCheck(Placed, Record):
    """One approval that is looked at once more, at the organisation above the one that decided."""

    __tablename__ = "sample_check"
    __table_args__ = (
        UniqueConstraint("review_id", "round", "decider_id"),
        CheckConstraint(f"state IN ({', '.join(repr(each) for each in STATES)})", name="state_known"),
        CheckConstraint(f"reason IN ({', '.join(repr(each) for each in REASONS)})", name="reason_known"),
        CheckConstraint("state <> 'wrong' OR remark <> ''", name="wrong_says_why"),
        Index("ix_sample_check_draw_id", "draw_id", postgresql_where=text("draw_id IS NOT NULL")),
        *by_ancestor("sample_check"),
        {"extend_existing": False},
    )

    title: Mapped[str] = mapped_column(String(120), info=field(_("Matter"), list=True, search=True))
    kind: Mapped[str] = mapped_column(
        String(40), info=field(_("Kind"), list=True, search=True, choices="review_kinds")
    )
    decider_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("organization.id"), info=field(_("Decided by"), list=True)
    )
    organization_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("organization.id"), info=field(_("Checked at"), list=True, form=False)
    )
    reason: Mapped[str] = mapped_column(
        String(20), info=field(_("Why it is checked"), list=True, search=True, choices=REASONS)
    )
    state: Mapped[str] = mapped_column(
        String(20),
        default="open",
        server_default="open",
        info=field(_("State"), list=True, search=True, choices=STATES, badge=True),
    )
    remark: Mapped[str] = mapped_column(
        String(REMARK), default="", server_default="", info=field(_("Remark"), long=True)
    )
    review_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("review.id"))
    round: Mapped[int] = mapped_column(SmallInteger)
    draw_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("sample_draw.id"))
    account_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    checked_by: Mapped[str] = mapped_column(
        String(64), default="", server_default="", info=field(_("Checked by"))
    )
    checked_at: Mapped[datetime | None] = moment(info=field(_("Checked on"), list=True))
    drawn_at: Mapped[datetime] = moment(server_default=text("now()"), info=field(_("Drawn on")))

    access = {
        "read": (Granted(to=CHECKERS),),
        "check": (Granted(to=CHECKERS, own=True, while_in=("open",)),),
        "export": (Granted(to=CHECKERS),),
    }
    screen = Screen(
        label=_("Sample checks"),
        menu="system",
        icon="checklist",
        name="title",
        empty=_("Nothing is to be checked. What was approved below is drawn every night."),
        position=70,
        ways=(
            Way(
                label=_("Check it"),
                endpoint="SampleChecksPage.check",
                action="check",
                icon="checklist",
                row=True,
                primary=True,
                unless=("checked_at",),
            ),
        ),
    )
