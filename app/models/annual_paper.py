"""Annual papers: an institution's plan and summary, a department's materials (CEI-01, CEI-02, ANN-01)."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Granted, Within
from app.declare.field import field
from app.declare.screen import Screen
from app.declare.words import _
from app.models.placed import Placed, by_ancestor

STATES = {
    "draft": _("Draft"),
    "submitted": _("Under review"),
    "approved": _("Approved"),
    "rejected": _("Rejected"),
    "withdrawn": _("Withdrawn"),
}

WRITERS = ("authority", "institution", "hr_office")

WRITTEN = ("draft", "submitted", "rejected", "withdrawn")
"""The states in which its organisation may still change it: until it is approved, or taken in."""


class AnnualPaper(Placed, Record):
    """One paper of one organisation for one year.

    `paper` is the key of the province's annual paper, `kind` the kind of review that decides it; `values` are
    the answers to what the paper asks.
    """

    __tablename__ = "annual_paper"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(each) for each in STATES)})", name="state_known"),
        UniqueConstraint("organization_id", "paper", "year"),
        *by_ancestor("annual_paper"),
        {"extend_existing": False},
    )

    title: Mapped[str] = mapped_column(String(120), info=field(_("Matter"), search=True))
    paper: Mapped[str] = mapped_column(
        String(30), info=field(_("Paper"), list=True, search=True, choices="annual_papers")
    )
    year: Mapped[int] = mapped_column(
        SmallInteger, info=field(_("Year"), list=True, search=True, check="year")
    )
    kind: Mapped[str] = mapped_column(String(40))
    values: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    state: Mapped[str] = mapped_column(
        String(20),
        default="draft",
        info=field(_("State"), list=True, search=True, form=False, choices=STATES, badge=True, verbs="kind"),
    )
    creator_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    handed_in_at: Mapped[datetime | None] = moment(info=field(_("Handed in"), list=True))
    created_at: Mapped[datetime] = moment(server_default=text("now()"))

    within = Within()
    access = {
        "read": (Granted(to=WRITERS),),
        "create": (Granted(to=WRITERS, own=True),),
        "update": (Granted(to=WRITERS, own=True, while_in=WRITTEN),),
        "delete": (Granted(to=WRITERS, own=True, while_in=("draft",)),),
        "review": (Granted(to=("authority", "hr_office")),),
        "export": (Granted(to=WRITERS),),
    }
    screen = Screen(
        label=_("Annual papers"),
        menu="account",
        icon="file",
        name="title",
        empty=_("No annual paper has been handed in here or below."),
        files=_("Files"),
        needs="annual_papers",
        position=36,
    )
