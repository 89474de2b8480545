"""Annual papers of the own organisation: what is due, writing it, handing it in (CEI-01, CEI-02, ANN-01)."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
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
from app.services import annual_papers, differences, histories, lists, marking
from app.services.annual_papers import Line
from app.services.errors import Faulty, Refused
from app.services.values import declared
from app.services.wording import said
from app.views import cells, paper_form, sheets
from app.views.access import allowed, may_open
from app.views.course import course
from app.views.database import db
from app.views.messages import sentence
from app.views.page import MenuEntry, Page
from app.views.paper_form import PaperForm
from app.views.parts import Act, Cell, Fact, Listing, Paper, Row, Section, Sheet
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
        for position, kind in enumerate(dict.fromkeys(each.review for each in _mine())):
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
        if not _mine(kind):
            abort(404)
        lines = annual_papers.lines(db(), kind)
        listing = Listing(
            title=_title(kind),
            columns=HEADS,
            rows=tuple(row(line) for line in lines),
            found=str(len(lines)),
            acts=tuple(_adding(lines)),
            empty=_("Nothing is to be handed in."),
        )
        return render_template("layout/list.html", listing=listing)

    @allowed("annual_paper.create")
    @expose(f"/<{KIND}:kind>/new", methods=["GET", "POST"])
    def new(self, kind: str) -> Response | str | tuple[str, int]:
        """A paper for a year that has none yet; what stood in the last one is offered again."""
        mine = _mine(kind)
        named = request.args.get("paper", mine[0].key if mine else "")
        asked = next((each for each in mine if each.key == named), None)
        if asked is None:
            abort(404)
        form = _new_form(asked)
        if form.validate_on_submit():
            year = lists.id_of(form["year"].data) or 0
            send = request.form.get("action") != "draft"
            try:
                made = annual_papers.begin(db(), asked.key, year, form.said, hand_in=send)
            except (Faulty, Refused) as wrong:
                _refused(form, wrong)
                if (kept := _draft(asked, year, form, wrong)) is not None:
                    return redirect(url_for("AnnualPapersPage.edit", pk=kept.id, missing=1))
            else:
                return _done(made, sent=send)
        return _page(asked, form)

    @allowed("annual_paper.create")
    @expose("/<pk>/edit", methods=["GET", "POST"])
    def edit(self, pk: str) -> Response | str | tuple[str, int]:
        """Go on with a draft, correct what came back, or change what waits."""
        found = own(pk)
        if found.state == "approved":
            return redirect(url_for("AnnualPapersPage.show", pk=found.id))
        asked, review = annual_papers.asked_for(found), annual_papers.review_of(db(), found)
        form = _form_of(found, asked, review)
        if form.validate_on_submit():
            send = request.form.get("action") != "draft"
            version = lists.id_of(form.version.data) or 0
            try:
                if send:
                    annual_papers.hand_in(db(), found.id, version, form.said)
                else:
                    annual_papers.save(db(), found.id, form.said)
            except (Faulty, Refused) as wrong:
                db().rollback()
                _refused(form, wrong)
            else:
                return _done(found, sent=send)
        return _page(asked, form, found)

    @allowed("annual_paper.create")
    @expose("/<pk>")
    def show(self, pk: str) -> Response | str:
        """One paper: what it says, its files, how far it is, and what one may do with it."""
        found = own(pk)
        if found.state == "draft":
            return redirect(url_for("AnnualPapersPage.edit", pk=found.id))
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
        url, state = url_for("AnnualPapersPage.new", **place), Cell(text=_("Not handed in yet"), tone="calm")
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
        url = url_for("AnnualPapersPage.new", kind=line.asked.review, paper=asked)
        label = _("Add: %(name)s", name=said(line.asked.label, language()))
        yield Act(label=label, url=url, icon="plus", look="primary")


def _mine(kind: str = "") -> tuple[Asked, ...]:
    return province().papers_of(g.actor.kind, kind) if g.actor.organization_id else ()


def _title(kind: str) -> str:
    """What the kind is called here: by its one paper, or by the kind where there are several."""
    asked = _mine(kind)
    return said(asked[0].label if len(asked) == 1 else KINDS[kind].label, language())


def _new_form(asked: Asked) -> Any:
    years = annual_papers.years_of(asked)
    year = lists.id_of(request.args.get("year"))
    year = year if year in years else years[0]
    held = {f"{paper_form.ANSWER}{key}": told for key, told in _held(asked, year).items()}
    return paper_form.form_for(asked, new=True)(data={"year": str(year), **held})


def _held(asked: Asked, year: int) -> Any:
    return annual_papers.prefilled(db(), asked, year) if request.method == "GET" else {}


def _form_of(found: AnnualPaper, asked: Asked, review: Any) -> Any:
    kept = annual_papers.sorted_files(db(), found, asked)
    held = {f"{paper_form.ANSWER}{key}": told for key, told in found.values.items()}
    form = paper_form.form_for(asked, kept, new=False)(
        data={**held, "version": review.version if review is not None else 0}
    )
    if request.method == "GET" and found.state == "rejected" and review is not None:
        form.mark(marking.last(db(), review, found))
    if request.method == "GET" and request.args.get("missing"):
        form.form_errors = [_("It is kept as a draft. Complete what is missing, then hand it in.")]
    return form


def _draft(asked: Asked, year: int, form: PaperForm, wrong: Exception) -> AnnualPaper | None:
    """Keep a refused form that came with files as a draft, so that nobody looks for the files twice."""
    problems = wrong.problems if isinstance(wrong, Faulty) else {"year": []}
    if not form.sent_files or any(key == "year" or key.startswith(annual_papers.FILE) for key in problems):
        return None
    with suppress(Faulty, Refused):
        return annual_papers.begin(db(), asked.key, year, form.said, hand_in=False)
    return None


def _refused(form: PaperForm, wrong: Exception) -> None:
    if isinstance(wrong, Faulty):
        form.refuse(wrong)
    else:
        form.form_errors = [*form.form_errors, sentence(wrong)]


def _done(found: AnnualPaper, *, sent: bool) -> Response:
    if sent:
        flash(_("Handed in. You will be told what was decided."), "success")
        return redirect(url_for("AnnualPapersPage.show", pk=found.id))
    flash(_("The draft is kept. It is not handed in yet."), "success")
    return redirect(url_for("AnnualPapersPage.papers", kind=found.kind))


def _page(asked: Asked, form: PaperForm, found: AnnualPaper | None = None) -> str | tuple[str, int]:
    label = said(asked.label, language())
    listed = url_for("AnnualPapersPage.papers", kind=asked.review)
    fresh = found is None or found.state in {"draft", "withdrawn"}
    page = render_template(
        "pages/annual_paper.html",
        paper=Paper(
            title=label if found is None else f"{found.year} {label}",
            form=form,
            sections=paper_form.sections(form),
            submit=_("Hand in") if fresh else _("Hand in again"),
            second=Act(label=_("Keep as a draft"), name="draft") if fresh else None,
            cancel_url=listed if found is None else url_for("AnnualPapersPage.show", pk=found.id),
            trail=((_title(asked.review), listed),),
            intro=_("It waits for a decision. Changed, it waits anew.")
            if found is not None and found.state == "submitted"
            else "",
            files=True,
        ),
        attached=sheets.attached(db(), found) if found is not None else (),
        found=found,
    )
    wrong = request.method == "POST" and (form.errors or form.form_errors)
    return (page, REFUSED) if wrong else page


def _sheet(found: AnnualPaper) -> Sheet:
    review = annual_papers.review_of(db(), found)
    seen = differences.seen(db(), review, found, language()) if review is not None else []
    return Sheet(
        title=found.title,
        status=cells.cell(declared(AnnualPaper)["state"], found, {}),
        trail=((_title(found.kind), url_for("AnnualPapersPage.papers", kind=found.kind)),),
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
    edit = url_for("AnnualPapersPage.edit", pk=found.id)
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
