"""Snapshots of statistics: figures that were given out, as they were then."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.declare.words import language
from app.models.snapshot import Snapshot
from app.services import lists
from app.services.statistics import frames, snapshots
from app.services.statistics.kinds import STATISTICS
from app.services.statistics.overall import CUTS
from app.services.wording import said
from app.views import statistics
from app.views.access import allowed
from app.views.database import db
from app.views.page import Page
from app.views.parts import Cell, Listing, Pager, Row
from app.views.parts import Column as Head

MOMENT = "yyyy-MM-dd HH:mm"


class SnapshotsPage(Page):
    """Taken from a page of statistics, listed, and shown again."""

    route_base = "/snapshots"
    default_view = "all"
    noun = "snapshot"

    @allowed("snapshot.read")
    @expose("/")
    def all(self) -> str:
        """Those of the acting organisation, the latest first."""
        before = lists.id_of(request.args.get("before"))
        found = snapshots.snapshots(db(), before)
        shown = found[: snapshots.PAGE]
        later = url_for("SnapshotsPage.all", before=shown[-1].id) if len(found) > len(shown) else ""
        start = url_for("SnapshotsPage.all") if before else ""
        listing = Listing(
            title=_("Snapshots of statistics"),
            columns=(
                Head(key="statistic", label=_("Statistic")),
                Head(key="what", label=_("What was asked")),
                Head(key="as_of", label=_("Figures as of"), kind="date"),
                Head(key="taken", label=_("Taken"), kind="date"),
                Head(key="by", label=_("By")),
            ),
            rows=tuple(_row(each) for each in shown),
            found="",
            pager=Pager(first=start, previous=start, next=later),
            empty=_("No figures have been kept yet. A page of statistics has a button for it."),
        )
        return render_template("layout/list.html", listing=listing)

    @allowed("snapshot.read")
    @expose("/<pk>")
    def show(self, pk: str) -> str:
        """One of them, with the numbers and the words that it had."""
        kept = snapshots.snapshot(db(), pk)
        table = snapshots.table_of(kept)
        moment = format_datetime(kept.taken_at, MOMENT)
        taken = _(
            "Kept by %(name)s on %(moment)s; nothing of it has changed since.",
            name=kept.creator_name,
            moment=moment,
        )
        page = statistics.frozen(table, moment, url_for("SnapshotsPage.all"))
        return render_template("pages/statistics.html", page=page, taken=taken)

    @allowed("snapshot.create")
    @expose("/take/<statistic>", methods=["POST"])
    def take(self, statistic: str) -> Response:
        """Keep the figures of a page as they are now."""
        if statistic not in STATISTICS:
            abort(404)
        by = request.args.get("by", "")
        asked = statistics.asked_of(by=by if by in CUTS else "")
        kept = snapshots.take(db(), STATISTICS[statistic](db(), asked))
        flash(_("These figures are kept and can be shown again at any time."), "success")
        return redirect(url_for("SnapshotsPage.show", pk=kept.id))


def _row(kept: Snapshot) -> Row:
    table: Any = snapshots.table_of(kept)
    return Row(
        id=kept.id,
        url=url_for("SnapshotsPage.show", pk=kept.id),
        cells=(
            Cell(text=said(table.title, language())),
            Cell(text=frames.conditions(table, language())),
            Cell(text=format_datetime(kept.as_of, MOMENT)),
            Cell(text=format_datetime(kept.taken_at, MOMENT)),
            Cell(text=kept.creator_name),
        ),
    )
