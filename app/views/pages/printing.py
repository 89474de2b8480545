"""电子证书查询打印: who has a certificate, who could have one, and what is to be printed (CER-01)."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, urlencode

from flask import abort, current_app, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.declare.computed import plain
from app.models.printing import KINDS
from app.security import doors
from app.services import lists, printable, printing
from app.services.errors import Faulty, Refused
from app.services.printable import STATES, Asked, Found, Line
from app.views import print_search
from app.views.access import allowed, may_open
from app.views.cells import worded
from app.views.database import db
from app.views.listing import counted
from app.views.messages import sentence
from app.views.page import MenuEntry, Page
from app.views.parts import Act, Bulk, Cell, Column, Listing, Pager, Row

TONES = {"issued": "ok", "ready": "wait", "short": "calm"}
CONFLICT = 409


class PrintingPage(Page):
    """Query, choose, print."""

    route_base = "/printing"
    default_view = "people"
    noun = "certificate"
    acts_for = "organization"
    menu = (
        MenuEntry(
            label=_l("Query and print certificates"),
            endpoint="PrintingPage.people",
            menu="statistics",
            icon="print",
            position=41,
            function="certificate",
        ),
    )

    def entries(self, _lines: Any) -> Iterable[MenuEntry]:
        """For those who issue certificates for an organisation."""
        return self.menu if g.actor.organization_id and g.actor.may("certificate.issue") else ()

    def acts_on(self, row: Any) -> Iterable[Act]:
        """From the page of an organisation to the certificates of its professionals."""
        if g.actor.organization_id and may_open("PrintingPage.people"):
            url = url_for("PrintingPage.people", unit=row.id)
            yield Act(label=_("Certificates of its professionals"), url=url, icon="print")

    @allowed("certificate.issue")
    @expose("/")
    def people(self) -> str | tuple[str, int]:
        """One page of professionals with how their certificate stands."""
        _require_place()
        return _page(print_search.asked(request.args))

    @allowed("printing.create")
    @expose("/begin", methods=["POST"])
    def begin(self) -> Response | tuple[str, int]:
        """Begin a batch for the chosen ones, or for all of the filter."""
        _require_place()
        words = {key: values[0] for key, values in parse_qs(request.form.get("filter", "")[:2000]).items()}
        asked, kind = print_search.asked(words), request.form.get("action", "")
        if kind not in KINDS:
            abort(400)
        try:
            if request.form.get("whole") == "1":
                people = printable.whole(db(), asked, lists.id_of(request.form.get("expected")) or 0)
            else:
                ids = [lists.id_of(each) for each in request.form.getlist("id")]
                people = printable.chosen(db(), [each for each in ids if each is not None])
        except Refused as refused:
            db().rollback()
            page = _page(asked, wrong=sentence(refused))
            return page if isinstance(page, tuple) else (page, CONFLICT)
        site = current_app.config["SETTINGS"].url
        batch = printing.begin(db(), people, asked.year, kind, site=site)
        return redirect(url_for("PrintingBatchPage.batch", uid=batch.uid), code=303)


def _require_place() -> None:
    if not g.actor.organization_id:
        abort(403)


def _page(asked: Asked, wrong: str = "") -> str | tuple[str, int]:
    after = lists.id_of(request.args.get("after"))
    form, faulty = print_search.form(db(), asked), None
    try:
        found = printable.page(db(), asked, after)
    except Faulty as refused:
        faulty, found = refused, None
    listing = _listing(asked, found, after, form)
    told = wrong or (sentence(next(iter(faulty.problems.values()))[0]) if faulty else "")
    page = render_template("pages/printing.html", listing=listing, wrong=told)
    return (page, 422) if faulty else page


def _listing(asked: Asked, found: Found | None, after: int | None, form: Any) -> Listing:
    words = print_search.words(asked)
    start = url_for("PrintingPage.people", **words)
    unit, count = (found.unit.name, found.count) if found is not None else ("", 0)
    later = found.later if found is not None else None
    return Listing(
        title=_("Certificates of %(year)d: %(unit)s", year=asked.year, unit=unit),
        columns=(
            Column(key="name", label=_("Full name")),
            Column(key="unit", label=_("Employer")),
            Column(key="total", label=_("Total"), kind="number"),
            Column(key="state", label=_("State")),
            Column(key="number", label=_("Certificate number")),
        ),
        rows=_rows(found.lines) if found is not None else (),
        found=counted(min(count, printable.MOST), more=count > printable.MOST),
        search=form,
        acts=(
            Act(label=_("Search by number"), url=url_for("CertificateScreen.list"), icon="search"),
            Act(label=_("Latest batches"), url=url_for("PrintingBatchPage.batches"), icon="history"),
        ),
        pager=Pager(
            first=start if after else "",
            previous=start if after else "",
            next=url_for("PrintingPage.people", **words, after=later) if later else "",
        ),
        bulk=Bulk(
            url=url_for("PrintingPage.begin"),
            filter=urlencode(words),
            expected=count,
            said=counted(min(count, printable.MOST), more=count > printable.MOST),
            acts=(
                Act(label=_("One PDF for the printer"), name="pdf", icon="print", look="primary"),
                Act(label=_("Single files (ZIP)"), name="zip", icon="download"),
            ),
        )
        if count and may_open("PrintingPage.begin")
        else None,
        under=_("Whoever is complete and has none yet gets one when it is printed."),
        empty=_("Nobody meets these conditions."),
    )


def _rows(lines: Iterable[Line]) -> tuple[Row, ...]:
    lines = tuple(lines)
    units = doors.names(db(), {each.organization_id for each in lines})
    return tuple(
        Row(
            id=each.id,
            url=url_for("PersonScreen.show", pk=each.id),
            cells=(
                Cell(text=each.name),
                Cell(text=units[each.organization_id].name),
                Cell(text=plain(each.total)),
                Cell(text=worded(STATES[each.state]), tone=TONES[each.state]),
                Cell(
                    text=each.number,
                    url=url_for("CertificateScreen.show", pk=each.certificate_id)
                    if each.certificate_id
                    else "",
                ),
            ),
        )
        for each in lines
    )
