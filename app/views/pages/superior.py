"""更换上级部门: an organisation asks for another superior, sees who has to agree, may take it back."""

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from app.declare.words import language
from app.models.organization import Organization
from app.models.parent_change import ParentChange
from app.services import called, chains, differences, histories, lists, parent_changes, reviews
from app.services.errors import Faulty, Refused
from app.services.values import declared
from app.views import cells, sheets
from app.views.access import allowed
from app.views.course import course
from app.views.database import db
from app.views.forms import Starred, refuse
from app.views.messages import sentence
from app.views.page import Page
from app.views.parts import Act, Cell, Fact, Paper, Section, Sheet
from app.views.public_pickers import PublicPicker
from app.views.registering import uploads

REFUSED = 422


class SuperiorPage(Page):
    """What the page of one's own organisation leads to."""

    route_base = "/superior"
    default_view = "change"
    noun = "parent_change"
    acts_for = "organization"

    def acts_on(self, row: Any) -> Iterable[Act]:
        """The button on the page of one's own organisation, where the province has such a review."""
        if (
            row.id == g.actor.organization_id
            and g.actor.may("parent_change.create")
            and parent_changes.offered()
        ):
            yield Act(label=_("Change superior"), url=url_for("SuperiorPage.change"), icon="swap")

    @allowed("parent_change.create")
    @expose("/", methods=["GET", "POST"])
    def change(self) -> Response | str | tuple[str, int]:
        """What waits for a decision; or the form, with what was decided before."""
        if not parent_changes.offered():
            abort(404)
        change = parent_changes.open_change(db())
        if change is not None:
            return render_template("pages/superior_asked.html", sheet=_sheet(change))
        form = _form()
        if form.validate_on_submit():
            try:
                parent_changes.ask(db(), form.data, uploads(form))
            except Faulty as faulty:
                refuse(form, faulty)
            except Refused as refused:
                form.form_errors.append(sentence(refused))
            else:
                flash(_("Sent. You will be told what was decided."), "success")
                return redirect(url_for("SuperiorPage.change"))
        page = self._paper(form)
        return (page, REFUSED) if form.errors or form.form_errors else page

    @allowed("parent_change.create")
    @expose("/withdraw", methods=["POST"])
    def withdraw(self) -> Response:
        """Take back what nobody has finished deciding."""
        change = parent_changes.open_change(db())
        if change is None:
            flash(_("Nothing waits for a decision any more."), "warning")
            return redirect(url_for("SuperiorPage.change"))
        review = parent_changes.review_of(db(), change)
        reviews.withdraw(db(), review.id, lists.id_of(request.form.get("version")) or review.version)
        flash(_("It is withdrawn."), "success")
        return redirect(url_for("SuperiorPage.change"))

    def _paper(self, form: FlaskForm) -> str:
        own = lists.one(db(), Organization, g.actor.organization_id)
        if own is None:
            abort(404)
        place = url_for("OrganizationScreen.show", pk=own.id)
        paper = Paper(
            title=_("Change superior"),
            form=form,
            sections=((None, ("to_id", "reason", "evidence")),),
            submit=_("Send"),
            cancel_url=place,
            trail=((own.name, place),),
            files=True,
        )
        steps = [step["label"][language()] for step in chains.steps_of("parent_change", own.kind)]
        earlier = [(each, _state(each)) for each in parent_changes.changes(db())]
        ids = {each.to_id for each, _cell in earlier} | {each.from_id for each, _cell in earlier}
        names = called.names(db(), {"organization": {own.parent_id, *ids}})
        return render_template(
            "pages/superior.html",
            paper=paper,
            steps=steps,
            earlier=earlier,
            superior=names.get(("organization", own.parent_id or 0), ""),
            names=names,
            below=parent_changes.below(db(), own),
        )


def _form() -> Any:
    fields = {
        "to_id": PublicPicker(
            _l("New superior"),
            [Starred()],
            source="organizations",
            kind=g.actor.kind,
            url=url_for("DirectoryPage.find", source="organizations", kind=g.actor.kind),
        ),
        "reason": TextAreaField(_l("Reason"), [Starred()], render_kw={"maxlength": parent_changes.REASON}),
        "evidence": MultipleFileField(
            _l("Proof"),
            description=_l("For example the document that orders it: PDF, JPG or PNG."),
            render_kw={"accept": ".pdf,image/jpeg,image/png"},
        ),
    }
    return type("SuperiorForm", (FlaskForm,), fields)()


def _state(change: ParentChange) -> Cell:
    return cells.cell(declared(ParentChange)["state"], change, {})


def _sheet(change: ParentChange) -> Sheet:
    review = parent_changes.review_of(db(), change)
    facts = tuple(
        Fact(label=fact.label, cell=Cell(text=fact.text), wide="\n" in fact.text or fact.key == "reason")
        for fact in differences.seen(db(), review, change, language())
    )
    sent = Fact(label=_("Submitted"), cell=Cell(text=format_date(review.submitted_at, "yyyy-MM-dd")))
    place = url_for("OrganizationScreen.show", pk=change.organization_id)
    named = called.names(db(), {"organization": {change.organization_id}})
    return Sheet(
        title=_("Change superior"),
        status=_state(change),
        trail=((named["organization", change.organization_id], place),),
        acts=(
            Act(
                label=_("Withdraw"),
                url=url_for("SuperiorPage.withdraw"),
                method="post",
                confirm=_("Withdraw it? You can ask again at any time."),
            ),
        ),
        sections=(Section(facts=(*facts, sent)),),
        events=course(histories.history(db(), review)),
        files=sheets.attached(db(), change),
    )
