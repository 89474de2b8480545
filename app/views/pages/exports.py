"""My exports: what a job writes for oneself, how far it is, its file; lists in full for a reason (STA-04)."""

from typing import Any
from uuid import UUID

from flask import abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.models.export import Export
from app.security.scope import model_of, scoped
from app.services import exporting
from app.services.errors import NotEligible, NotFound, Refused
from app.views import cells, listing
from app.views import exporting as sending
from app.views.access import allowed
from app.views.database import db
from app.views.messages import sentence
from app.views.page import Page
from app.views.parts import Act, Cell, Column, Listing, Paper, Row
from app.views.record_page import RevealForm

FULL = "export_full"
HEADS = (
    Column(key="title", label=_l("What")),
    Column(key="ordered", label=_l("Ordered"), kind="date"),
    Column(key="state", label=_l("State")),
    Column(key="rows", label=_l("Rows"), kind="number"),
    Column(key="until", label=_l("To be downloaded until"), kind="date"),
)


def in_full() -> tuple[str, ...]:
    """The permissions of exporting some list in full."""
    return tuple(f"{model.__tablename__}.{FULL}" for model in scoped() if FULL in model.access)


class ExportsPage(Page):
    """The exports of the account that acts, and nobody else's."""

    route_base = "/exports"
    default_view = "own"
    noun = "export"

    @allowed("export.read")
    @expose("/")
    def own(self) -> str:
        """The latest, whatever became of them."""
        found = exporting.own(db())
        shown = Listing(
            title=_("My exports"),
            columns=HEADS,
            rows=tuple(_row(each) for each in found),
            found="",
            under=_("Exports of more than %(most)s rows are written here; nobody else can download them.",
                    most=f"{exporting.LATER:,}"),
            empty=_("Nothing yet. An export of a long list appears here."),
        )  # fmt: skip
        return render_template("layout/list.html", listing=shown)

    @allowed("export.read")
    @expose("/<uuid:uid>")
    def show(self, uid: UUID) -> str:
        """One export: how far it is, or its file."""
        row = exporting.one(db(), uid)
        text, tone = sending.state(row)
        return render_template(
            "pages/export.html",
            row=row,
            state=Cell(text=text, tone=tone),
            under_way=row.state in exporting.UNDER_WAY,
            until=_day(exporting.until(row)),
            text=_written(row),
        )

    @allowed("export.read")
    @expose("/<uuid:uid>/progress")
    def progress(self, uid: UUID) -> Response:
        """How far the job is, for the page that waits for it."""
        row = exporting.one(db(), uid)
        return jsonify(
            done=row.progress,
            total=row.total or 1,
            text=_written(row),
            finished=row.state not in exporting.UNDER_WAY,
            next=url_for("ExportsPage.show", uid=uid),
        )

    @allowed("export.read")
    @expose("/<uuid:uid>/cancel", methods=["POST"])
    def cancel(self, uid: UUID) -> Response:
        """Let it not go on."""
        try:
            exporting.cancel(db(), uid)
        except NotEligible as refused:
            flash(sentence(refused), "warning")
        else:
            flash(_("The export is cancelled."), "success")
        return redirect(url_for("ExportsPage.own"))

    @allowed("export.read")
    @expose("/<uuid:uid>/file")
    def file(self, uid: UUID) -> Response:
        """The finished workbook; it is recorded that it was taken."""
        try:
            return sending.taken(uid)
        except NotEligible as refused:
            flash(sentence(refused), "warning")
            return redirect(url_for("ExportsPage.show", uid=uid))

    @allowed(*in_full())
    @expose("/full/<noun>", methods=["GET", "POST"])
    def full(self, noun: str) -> Response | str | tuple[str, int]:
        """A list with everything that it masks, for a reason that is kept."""
        model = _model(noun)
        wanted, form = listing.asked(request.args, model), RevealForm()
        label = cells.worded(model.screen.label)
        if form.validate_on_submit():
            try:
                return sending.answer(
                    f"list:{noun}", wanted.words, str(label), full=True, reason=form.reason.data or ""
                )
            except Refused as refused:
                form.form_errors.append(sentence(refused))
        back = url_for(f"{model.__name__}Screen.list", **dict[str, Any](wanted.words))
        paper = Paper(
            title=_("Export in full: %(label)s", label=label),
            form=form,
            sections=(("", ("reason",)),),
            submit=_("Export in full"),
            cancel_url=back,
            trail=((label, back),),
            intro=_(
                "The workbook will hold ID numbers and phones in full. Who took it out, when and why is kept"
                " in the audit log, and stands in the workbook."
            ),
        )
        return render_template("layout/form.html", paper=paper)


def _model(noun: str) -> Any:
    """The model of a list that the actor may export in full; others are not found, or refused."""
    try:
        model = model_of(noun)
    except LookupError:
        raise NotFound from None
    if FULL not in getattr(model, "access", {}):
        raise NotFound
    if not g.actor.may(f"{noun}.{FULL}"):
        abort(403)
    return model


def _row(row: Export) -> Row:
    text, tone = sending.state(row)
    acts = []
    if row.state == exporting.DONE:
        acts.append(Act(label=_("Download"), url=url_for("ExportsPage.file", uid=row.uid)))
    return Row(
        id=row.id,
        url=url_for("ExportsPage.show", uid=row.uid),
        cells=(
            Cell(text=row.title),
            Cell(text=format_datetime(row.created_at, "yyyy-MM-dd HH:mm")),
            Cell(text=text, tone=tone),
            Cell(text=f"{row.total:,}" if row.total else ""),
            Cell(text=_day(exporting.until(row))),
        ),
        acts=tuple(acts),
    )


def _day(moment: Any) -> str:
    return format_datetime(moment, "yyyy-MM-dd HH:mm") if moment is not None else ""


def _written(row: Export) -> str:
    if row.state not in exporting.UNDER_WAY:
        return sending.state(row)[0]
    return _("%(done)s of %(total)s rows", done=f"{row.progress:,}", total=f"{row.total:,}")
