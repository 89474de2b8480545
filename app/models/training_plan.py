"""What an organisation plans to teach in a year: filed by its superior before anything is taught (PLN-01)."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Numeric, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import ADMINISTRATORS, PLANNERS, Granted
from app.declare.field import field
from app.declare.screen import Screen, Way
from app.declare.words import _
from app.models.placed import Placed, by_ancestor

STATES = {
    "submitted": _("Waiting for filing"),
    "approved": _("Filed"),
    "returned": _("Rejected"),
    "withdrawn": _("Withdrawn"),
}

MOST_CLASSES = 500


class TrainingPlan(Placed, Record):
    """`hours` are what one person is credited who attends the whole of one of its `classes`."""

    __tablename__ = "training_plan"
    __table_args__ = (
        CheckConstraint("state IN ('submitted', 'approved', 'returned', 'withdrawn')", name="state_known"),
        CheckConstraint(f"classes BETWEEN 1 AND {MOST_CLASSES}", name="some_classes"),
        CheckConstraint("hours > 0", name="some_hours"),
        *by_ancestor("training_plan"),
        {"extend_existing": False},
    )

    title: Mapped[str] = mapped_column(String(80), info=field(_("Training plan"), list=True, search=True))
    organization_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("organization.id"), info=field(_("Declared by"), list=True, form=False)
    )
    year: Mapped[int] = mapped_column(
        SmallInteger, info=field(_("Year"), list=True, search=True, check="year")
    )
    subject: Mapped[str] = mapped_column(
        String(30), info=field(_("Subject"), list=True, search=True, choices="subjects")
    )
    form: Mapped[str] = mapped_column(String(40), info=field(_("Learning form"), choices="forms"))
    audience: Mapped[str] = mapped_column(
        String(200), info=field(_("For whom"), help=_("For example: nurses of all wards"))
    )
    classes: Mapped[int] = mapped_column(SmallInteger, info=field(_("Classes planned"), list=True))
    hours: Mapped[Decimal] = mapped_column(
        Numeric(5, 1),
        info=field(_("Hours of one class"), list=True, help=_("Of one person who attends all of it")),
    )
    program: Mapped[str] = mapped_column(String(1000), info=field(_("What is taught"), long=True))
    state: Mapped[str] = mapped_column(
        String(20),
        default="submitted",
        info=field(_("State"), list=True, search=True, form=False, choices=STATES, badge=True),
    )
    declared_at: Mapped[datetime] = moment(
        server_default=text("now()"), info=field(_("Declared on"), list=True)
    )

    access = {
        "read": (Granted(to=ADMINISTRATORS),),
        "create": (Granted(to=PLANNERS, own=True),),
        "update": (Granted(to=PLANNERS, own=True, while_in=("returned",)),),
        "review": (Granted(to=("employer", "authority", "hr_office")),),
        "export": (Granted(to=ADMINISTRATORS),),
    }
    screen = Screen(
        label=_("Training plans"),
        menu="hours",
        needs="training",
        users=PLANNERS,
        icon="calendar",
        name="title",
        empty=_("No training plan has been declared yet. A class is taught once its plan is filed."),
        position=32,
        ways=(
            Way(
                label=_("New training plan"),
                endpoint="TrainingPlansPage.new",
                action="create",
                icon="plus",
                primary=True,
            ),
        ),
    )
