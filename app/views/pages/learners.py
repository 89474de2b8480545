"""在线学习情况: who of a unit's people takes which course on the platform, and how far."""

from collections.abc import Iterable
from typing import Any

from flask import abort, g, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import format_date
from flask_babel import gettext as _

from app.declare.computed import plain
from app.declare.province import province
from app.declare.words import language
from app.models.enrolment import STATES
from app.services import courses, learners, lists
from app.services.learners import Learner, Learners
from app.services.wording import said
from app.views.access import allowed, may_open
from app.views.cells import worded
from app.views.database import db
from app.views.page import Page
from app.views.parts import Act, Cell, Column, Listing, Pager, Row, Tab

TONES = {"passed": "ok", "learning": "wait"}


class LearnersPage(Page):
    """Beside the completion of a unit's professionals."""

    route_base = "/learners"
    default_view = "people"
    noun = "person"
    acts_for = "organization"

    def acts_on(self, row: Any) -> Iterable[Act]:
        """From the page of an organisation to what its professionals learn."""
        if courses.offered() and may_open("LearnersPage.people"):
            url = url_for("LearnersPage.people", unit=row.id)
            yield Act(label=_("Who takes which course"), url=url, icon="book")

    @allowed("person.read")
    @expose("/")
    def people(self) -> str:
        """Everybody of the unit itself who has begun a course, or those in one state."""
        if not g.actor.organization_id:
            abort(403)
        asked = request.args.get("unit")
        unit = lists.id_of(asked) if asked else g.actor.organization_id
        if unit is None or not courses.offered():
            abort(404)
        state = request.args.get("state", "")
        before = lists.id_of(request.args.get("before"))
        found = learners.page(db(), unit, state, before)
        return render_template("layout/list.html", listing=_listing(found, state, before))


def _listing(found: Learners, state: str, before: int | None) -> Listing:
    here: dict[str, Any] = {"unit": found.unit.id, "state": state if state in STATES else ""}
    start = url_for("LearnersPage.people", **here) if before else ""
    completed = url_for("CompletionPage.people", unit=found.unit.id)
    states = {"": _("All")} | {key: worded(label) for key, label in STATES.items()}
    return Listing(
        title=_("Who takes which course: %(unit)s", unit=found.unit.name),
        columns=(
            Column(key="name", label=_("Full name")),
            Column(key="course", label=_("Course")),
            Column(key="subject", label=_("Subject")),
            Column(key="hours", label=said(province().words.hours, language()), kind="number"),
            Column(key="lessons", label=_("Lessons finished"), kind="number"),
            Column(key="state", label=_("State")),
            Column(key="begun", label=_("Begun"), kind="date"),
            Column(key="passed", label=_("Date passed"), kind="date"),
        ),
        rows=tuple(_row(each) for each in found.lines),
        found="",
        tabs=tuple(
            Tab(
                label=label,
                url=url_for("LearnersPage.people", unit=found.unit.id, state=key),
                current=key == here["state"],
            )
            for key, label in states.items()
        ),
        acts=(Act(label=_("Completion of its professionals"), url=completed, icon="check"),),
        pager=Pager(
            first=start,
            previous=start,
            next=url_for("LearnersPage.people", **here, before=found.later) if found.later else "",
        ),
        empty=_("None of these professionals has begun a course on the platform."),
    )


def _row(each: Learner) -> Row:
    taken = each.taken
    subjects = province().choices("subjects")
    return Row(
        id=taken.id,
        url=url_for("PersonScreen.show", pk=taken.person_id),
        cells=(
            Cell(text=each.name),
            Cell(text=f"{taken.course} · {taken.organization}"),
            Cell(text=said(subjects.get(taken.subject, taken.subject), language())),
            Cell(text=plain(taken.hours)),
            Cell(text=f"{taken.finished} / {taken.lessons}"),
            Cell(text=worded(STATES[taken.state]), tone=TONES[taken.state]),
            Cell(text=format_date(taken.begun_at, "yyyy-MM-dd")),
            Cell(text=format_date(taken.passed_at, "yyyy-MM-dd") if taken.passed_at else ""),
        ),
    )
