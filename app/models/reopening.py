"""Years that are closed and may be declared for once more: a decision of an HR office, with its reason."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, Granted, Owner
from app.declare.field import field
from app.declare.screen import Screen, Way
from app.declare.words import _
from app.models.placed import Placed, by_ancestor


class Reopening(Placed, Record):
    """Until a day everybody of an organisation and of those below it, or one professional of it, may declare.

    Those whom it is for come to it through security/doors/reopening.py; the rules here are of those who
    decide, and of the one professional.
    """

    __tablename__ = "reopening"
    __table_args__ = (
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year_known"),
        Index("ix_reopening_organization_id", "organization_id", "until"),
        *by_ancestor("reopening"),
        {"extend_existing": False},
    )

    organization_id: Mapped[int] = mapped_column(
        BigInteger,
        ForeignKey("organization.id"),
        info=field(
            _("Organization"), list=True, help=_("Everybody of it and of the organizations below it.")
        ),
    )
    person_id: Mapped[int | None] = mapped_column(
        BigInteger,
        ForeignKey("person.id"),
        info=field(
            _("Only for"),
            list=True,
            own=True,
            help=_("One professional of this organization. Empty: everybody."),
        ),
    )
    year: Mapped[int] = mapped_column(
        SmallInteger, info=field(_("Year"), list=True, search=True, check="year")
    )
    until: Mapped[date] = mapped_column(
        info=field(_("Open until"), list=True, help=_("The last day on which hours may be declared."))
    )
    reason: Mapped[str] = mapped_column(
        String(200), info=field(_("Reason"), list=True, long=True, help=_("Those it is for read it."))
    )
    created_at: Mapped[datetime] = moment(server_default=text("now()"), info=field(_("Decided"), form=False))

    access = {
        "read": (Owner(), Granted(to=ADMINISTRATORS)),
        "create": (Granted(to=("hr_office",)),),
        "delete": (Granted(to=("hr_office",)),),
        "export": (Granted(to=ADMINISTRATORS),),
    }
    screen = Screen(
        label=_("Reopened years"),
        menu="hours",
        icon="calendar",
        name="year",
        form={_("Reopen a year"): ("organization_id", "person_id", "year", "until", "reason")},
        empty=_("No year is reopened. Hours are declared until the day on which their year closes."),
        position=50,
        ways=(
            Way(
                label=_("Close again"),
                endpoint="ReopeningsPage.close",
                action="delete",
                icon="trash",
                row=True,
                confirm=_("Close the year again? What has been sent stays."),
            ),
        ),
    )
