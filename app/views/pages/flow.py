"""审核时效 by month: what was submitted and decided, and in how many days, of a place with all below it."""

from typing import Any

from flask import render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import format_datetime, format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField
from wtforms.fields.choices import SelectChoice

from app.models.flow import Flow
from app.services import backlog, lists
from app.services.backlog import Months
from app.services.errors import NotFound
from app.views.access import allowed
from app.views.cells import worded
from app.views.database import db
from app.views.page import Page
from app.views.parts import Act, Cell, Column, Listing, Row, Search

HEADS = (
    Column(key="month", label=_l("Month")),
    Column(key="submitted", label=_l("Submitted in the month"), kind="number"),
    Column(key="decided", label=_l("Decided in the month"), kind="number"),
    Column(key="median", label=_l("Median working days"), kind="number"),
)


class FlowPage(Page):
    """Thirteen months of one organisation, so that the same month of last year is among them."""

    route_base = "/flow"
    default_view = "months"
    noun = "organization"

    @allowed("organization.read")
    @expose("/")
    def months(self) -> str:
        """The months of the acting organisation, or of one below it."""
        kind = request.args.get("kind", "")
        kind = kind if kind in backlog.kinds() else ""
        at = lists.id_of(request.args.get("at"))
        if request.args.get("at") and at is None:
            raise NotFound
        found = backlog.months(db(), at, kind)
        here = found.line[-1]
        back = url_for("BacklogPage.level", at=here.id, kind=kind)
        listing = Listing(
            title=_("Submitted and decided by month: %(name)s", name=here.name),
            columns=HEADS,
            rows=tuple(_row(each) for each in found.rows),
            found="",
            acts=(Act(label=_("By organization"), url=back, icon="sitemap"),),
            search=_search(kind, here.id),
            under=_under(found),
            empty=_("Nothing was submitted or decided in the last months, or nothing has been counted yet."),
        )
        line = [(row.name, url_for("FlowPage.months", at=row.id, kind=kind)) for row in found.line]
        return render_template("pages/backlog.html", listing=listing, line=line)


def _row(row: Flow) -> Row:
    return Row(
        id=row.id,
        url="",
        cells=(
            Cell(text=f"{row.month:%Y-%m}"),
            Cell(text=f"{row.submitted:,}"),
            Cell(text=f"{row.decided:,}"),
            Cell(text=format_decimal(row.median, "0.#") if row.median is not None else ""),
        ),
    )


def _under(found: Months) -> str:
    said = _("Submitted there and decided there, all that stands below included.")
    if not found.rows:
        return said
    when = format_datetime(max(row.made_at for row in found.rows), "MM-dd HH:mm")
    counted = _("As of %(when)s; counted each night.", when=when)
    return f"{said} {counted}"


def _search(kind: str, place: int) -> Search:
    kinds: dict[str, Any] = {"": _("All kinds")}
    kinds |= {key: worded(label) for key, label in backlog.kinds().items()}
    choices = [SelectChoice(key, label) for key, label in kinds.items()]
    form = type("FlowSearch", (Form,), {"kind": SelectField(_("Kind"), choices=choices)})
    return Search(
        name="flow",
        form=form(data={"kind": kind}),
        reset_url=url_for("FlowPage.months", at=place),
        open=("kind",),
        hidden={"at": str(place)},
    )
