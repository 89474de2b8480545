"""Annual papers of the own organisation: what is due, and how far each is (CEI-01, CEI-02, ANN-01)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.declare.annual_paper import AnnualPaper as Asked
from app.declare.province import province
from app.declare.words import language
from app.models.annual_paper import AnnualPaper
from app.reviews import KINDS
from app.services import annual_lines, annual_papers, differences, histories, lists
from app.services.annual_lines import Line
from app.services.values import declared
from app.services.wording import said
from app.views import cells, sheets
from app.views.access import allowed, may_open
from app.views.course import course
from app.views.database import db
from app.views.page import MenuEntry, Page
from app.views.parts import Act, Cell, Fact, Listing, Row, Section, Sheet
from app.views.parts import Column as Head

REFUSED, CONFLICT = 422, 409
KIND = "any(annual_plan, annual_summary, annual_material)"

HEADS = (
    Head(key="paper", label=_l("Paper")),
    Head(key="year", label=_l("Year")),
    Head(key="files", label=_l("Files"), kind="number"),
    Head(key="handed_in", label=_l("Handed in"), kind="date"),
    Head(key="state", label=_l("State")),
)


class AnnualPapersPage(Page):
    """A page for each kind of review; what stands on it is the province's."""

    route_base = "/annual"
    default_view = "papers"
    noun = "annual_paper"
    acts_for = "annual_paper"

    def entries(self, _lines: Any) -> Iterable[MenuEntry]:
        """A line for each kind of which the acting organisation hands something in."""
        for position, kind in enumerate(dict.fromkeys(each.review for each in mine())):
            yield MenuEntry(
                label=KINDS[kind].label,
                endpoint="AnnualPapersPage.papers",
                values={"kind": kind},
                menu="account",
                icon="file",
                position=35 + position,
                function=kind,
            )

    def acts_on(self, row: Any) -> Iterable[Act]:
        """The way from the record of a paper to where its organisation works on it."""
        if row.organization_id == g.actor.organization_id and may_open("AnnualPapersPage.show"):
            url = url_for("AnnualPapersPage.show", pk=row.id)
            yield Act(label=_("Open"), url=url, icon="file", look="primary")

    @allowed("annual_paper.create")
    @expose(f"/<{KIND}:kind>/")
    def papers(self, kind: str) -> str:
        """What was handed in, and what is not yet, the latest year first."""
        if not mine(kind):
            abort(404)
        lines = annual_lines.lines(db(), kind)
        listing = Listing(
            title=titled(kind),
            columns=HEADS,
            rows=tuple(row(line) for line in lines),
            found=str(len(lines)),
            acts=tuple(_adding(lines)),
            empty=_("Nothing is to be handed in."),
        )
        return render_template("layout/list.html", listing=listing)

    @allowed("annual_paper.create")
    @expose("/<pk>")
    def show(self, pk: str) -> Response | str:
        """One paper: what it says, its files, how far it is, and what one may do with it."""
        found = own(pk)
        if found.state == "draft":
            return redirect(url_for("AnnualPaperFormPage.edit", pk=found.id))
        return render_template("layout/show.html", sheet=_sheet(found))

    @allowed("annual_paper.create")
    @expose("/<pk>/withdraw", methods=["POST"])
    def withdraw(self, pk: str) -> Response:
        """Take back what waits for a decision."""
        found = own(pk)
        annual_papers.withdraw(db(), found.id, lists.id_of(request.args.get("version")) or 0)
        flash(_("It is withdrawn."), "success")
        return redirect(url_for("AnnualPapersPage.show", pk=found.id))

    @allowed("annual_paper.delete")
    @expose("/<pk>/discard", methods=["POST"])
    def discard(self, pk: str) -> Response:
        """Throw a draft away with its files."""
        found = own(pk)
        kind = found.kind
        annual_papers.discard(db(), found.id)
        flash(_("The draft is discarded."), "success")
        return redirect(url_for("AnnualPapersPage.papers", kind=kind))


