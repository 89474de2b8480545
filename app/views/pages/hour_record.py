"""One declaration as its owner sees it: what was said, the proof, where it waits, why it came back."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.declare.column import Column
from app.declare.province import province
from app.declare.words import language
from app.models.hour_record import HourRecord
from app.services import appeals, histories, hours, lists, progress, reviews
from app.services.declarations import columns_of
from app.services.progress import Standing
from app.services.reckoning import LABEL, reckoning
from app.services.values import declared, shown
from app.views import course, sheets, standing
from app.views.access import allowed
from app.views.cells import worded
from app.views.database import db
from app.views.page import Page
from app.views.pages import appeals as appealing
from app.views.parts import Act, Cell, Fact, Section, Sheet

FACTS = ("year", "subject", "form", "hours", "declared_at")


class HourRecordPage(Page):
    """A professional's own declaration, and what one may still do with it."""

    route_base = "/my/hours"
    default_view = "show"
    noun = "hour_record"

    @allowed("hour_record.create")
    @expose("/<pk>")
    def show(self, pk: str) -> Response | str:
        """The declaration; a draft is opened where one goes on with it."""
        record = own(pk)
        if record.state == "draft":
            return redirect(url_for("DeclarePage.edit", pk=record.id))
        found = progress.of_record(db(), record)
        return render_template("pages/hour_record.html", sheet=_sheet(found), objection=found.objection)

    @allowed("hour_record.create")
    @expose("/<pk>/withdraw", methods=["POST"])
    def withdraw(self, pk: str) -> Response:
        """Take back what waits for a decision."""
        record = own(pk)
        review = hours.review_of(db(), record)
        if review is None:
            abort(404)
        reviews.withdraw(db(), review.id, lists.id_of(request.args.get("version")) or 0)
        flash(_("It is withdrawn."), "success")
        return redirect(url_for("MyYearPage.year", year=record.year))

    @allowed("hour_record.create")
    @expose("/<pk>/discard", methods=["POST"])
    def discard(self, pk: str) -> Response:
        """Throw a draft away with its files."""
        record = own(pk)
        year = record.year
        hours.discard(db(), record.id)
        flash(_("The draft is discarded."), "success")
        return redirect(url_for("MyYearPage.year", year=year))


def own(pk: str) -> HourRecord:
    """The acting professional's own record; anything else is not found."""
    record = lists.one(db(), HourRecord, pk)
    if record is None or record.person_id != g.actor.person_id:
        abort(404)
    return record


def _sheet(found: Standing) -> Sheet:
    record = found.record
    year_url = url_for("MyYearPage.year", year=record.year)
    return Sheet(
        title=standing.title(record),
        status=standing.state(found),
        trail=((_("My year"), year_url),),
        acts=_acts(found),
        sections=(Section(facts=_facts(record)),),
        files=sheets.attached(db(), record),
        events=course.course(histories.history(db(), found.review)) if found.review is not None else (),
    )


def _facts(record: HourRecord) -> tuple[Fact, ...]:
    """What every declaration says, then what its learning form asked."""
    columns = declared(HourRecord)
    said = [(columns[key], getattr(record, key)) for key in FACTS]
    form = province().form(record.form)
    said += [(column, record.values.get(key)) for key, column in columns_of(form).items()] if form else []
    found = tuple(_fact(column, value) for column, value in said)
    why = reckoning(record)
    return (*found, Fact(label=worded(LABEL), cell=Cell(text="\n".join(why)), wide=True)) if why else found


def _fact(column: Column, value: object) -> Fact:
    text = shown(column, value, language())
    return Fact(label=worded(column.field.label), cell=Cell(text=text), wide=column.field.long)


def _acts(found: Standing) -> tuple[Act, ...]:
    record, review = found.record, found.review
    if record.state == "returned":
        url = url_for("DeclarePage.edit", pk=record.id)
        corrects = Act(label=_("Correct and send again"), url=url, icon="edit", look="primary")
        appeal = (appealing.act(review),) if review is not None and appeals.possible(db(), review) else ()
        return (corrects, *appeal)
    if record.state == "submitted" and review is not None:
        url = url_for("HourRecordPage.withdraw", pk=record.id, version=review.version)
        confirm = _("Withdraw this declaration? It will not be decided then.")
        return (Act(label=_("Withdraw"), url=url, icon="back", method="post", confirm=confirm),)
    if record.source == "declaration":
        url = url_for("DeclarePage.declare", copy=record.id)
        return (Act(label=_("Declare another like it"), url=url, icon="plus"),)
    return ()
