"""Roles. FAB's role holds the permissions; this row beside it says whose role it is and what it is called."""

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record
from app.declare.access import ADMINISTRATORS, Common, Granted
from app.declare.field import field
from app.declare.screen import Screen, Way
from app.declare.words import _
from app.models.placed import Ancestry

LABELS = {
    "person": _("Professional"),
    "employer": _("Employer's administrator"),
    "authority": _("Department's administrator"),
    "institution": _("Institution's administrator"),
    "hr_office": _("HR office's administrator"),
    "pending": _("Waiting for review"),
    "super_employer": _("Employer's super-administrator"),
    "super_authority": _("Department's super-administrator"),
    "super_institution": _("Institution's super-administrator"),
    "super_hr_office": _("HR office's super-administrator"),
}
"""What the roles that come with the product are called; an organisation's own are called what it wrote."""

KINDS = {key: label for key, label in LABELS.items() if not key.startswith("super_")}


class RoleProfile(Ancestry, Record):
    """What FAB's role of the same id does not know. One without an organisation came with the product.

    `held` is what it permits, as `noun.verb`: a trigger keeps it (security/held.py).

    The doors of security/grants.py alone write it: they hold the rule that nobody gives what he has not.
    """

    __tablename__ = "role"
    __table_args__ = (
        UniqueConstraint("organization_id", "label"),
        Index("ix_role_organization_id", "organization_id"),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("ab_role.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    label: Mapped[str] = mapped_column(String(60), info=field(_("Role"), list=True, choices=LABELS))
    kind: Mapped[str] = mapped_column(
        String(20), info=field(_("Kind of user"), list=True, search=True, choices=KINDS)
    )
    organization_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("organization.id"), info=field(_("Organization"), list=True)
    )
    super: Mapped[bool] = mapped_column(default=False, server_default="false")
    held: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")

    by_doors = True

    access = {
        "read": (Common(kind="kind"), Granted(to=ADMINISTRATORS)),
        "create": (Granted(to=ADMINISTRATORS, own=True, super=True),),
        "update": (Granted(to=ADMINISTRATORS, own=True, super=True),),
        "delete": (Granted(to=ADMINISTRATORS, own=True, super=True),),
        "export": (Granted(to=ADMINISTRATORS),),
    }
    screen = Screen(
        label=_("Roles"),
        menu="account",
        icon="role",
        name="label",
        empty=_("Your organization uses the roles that came with the system."),
        position=14,
        ways=(
            Way(label=_("New role"), endpoint="RolesPage.new", action="create", icon="plus", primary=True),
            Way(label=_("Who holds it"), endpoint="RolesPage.holders", action="read", icon="users", row=True),
            Way(
                label=_("Copy to a new role"),
                endpoint="RolesPage.copy",
                action="create",
                icon="copy",
                row=True,
            ),
            Way(
                label=_("Change"),
                endpoint="RolesPage.edit",
                action="update",
                icon="edit",
                row=True,
            ),
            Way(
                label=_("Delete"),
                endpoint="RolesPage.remove",
                action="delete",
                icon="trash",
                row=True,
                confirm=_("Delete this role?"),
            ),
        ),
    )
