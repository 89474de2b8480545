"""Appointments: which account acts for which organisation, in which role, from when to when."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, Granted, Within
from app.declare.field import field
from app.declare.screen import Screen, Way
from app.declare.words import _
from app.models.placed import Placed, by_ancestor
from app.models.second_factor import LOST

LATER = date.max
"""The first day of a post that waits for a review: it gives no rights before."""


class Appointment(Placed, Record):
    """A post. One acts as one appointment at a time; rights of several are never merged.

    It gives rights from `starts_on` on, and none from `ends_on` on: the day it ends is the first without.
    A delegation is a post on behalf of `delegator_id`: of what that one's role holds it gives the permissions
    in `rights`, as long as that post gives rights and the holder has a post of his own here.

    Triggers (security/grants.py) write the holder's `name`, keep one super-administrator in each organisation
    and refuse a role that holds more than whoever gives it.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        Index(
            "uq_appointment_super",
            "organization_id",
            unique=True,
            postgresql_where=text("super AND ends_on IS NULL"),
        ),
        Index(
            "uq_appointment_holder",
            "organization_id",
            "account_id",
            unique=True,
            postgresql_where=text("ends_on IS NULL"),
        ),
        Index("ix_appointment_account_id", "account_id"),
        Index("ix_appointment_role_id", "role_id"),
        Index(
            "ix_appointment_delegator_id", "delegator_id", postgresql_where=text("delegator_id IS NOT NULL")
        ),
        CheckConstraint(
            "(delegator_id IS NULL) = (rights IS NULL)"
            " AND (delegator_id IS NULL OR (ends_on IS NOT NULL AND NOT super))",
            name="delegation_is_dated",
        ),
        Index("ix_appointment_department_id", "department_id"),
        CheckConstraint("department_id IS NOT NULL OR ends_on IS NOT NULL", name="department_given"),
        *by_ancestor("appointment"),
        {"extend_existing": False},
    )

    name: Mapped[str] = mapped_column(
        String(64), server_default="", info=field(_("Real name"), list=True, search=True, sort=True)
    )
    role_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("role.id"), info=field(_("Role"), list=True))
    super: Mapped[bool] = mapped_column(default=False, info=field(_("Super-administrator"), list=True))
    department_id: Mapped[int | None] = mapped_column(
        BigInteger,
        ForeignKey("department.id"),
        info=field(_("Working department"), list=True, search=True, own=True),
    )
    account_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id"))
    starts_on: Mapped[date] = mapped_column(info=field(_("Since"), list=True, sort=True))
    ends_on: Mapped[date | None] = mapped_column(info=field(_("Until"), list=True, search=True))
    on_behalf: Mapped[str] = mapped_column(
        String(64), server_default="", info=field(_("On behalf of"), list=True)
    )
    delegator_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("appointment.id"))
    rights: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime] = moment(server_default=text("now()"))

    within = Within()
    access = {
        "read": (Granted(to=ADMINISTRATORS),),
        "create": (Granted(to=ADMINISTRATORS, own=True, super=True),),
        "update": (Granted(to=ADMINISTRATORS, own=True, super=True),),
        "delete": (Granted(to=ADMINISTRATORS, own=True, super=True),),
        "oversee": (Granted(to=("authority", "employer", "hr_office"), super=True),),
        "hand_over": (Granted(to=ADMINISTRATORS, own=True, super=True, kept=True),),
        "delegate": (Granted(to=ADMINISTRATORS, own=True),),
        "reset": (Granted(to=ADMINISTRATORS, super=True),),
        "export": (Granted(to=ADMINISTRATORS),),
    }
    screen = Screen(
        label=_("Administrators"),
        menu="account",
        icon="users",
        empty=_("No administrator is there yet."),
        files=_("Proof"),
        position=12,
        ways=(
            Way(
                label=_("New administrator"),
                endpoint="AdministratorsPage.new",
                action="create",
                icon="user-plus",
                primary=True,
            ),
            Way(
                label=_("Delegate"),
                endpoint="DelegationsPage.new",
                action="delegate",
                icon="user-check",
            ),
            Way(
                label=_("Explain rights"),
                endpoint="ExplainPage.ask",
                action="read",
                icon="info",
            ),
            Way(
                label=_("Change role or department"),
                endpoint="AdministratorsPage.role",
                action="update",
                icon="role",
                row=True,
                unless=("super", "ends_on"),
            ),
            Way(
                label=_("Make super-administrator"),
                endpoint="AdministratorsPage.hand_over",
                action="hand_over",
                icon="swap",
                row=True,
                unless=("super", "ends_on"),
            ),
            Way(
                label=_("Reset the second factor"),
                endpoint="LostFactorPage.reset",
                action="reset",
                icon="key",
                row=True,
                unless=("ends_on",),
                confirm=LOST,
            ),
            Way(
                label=_("Delete"),
                endpoint="AdministratorsPage.remove",
                action="delete",
                icon="trash",
                row=True,
                unless=("super", "ends_on"),
                confirm=_("Take the post and all its rights away today? Names in decisions stay."),
            ),
        ),
    )
