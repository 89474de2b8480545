"""限期事项: what is asked of one's organisation and of those below, and who has not done it (RUL-05)."""

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, send_file, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.database import clock
from app.declare.province import province
from app.declare.words import language
from app.models.deadline import AUDIENCES, Deadline
from app.services import deadlines, lists, missing, records
from app.services.deadlines import Due
from app.services.errors import NotEligible
from app.views.access import allowed, may_open
from app.views.database import db
from app.views.downloads import WORKBOOK
from app.views.listing import counted
from app.views.messages import sentence
from app.views.page import MenuEntry, Page
from app.views.parts import Act, Cell, Listing, Pager, Row
from app.views.parts import Column as Head

SOON = 7
"""From so many days before its day on, a deadline is shown as one that presses."""

ASKED = (
    Head(key="title", label=_l("Title")),
    Head(key="matter", label=_l("What is asked for")),
    Head(key="place", label=_l("Asked by")),
    Head(key="audience", label=_l("Asked of")),
    Head(key="due_on", label=_l("Due on"), kind="date"),
    Head(key="left", label=_l("Time left")),
    Head(key="own", label=_l("My organization")),
)
ABSENT = tuple(Head(key=key, label=label) for key, label, _width in missing.COLUMNS)
DOERS = {"liaison": "LiaisonScreen.list", "registration": "PersonScreen.list"}
"""Where one's own organisation does what is asked."""


class DuePage(Page):
    """What the generated list of deadlines has no word for: how each one stands, here and below."""

    route_base = "/due"
    default_view = "due"
    noun = "deadline"

    def entries(self, _lines: Any) -> Iterable[MenuEntry]:
        """For those who act for an organisation."""
        if g.actor.organization_id:
            yield MenuEntry(
                label=_l("Deadlines"),
                endpoint="DuePage.due",
                menu="account",
                icon="calendar",
                position=31,
                function="deadline",
            )

    @allowed("deadline.read")
    @expose("/")
    def due(self) -> str:
        """Everything that is asked here, by this organisation and by those above it."""
        found = deadlines.due(db())
        acts = []
        if may_open("DeadlineScreen.add"):
            url = url_for("DeadlineScreen.add")
            acts.append(Act(label=_("Set a deadline"), url=url, icon="plus", look="primary"))
        listing = Listing(
            title=_("Deadlines and how they stand"),
            columns=ASKED,
            rows=tuple(_due(each) for each in found),
            found=counted(len(found)) if found else "",
            acts=tuple(acts),
            empty=_("Nothing is asked of your organization, and it asks nothing of others."),
        )
        return render_template("layout/list.html", listing=listing)

    @allowed("deadline.read")
    @expose("/<pk>")
    def missing(self, pk: str) -> str:
        """Who of those below has not done it, some at a time."""
        key, after = lists.id_of(pk), lists.id_of(request.args.get("after"))
        if key is None:
            abort(404)
        found = missing.page(db(), key, after)
        start = url_for("DuePage.missing", pk=key) if after else ""
        onwards = url_for("DuePage.missing", pk=key, after=found.later) if found.later else ""
        acts = []
        asks = found.deadline.organization_id == g.actor.organization_id
        if asks and may_open("DuePage.remind") and found.count:
            url, sure = (
                url_for("DuePage.remind", pk=key),
                _("Tell the administrators of all who are missing?"),
            )
            acts.append(Act(label=_("Remind them"), url=url, icon="bell", method="post", confirm=sure))
        if may_open("DuePage.export") and found.count:
            url = url_for("DuePage.export", pk=key)
            acts.append(Act(label=_("Export"), url=url, icon="download", method="post", again=True))
        listing = Listing(
            title=_("Who is missing: %(title)s", title=found.deadline.title),
            columns=ABSENT,
            rows=tuple(_absent(line) for line in found.lines),
            found=counted(found.count, more=found.capped),
            pager=Pager(first=start, previous=start, next=onwards),
            acts=tuple(acts),
            empty=_("Nobody is missing: all organizations below of whom it is asked have done it."),
            under=_about(found.deadline),
            notice=found.deadline.note or "",
        )
        return render_template("layout/list.html", listing=listing)

    @allowed("deadline.export")
    @expose("/<pk>/export", methods=["POST"])
    def export(self, pk: str) -> Response:
        """The same as a workbook; it is recorded."""
        key = lists.id_of(pk)
        if key is None:
            abort(404)
        book = missing.export(db(), key, language())
        name = f"{_('Who is missing')}-{clock.today():%Y%m%d}.xlsx"
        return send_file(book, mimetype=WORKBOOK, as_attachment=True, download_name=name, etag=False)

    @allowed("deadline.remind")
    @expose("/<pk>/remind", methods=["POST"])
    def remind(self, pk: str) -> Response:
        """Tell those who are missing."""
        key = lists.id_of(pk)
        if key is None:
            abort(404)
        try:
            people = missing.remind(db(), key)
        except NotEligible as refused:
            flash(sentence(refused), "warning")
        else:
            flash(ngettext("%(num)s person is told.", "%(num)s people are told.", people), "success")
        return redirect(url_for("DuePage.missing", pk=key))

    @allowed("deadline.delete")
    @expose("/<pk>/remove", methods=["POST"])
    def remove(self, pk: str) -> Response:
        """Ask for it no longer."""
        row = lists.one(db(), Deadline, pk)
        if row is None:
            abort(404)
        records.delete(db(), Deadline, row.id)
        flash(_("The deadline is deleted."), "success")
        return redirect(url_for("DuePage.due"))


