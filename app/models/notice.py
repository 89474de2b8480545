"""Notices: what an HR office or a department tells those who stand below it, and the public."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Granted
from app.declare.field import field
from app.declare.screen import Screen, Way
from app.declare.words import _
from app.models.placed import Placed, by_ancestor

PUBLIC = "public"
AUDIENCES = {
    PUBLIC: _("Everybody, without logging in"),
    "all": _("All users"),
    "person": _("Professionals"),
    "employer": _("Employers"),
    "authority": _("Supervisory departments"),
    "institution": _("Institutions"),
    "hr_office": _("HR offices"),
}
"""Whom a notice is for. What is not public is read by those of that kind at or below its organisation."""

STATES = {"draft": _("Draft"), "published": _("Published"), "withdrawn": _("Withdrawn")}

WRITERS = ("authority", "hr_office")


class Notice(Placed, Record):
    """One notice. `body` is plain text with Markdown's signs; no HTML of it ever reaches a browser.

    It is shown from `shows_from` to `shows_until`, both days included, in China's time, as long as it is
    published. Readers come to it through security/doors/notices.py; these rules are the writers'.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(
            f"audience IN ({', '.join(repr(each) for each in AUDIENCES)})", name="audience_known"
        ),
        CheckConstraint("state IN ('draft', 'published', 'withdrawn')", name="state_known"),
        CheckConstraint(
            "shows_until >= shows_from",
            name="days_in_order",
            info={"problem": ("shows_until", _("The last day is before the first one."))},
        ),
        Index(
            "ix_notice_published",
            "pinned",
            "published_at",
            "id",
            postgresql_where=text("state = 'published'"),
        ),
        *by_ancestor("notice"),
        {"extend_existing": False},
    )

    title: Mapped[str] = mapped_column(String(120), info=field(_("Title"), list=True, search=True))
    body: Mapped[str] = mapped_column(
        String(20_000),
        info=field(
            _("Text"),
            long=True,
            help=_(
                "An empty line begins a paragraph, «- » a list, «## » a heading; **bold**; an address in <…>"
                " becomes a link."
            ),
        ),
    )
    audience: Mapped[str] = mapped_column(
        String(20),
        info=field(
            _("For whom"),
            list=True,
            search=True,
            choices=AUDIENCES,
            help=_("Only the office at the head of the province can address everybody."),
        ),
    )
    pinned: Mapped[bool] = mapped_column(
        default=False, server_default="false", info=field(_("Keep at the top"), list=True)
    )
    shows_from: Mapped[date | None] = mapped_column(
        info=field(_("Shown from"), help=_("Empty: as soon as it is published."))
    )
    shows_until: Mapped[date | None] = mapped_column(
        info=field(_("Shown until"), help=_("The last day. Empty: until it is withdrawn."))
    )
    state: Mapped[str] = mapped_column(
        String(20),
        default="draft",
        server_default="draft",
        info=field(_("State"), list=True, search=True, form=False, choices=STATES, badge=True),
    )
    published_at: Mapped[datetime | None] = moment(info=field(_("Published on"), list=True, form=False))
    created_at: Mapped[datetime] = moment(server_default=text("now()"))

    access = {
        "read": (Granted(to=WRITERS),),
        "create": (Granted(to=WRITERS, own=True),),
        "update": (Granted(to=WRITERS, own=True, while_in=("draft", "withdrawn")),),
        "publish": (Granted(to=WRITERS, own=True, while_in=("draft", "withdrawn")),),
        "withdraw": (Granted(to=WRITERS, while_in=("published",)),),
        "export": (Granted(to=WRITERS),),
    }
    screen = Screen(
        label=_("Notices"),
        menu="system",
        icon="bell",
        name="title",
        form={
            _("Notice"): ("title", "body", "audience"),
            _("When and where it is shown"): ("pinned", "shows_from", "shows_until"),
        },
        empty=_("Nothing has been announced yet. A new notice is a draft until you publish it."),
        files=_("Files"),
        position=20,
        ways=(
            Way(
                label=_("Files"),
                endpoint="NoticeDeskPage.files",
                action="publish",
                icon="paperclip",
                row=True,
            ),
            Way(
                label=_("As readers see it"),
                endpoint="NoticeDeskPage.preview",
                action="read",
                icon="eye",
                row=True,
            ),
            Way(
                label=_("Publish"),
                endpoint="NoticeDeskPage.publish",
                action="publish",
                icon="ok",
                row=True,
                primary=True,
                confirm=_("Publish this notice? Whom it is for can read it at once."),
            ),
            Way(
                label=_("Withdraw"),
                endpoint="NoticeDeskPage.withdraw",
                action="withdraw",
                icon="x",
                row=True,
                confirm=_("Withdraw this notice? Nobody will see it until it is published again."),
            ),
        ),
    )
