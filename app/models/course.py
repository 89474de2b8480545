"""Courses that are taken on the platform itself (LRN-01, LRN-02, LRN-04)."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Numeric, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Granted
from app.declare.field import field
from app.declare.screen import Screen, Way
from app.declare.words import _
from app.models.placed import Placed, by_ancestor
from app.models.question_bank import PUBLISHERS

STATES = {
    "draft": _("Draft"),
    "submitted": _("Under review"),
    "returned": _("Rejected"),
    "published": _("Published"),
    "closed": _("Closed"),
}

REVIEWERS = ("authority", "hr_office")
WRITABLE = ("draft", "returned")
"""The states in which a course and its lessons may be changed: learners never see one change."""


class Course(Placed, Record):
    """One edition of a course: lessons that are watched, then a test that is drawn from a bank.

    It counts `hours` (unit: at least 45 minutes) of `subject` as the learning form `form`, in the years from
    `year_from` to `year_to`. `pass_mark` is a share of the points of a test (unit: per cent), `tries` how
    often one may try on one day, `minutes` how long one try may take. `root_id` is the first edition.
    """

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'published', 'closed')", name="state_known"
        ),
        CheckConstraint(
            "hours > 0 AND hours <= 100",
            name="hours_sound",
            info={"problem": ("hours", _("A course counts more than 0 and at most 100 hours."))},
        ),
        CheckConstraint(
            "year_from BETWEEN 2000 AND 2100",
            name="first_year_sound",
            info={"problem": ("year_from", _("Please give a year with four digits, for example 2026."))},
        ),
        CheckConstraint(
            "year_to BETWEEN year_from AND year_from + 5",
            name="years_in_order",
            info={
                "problem": ("year_to", _("The last year is not before the first one, nor 5 years after it."))
            },
        ),
        CheckConstraint(
            "pass_mark BETWEEN 1 AND 100",
            name="pass_mark_sound",
            info={"problem": ("pass_mark", _("The pass mark lies between 1 and 100 per cent."))},
        ),
        CheckConstraint(
            "drawn BETWEEN 1 AND 200",
            name="drawn_sound",
            info={"problem": ("drawn", _("A test has at least 1 question and at most 200."))},
        ),
        CheckConstraint(
            "tries BETWEEN 1 AND 20",
            name="tries_sound",
            info={"problem": ("tries", _("Between 1 and 20 tries a day are possible."))},
        ),
        CheckConstraint(
            "minutes BETWEEN 1 AND 300",
            name="minutes_sound",
            info={"problem": ("minutes", _("A test may take between 1 and 300 minutes."))},
        ),
        Index("ix_course_published", "published_at", "id", postgresql_where=text("state = 'published'")),
        Index("ix_course_root_id", "root_id", postgresql_where=text("root_id IS NOT NULL")),
        *by_ancestor("course"),
        {"extend_existing": False},
    )

    title: Mapped[str] = mapped_column(String(120), info=field(_("Course"), list=True, search=True))
    subject: Mapped[str] = mapped_column(
        String(30), info=field(_("Subject"), list=True, search=True, choices="subjects")
    )
    form: Mapped[str] = mapped_column(
        String(40), info=field(_("Learning form"), search=True, choices="forms")
    )
    project: Mapped[str | None] = mapped_column(
        String(30),
        info=field(_("Project"), search=True, choices="projects", help=_("Empty: it belongs to none.")),
    )
    title_series: Mapped[str | None] = mapped_column(
        String(40),
        info=field(
            _("Title series"), search=True, choices="title_series", help=_("Empty: it is meant for all.")
        ),
    )
    hours: Mapped[Decimal] = mapped_column(Numeric(5, 1), info=field(_("Hours"), list=True))
    year_from: Mapped[int] = mapped_column(
        SmallInteger, info=field(_("Counts from the year"), list=True, search=True)
    )
    year_to: Mapped[int] = mapped_column(SmallInteger, info=field(_("Counts until the year"), list=True))
    about: Mapped[str] = mapped_column(
        String(4000),
        default="",
        server_default="",
        info=field(
            _("Introduction"),
            long=True,
            help=_("An empty line begins a paragraph, «- » a list, «## » a heading; **bold**."),
        ),
    )
    bank_id: Mapped[int | None] = mapped_column(
        BigInteger,
        ForeignKey("question_bank.id"),
        info=field(_("Question bank"), own=True, help=_("The test is drawn from it.")),
    )
    drawn: Mapped[int] = mapped_column(
        SmallInteger, default=10, server_default="10", info=field(_("Questions of a test"))
    )
    pass_mark: Mapped[int] = mapped_column(
        SmallInteger, default=60, server_default="60", info=field(_("Pass mark"), help=_("In per cent."))
    )
    tries: Mapped[int] = mapped_column(
        SmallInteger, default=3, server_default="3", info=field(_("Tries a day"))
    )
    minutes: Mapped[int | None] = mapped_column(
        SmallInteger, info=field(_("Time limit"), help=_("In minutes. Empty: there is none."))
    )
    state: Mapped[str] = mapped_column(
        String(20),
        default="draft",
        server_default="draft",
        info=field(_("State"), list=True, search=True, form=False, choices=STATES, badge=True),
    )
    edition: Mapped[int] = mapped_column(
        SmallInteger, default=1, server_default="1", info=field(_("Edition"), list=True, form=False)
    )
    root_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("course.id"))
    published_at: Mapped[datetime | None] = moment(info=field(_("Published on"), list=True, form=False))
    created_at: Mapped[datetime] = moment(server_default=text("now()"))

    access = {
        "read": (Granted(to=(*PUBLISHERS, "authority")),),
        "create": (Granted(to=PUBLISHERS, own=True),),
        "update": (Granted(to=PUBLISHERS, own=True, while_in=WRITABLE),),
        "publish": (Granted(to=PUBLISHERS, own=True, while_in=WRITABLE),),
        "withdraw": (Granted(to=PUBLISHERS, own=True, while_in=("published",)),),
        "review": (Granted(to=REVIEWERS),),
        "export": (Granted(to=(*PUBLISHERS, "authority")),),
    }
    screen = Screen(
        label=_("Courses"),
        menu="hours",
        icon="book",
        name="title",
        form={
            _("Course"): ("title", "about"),
            _("What it counts as"): (
                "subject",
                "form",
                "project",
                "title_series",
                "hours",
                "year_from",
                "year_to",
            ),
            _("Test"): ("bank_id", "drawn", "pass_mark", "tries", "minutes"),
        },
        empty=_("No course is there yet. A new one is a draft until it is reviewed."),
        position=60,
        ways=(
            Way(
                label=_("Lessons, test, publishing"),
                endpoint="CourseDeskPage.desk",
                action="read",
                icon="list",
                row=True,
                primary=True,
            ),
            Way(
                label=_("As learners see it"),
                endpoint="CourseDeskPage.preview",
                action="read",
                icon="eye",
                row=True,
            ),
        ),
    )