def left(days: int) -> Cell:
    """How many days are left, or over, in a tone that says whether it presses."""
    if days < 0:
        return Cell(text=ngettext("%(num)s day overdue", "%(num)s days overdue", -days), tone="bad")
    if days == 0:
        return Cell(text=_("Due today"), tone="bad")
    text = ngettext("%(num)s day left", "%(num)s days left", days)
    return Cell(text=text, tone="wait" if days <= SOON else "calm")


def doing(due: Due) -> str:
    """Where one does what is asked; nothing where one's role may not."""
    paper = province().annual_paper(due.deadline.matter)
    if paper is not None and may_open("AnnualPapersPage.papers"):
        return url_for("AnnualPapersPage.papers", kind=paper.review)
    endpoint = DOERS.get(due.deadline.matter, "")
    return url_for(endpoint) if may_open(endpoint) else url_for("DuePage.due")


def _due(due: Due) -> Row:
    row, acts = due.deadline, []
    watched = url_for("DuePage.missing", pk=row.id) if row.below else ""
    if due.open and row.matter == "liaison" and may_open("LiaisonScreen.list"):
        acts.append(Act(label=_("Fill in the list"), url=url_for("LiaisonScreen.list")))
    if due.open and province().annual_paper(row.matter) is not None:
        acts.append(Act(label=_("Write it"), url=doing(due)))
    if watched:
        acts.append(Act(label=_("Who is missing"), url=watched))
    mine = row.organization_id == g.actor.organization_id
    if mine:
        acts.append(Act(label=_("View"), url=url_for("DeadlineScreen.show", pk=row.id)))
    presses = left(due.left)
    return Row(
        id=row.id,
        url=watched or doing(due),
        cells=(
            Cell(text=row.title),
            Cell(text=deadlines.called(row.matter, row.year, language())),
            Cell(text=row.organization),
            Cell(text=_audience(row)),
            Cell(text=row.due_on.isoformat()),
            presses if due.open or mine else Cell(text=presses.text),
            _own(due),
        ),
        acts=tuple(acts),
    )


def _own(due: Due) -> Cell:
    if not due.asked:
        return Cell(text="")
    return Cell(text=_("Fulfilled"), tone="ok") if due.deadline.done else Cell(text=_("Not yet"), tone="wait")


def _audience(row: Any) -> str:
    said = str(AUDIENCES[row.audience])
    return _("%(audience)s directly below", audience=said) if row.direct else said


def _about(row: Any) -> str:
    said = {
        "place": row.organization,
        "matter": deadlines.called(row.matter, row.year, language()),
        "audience": _audience(row),
        "day": row.due_on.isoformat(),
        "left": left((row.due_on - clock.today()).days).text,
    }
    return _("%(place)s · %(matter)s · %(audience)s · due on %(day)s, %(left)s", **said)


def _absent(line: missing.Line) -> Row:
    return Row(
        id=line.id,
        url=url_for("OrganizationScreen.show", pk=line.id),
        cells=(
            Cell(text=line.name),
            Cell(text=str(line.kind)),
            Cell(text=line.parent),
            Cell(text=line.telephone),
            Cell(text=str(line.reason), tone="wait"),
        ),
    )
