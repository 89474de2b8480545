"""An annual paper is written: begun, kept as a draft, handed in, corrected (CEI-01, CEI-02, ANN-01)."""

from contextlib import suppress
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.declare.annual_paper import AnnualPaper as Asked
from app.declare.words import language
from app.models.annual_paper import AnnualPaper
from app.services import annual_lines, annual_papers, lists, marking
from app.services.errors import Faulty, Refused
from app.services.wording import said
from app.views import paper_form, sheets
from app.views.access import allowed
from app.views.database import db
from app.views.messages import sentence
from app.views.page import Page
from app.views.pages.annual_papers import KIND, mine, own, titled
from app.views.paper_form import PaperForm
from app.views.parts import Act, Paper

REFUSED = 422


class AnnualPaperFormPage(Page):
    """The form of a paper, new or not."""

    route_base = "/annual"
    default_view = "new"
    noun = "annual_paper"

    @allowed("annual_paper.create")
    @expose(f"/<{KIND}:kind>/new", methods=["GET", "POST"])
    def new(self, kind: str) -> Response | str | tuple[str, int]:
        """A paper for a year that has none yet; what stood in the last one is offered again."""
        papers = mine(kind)
        named = request.args.get("paper", papers[0].key if papers else "")
        asked = next((each for each in papers if each.key == named), None)
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
                    return redirect(url_for("AnnualPaperFormPage.edit", pk=kept.id, missing=1))
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


def _new_form(asked: Asked) -> Any:
    years = annual_lines.years_of(asked)
    year = lists.id_of(request.args.get("year"))
    year = year if year in years else years[0]
    held = {f"{paper_form.ANSWER}{key}": told for key, told in _held(asked, year).items()}
    return paper_form.form_for(asked, new=True)(data={"year": str(year), **held})


def _held(asked: Asked, year: int) -> Any:
    return annual_lines.prefilled(db(), asked, year) if request.method == "GET" else {}


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
            trail=((titled(asked.review), listed),),
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
