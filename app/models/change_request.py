"""A change of what is reviewed: of a professional's data, of an organisation's, or of somebody's identity."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, Granted, Owner, Waiting, Within
from app.declare.field import field
from app.declare.screen import Screen
from app.declare.words import _
from app.encrypted import Encrypted, Sealed
from app.models.placed import Placed, by_ancestor

STATES = {
    "submitted": _("Waiting for review"),
    "approved": _("Approved"),
    "rejected": _("Rejected"),
    "withdrawn": _("Withdrawn"),
}


class ChangeRequest(Placed, Record):
    """Proposed values field by field, with those that were seen when it was asked.

    `values` and `seen` have the same keys: those of fields, and `<kind>:<id>` for an entry of the person's
    lists (`<kind>:new1` for one that is to be added). What is masked stands there masked; `secret` holds it
    in full, as JSON: {key: [seen, proposed]}. It is about the person, or without one about the organisation.
    """

    __tablename__ = "change_request"
    __table_args__ = (
        CheckConstraint("state IN ('submitted', 'approved', 'rejected', 'withdrawn')", name="state_known"),
        CheckConstraint("values <> '{}'", name="something_changes"),
        Index("ix_change_request_person_id", "person_id", "id"),
        Index("ix_change_request_organization_id", "organization_id", "id"),
        *by_ancestor("change_request"),
        {"extend_existing": False},
    )

    uid: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    kind: Mapped[str] = mapped_column(
        String(40), info=field(_("Kind"), list=True, search=True, choices="review_kinds")
    )
    title: Mapped[str] = mapped_column(String(120), info=field(_("Matter"), list=True, search=True))
    person_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("person.id"), info=field(_("Person"))
    )
    values: Mapped[dict[str, Any]] = mapped_column(JSONB)
    seen: Mapped[dict[str, Any]] = mapped_column(JSONB)
    secret_sealed: Mapped[bytes | None] = mapped_column(Encrypted)
    reason: Mapped[str] = mapped_column(
        String(200), default="", server_default="", info=field(_("Reason"), long=True)
    )
    state: Mapped[str] = mapped_column(
        String(20),
        default="submitted",
        info=field(_("State"), list=True, search=True, form=False, choices=STATES, badge=True, verbs="kind"),
    )
    created_at: Mapped[datetime] = moment(server_default=text("now()"), info=field(_("Submitted"), list=True))

    secret = Sealed("secret_sealed")

    within = Within()
    access = {
        "read": (Owner(), Granted(to=ADMINISTRATORS), Waiting()),
        "create": (Owner(), Granted(to=ADMINISTRATORS, own=True)),
        "update": (
            Owner(while_in=("rejected",)),
            Granted(to=ADMINISTRATORS, own=True, while_in=("rejected",)),
        ),
        "review": (Granted(to=("employer", "authority", "hr_office")),),
    }
    screen = Screen(
        label=_("Changes of data"),
        menu="account",
        icon="edit",
        name="title",
        empty=_("Nobody has asked for a change of reviewed data yet."),
        files=_("Proof"),
        position=55,
    )

    @property
    def changes_noun(self) -> str:
        """The table of what is changed."""
        return "organization" if self.person_id is None else "person"

    @property
    def changes_id(self) -> int:
        """The row of what is changed."""
        return self.organization_id if self.person_id is None else self.person_id
