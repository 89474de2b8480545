"""Internal departments of an organisation: where its people and its administrators work (DEP-01, DEP-02)."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, Belongs, Granted
from app.declare.field import field
from app.declare.screen import Screen, Way
from app.declare.words import _
from app.models.counted import count
from app.models.placed import Placed, by_ancestor


class Department(Placed, Record):
    """One department. Its name is unique in its organisation, so that a workbook can name it.

    A trigger refuses a parent in another organisation, and a ring (security/own_relations.py).
    """

    __tablename__ = "department"
    __table_args__ = (
        CheckConstraint(
            "parent_id <> id",
            name="no_ring",
            info={"problem": ("parent_id", _("A department cannot stand below itself or one of its own."))},
        ),
        UniqueConstraint("organization_id", "name", name="uq_department_name"),
        Index("ix_department_parent_id", "parent_id", postgresql_where=text("parent_id IS NOT NULL")),
        *by_ancestor("department"),
        {"extend_existing": False},
    )

    name: Mapped[str] = mapped_column(
        String(60), info=field(_("Name of the department"), list=True, search=True, sort=True)
    )
    parent_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("department.id"), info=field(_("Parent department"), list=True, own=True)
    )
    position: Mapped[int] = mapped_column(
        SmallInteger,
        default=0,
        server_default="0",
        info=field(_("Order"), help=_("A lower number stands further up."), sort=True),
    )
    created_at: Mapped[datetime] = moment(server_default=text("now()"))

    access = {
        "read": (Granted(to=ADMINISTRATORS), Belongs("department_id")),
        "create": (Granted(to=ADMINISTRATORS, own=True),),
        "update": (Granted(to=ADMINISTRATORS, own=True),),
        "delete": (Granted(to=ADMINISTRATORS, own=True),),
        "export": (Granted(to=ADMINISTRATORS),),
    }
    screen = Screen(
        label=_("Departments"),
        menu="account",
        icon="sitemap",
        form={_("Department"): ("name", "parent_id", "position")},
        oldest_first=True,
        empty=_("No department is there yet. Add the first one; administrators need one."),
        position=10,
        ways=(
            Way(
                label=_("Delete"),
                endpoint="DepartmentsPage.remove",
                action="delete",
                icon="trash",
                row=True,
                confirm=_("Delete this department?"),
            ),
        ),
    )


count(Department, "persons", _("Professionals"), "person.department_id")
count(Department, "administrators", _("Administrators"), "appointment.department_id", empty="ends_on")
