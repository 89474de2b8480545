"""Banks of questions, from which tests are drawn."""

from datetime import datetime

from sqlalchemy import String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record, moment
from app.declare.access import Granted
from app.declare.field import field
from app.declare.screen import Screen, Way
from app.declare.words import _
from app.models.placed import Placed, by_ancestor

PUBLISHERS = ("institution", "hr_office")
"""Who makes courses, and the banks that belong to them."""


class QuestionBank(Placed, Record):
    """The questions of one field of knowledge. Several courses may draw from one bank."""

    __tablename__ = "question_bank"
    __table_args__ = (*by_ancestor("question_bank"), {"extend_existing": False})

    title: Mapped[str] = mapped_column(String(120), info=field(_("Question bank"), list=True, search=True))
    about: Mapped[str] = mapped_column(
        String(500), default="", server_default="", info=field(_("Introduction"), long=True)
    )
    created_at: Mapped[datetime] = moment(server_default=text("now()"), info=field(_("Made on"), form=False))

    access = {
        "read": (Granted(to=PUBLISHERS),),
        "create": (Granted(to=PUBLISHERS, own=True),),
        "update": (Granted(to=PUBLISHERS, own=True),),
    }
    screen = Screen(
        label=_("Question banks"),
        menu="hours",
        icon="checklist",
        name="title",
        form={_("Question bank"): ("title", "about")},
        export=False,
        empty=_("No question bank is there yet. Make one, then add its questions or import them."),
        position=62,
        ways=(
            Way(
                label=_("Questions"),
                endpoint="QuestionsPage.questions",
                action="read",
                icon="checklist",
                row=True,
                primary=True,
            ),
        ),
    )
