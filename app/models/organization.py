"""Organisations: HR offices, supervisory departments, employers and institutions, in one tree."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import LEVELS, Record, moment
from app.declare.access import ADMINISTRATORS, Granted
from app.declare.data_part import DataPart
from app.declare.field import field
from app.declare.screen import Screen
from app.declare.words import _
from app.models.placed import Ancestry, by_ancestor

KINDS = {
    "hr_office": _("HR office"),
    "authority": _("Supervisory department"),
    "employer": _("Employer"),
    "institution": _("Continuing-education institution"),
}

STATES = {
    "pending": _("Waiting for review"),
    "active": _("Active"),
    "rejected": _("Rejected"),
    "withdrawn": _("Withdrawn"),
    "closed": _("Closed"),
}

LIVE = "state IN ('pending', 'active')"


class Organization(Ancestry, Record):
    """One organisation. Its credit code is unique among the living, or a reason says why it has none.

    `former_names`, one to a line, are kept by a trigger (security/former_names.py).
    """

    __tablename__ = "organization"
    __table_args__ = (
        CheckConstraint("kind IN ('hr_office', 'authority', 'employer', 'institution')", name="kind_known"),
        CheckConstraint(
            "state IN ('pending', 'active', 'rejected', 'withdrawn', 'closed')", name="state_known"
        ),
        CheckConstraint(
            "credit_code IS NOT NULL OR no_code_reason IS NOT NULL OR kind = 'hr_office'",
            name="code_or_reason",
            info={
                "problem": ("credit_code", _("Please give the credit code, or the reason for having none."))
            },
        ),
        Index("uq_organization_credit_code", "credit_code", unique=True, postgresql_where=text(LIVE)),
        Index("ix_organization_parent_id", "parent_id"),
        Index(
            "ix_organization_institution",
            "id",
            postgresql_where=text("kind = 'institution' AND state = 'active'"),
        ),
        *(
            Index(
                f"ix_organization_unregistered_{level}",
                f"ancestor_{level}",
                "id",
                postgresql_where=text(f"registered_at IS NULL AND {LIVE}"),
            )
            for level in range(1, LEVELS)
        ),
        *by_ancestor("organization"),
        {"extend_existing": False},
    )

    name: Mapped[str] = mapped_column(
        String(100), info=field(_("Name"), list=True, search=True, sort=True, needs_review=True)
    )
    former_names: Mapped[str | None] = mapped_column(Text, info=field(_("Former names"), form=False))
    kind: Mapped[str] = mapped_column(
        String(20), info=field(_("Kind"), list=True, search=True, form=False, choices=KINDS)
    )
    parent_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("organization.id"), info=field(_("Parent organization"), list=True, form=False)
    )
    depth: Mapped[int] = mapped_column(SmallInteger)
    region_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("region.id"), info=field(_("Division"))
    )
    credit_code: Mapped[str | None] = mapped_column(
        String(18),
        info=field(
            _("Unified social credit code"), list=True, search=True, check="credit_code", needs_review=True
        ),
    )
    no_code_reason: Mapped[str | None] = mapped_column(
        String(200),
        info=field(_("Reason for having no credit code, or one that fails its check digit"), long=True),
    )
    address: Mapped[str | None] = mapped_column(String(200), info=field(_("Address")))
    telephone: Mapped[str | None] = mapped_column(String(30), info=field(_("Telephone")))
    extra: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    state: Mapped[str] = mapped_column(
        String(20),
        default="pending",
        info=field(_("State"), list=True, search=True, form=False, choices=STATES, badge=True),
    )
    created_at: Mapped[datetime] = moment(server_default=text("now()"))
    registered_at: Mapped[datetime | None] = moment()
    """Since when it takes part; security/registered.py says by what, and keeps it."""

    access = {
        "read": (Granted(to=(*ADMINISTRATORS, "pending")),),
        "update": (Granted(to=ADMINISTRATORS, while_in=("active",)),),
        "review": (Granted(to=("employer", "authority", "hr_office")),),
        "take_over": (Granted(to=("authority", "employer", "hr_office"), super=True),),
        "export": (Granted(to=("authority", "hr_office")),),
    }
    data_parts = {"unit": DataPart(label=_("Basic data"), rest=True)}
    screen = Screen(
        label=_("Subordinate organizations"),
        menu="account",
        icon="sitemap",
        form={_("Organization"): ("name", "credit_code", "no_code_reason", "address", "telephone")},
        empty=_("No organization stands below yours yet. Units appear here as soon as they register."),
        files=_("Proof"),
        position=20,
    )