def own(pk: str) -> AnnualPaper:
    """A paper of the acting organisation; anything else is not found."""
    found = lists.one(db(), AnnualPaper, pk)
    if found is None or found.organization_id != g.actor.organization_id:
        abort(404)
    return found


def row(line: Line) -> Row:
    """One paper of one year, handed in or not, as a row of a list."""
    found = line.found
    if found is None:
        place: dict[str, Any] = {"kind": line.asked.review, "paper": line.asked.key, "year": line.year}
        url, state = (
            url_for("AnnualPaperFormPage.new", **place),
            Cell(text=_("Not handed in yet"), tone="calm"),
        )
        act = Act(label=_("Write it"), url=url, icon="plus")
    else:
        url = url_for("AnnualPapersPage.show", pk=found.id)
        state = cells.cell(declared(AnnualPaper)["state"], found, {})
        act = Act(label=_("Open"), url=url)
    handed = found.handed_in_at if found is not None and found.state != "draft" else None
    return Row(
        id=f"{line.asked.key}-{line.year}",
        url=url,
        cells=(
            Cell(text=said(line.asked.label, language())),
            Cell(text=str(line.year)),
            Cell(text=str(line.files) if line.files else ""),
            Cell(text=format_datetime(handed, "yyyy-MM-dd") if handed else ""),
            state,
        ),
        acts=(act,),
    )


def _adding(lines: Sequence[Line]) -> Iterator[Act]:
    """A button for each paper that can be written for some year now."""
    for asked in dict.fromkeys(line.asked.key for line in lines if line.found is None):
        line = next(each for each in lines if each.asked.key == asked)
        url = url_for("AnnualPaperFormPage.new", kind=line.asked.review, paper=asked)
        label = _("Add: %(name)s", name=said(line.asked.label, language()))
        yield Act(label=label, url=url, icon="plus", look="primary")


def mine(kind: str = "") -> tuple[Asked, ...]:
    """What the acting organisation hands in, of one kind of review or of all."""
    return province().papers_of(g.actor.kind, kind) if g.actor.organization_id else ()


def titled(kind: str) -> str:
    """What the kind is called here: by its one paper, or by the kind where there are several."""
    asked = mine(kind)
    return said(asked[0].label if len(asked) == 1 else KINDS[kind].label, language())


def _sheet(found: AnnualPaper) -> Sheet:
    review = annual_papers.review_of(db(), found)
    seen = differences.seen(db(), review, found, language()) if review is not None else []
    return Sheet(
        title=found.title,
        status=cells.cell(declared(AnnualPaper)["state"], found, {}),
        trail=((titled(found.kind), url_for("AnnualPapersPage.papers", kind=found.kind)),),
        acts=tuple(_acts(found, review)),
        sections=(Section(facts=_facts(seen)),),
        files=sheets.attached(db(), found),
        files_label=_("Files"),
        events=course(histories.history(db(), review)) if review is not None else (),
    )


def _facts(seen: Sequence[differences.Fact]) -> tuple[Fact, ...]:
    return tuple(
        Fact(label=each.label, cell=Cell(text=each.text), wide="\n" in each.text or len(each.text) > WIDE)
        for each in seen
        if each.text
    )


WIDE = 40
"""Characters from which on an answer stands across the page."""


def _acts(found: AnnualPaper, review: Any) -> Iterator[Act]:
    edit = url_for("AnnualPaperFormPage.edit", pk=found.id)
    match found.state:
        case "rejected":
            yield Act(label=_("Correct and send again"), url=edit, icon="edit", look="primary")
        case "withdrawn":
            yield Act(label=_("Go on writing"), url=edit, icon="edit", look="primary")
        case "submitted":
            yield Act(label=_("Change"), url=edit, icon="edit")
            place = url_for("AnnualPapersPage.withdraw", pk=found.id, version=review.version)
            confirm = _("Withdraw it? It will not be decided then.")
            yield Act(label=_("Withdraw"), url=place, icon="back", method="post", confirm=confirm)
