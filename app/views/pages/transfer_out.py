"""人员调出: an administrator picks one of the own people; a professional asks for himself."""

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from werkzeug.wrappers import Response
from wtforms import DateField, TextAreaField

from app.database import clock
from app.declare.province import province
from app.declare.words import language
from app.models.person import Person
from app.models.transfer import DECLARATIONS, LONGEST
from app.services import chains, lists, transfer_choices, transfers
from app.services.errors import Faulty, Refused
from app.services.transfer_choices import Offered
from app.views.access import allowed
from app.views.database import db
from app.views.forms import Starred, refuse
from app.views.messages import sentence
from app.views.page import MenuEntry, Page
from app.views.parts import Act, Cell, Fact, Paper
from app.views.public_pickers import SoughtPicker
from app.views.registering import uploads

REFUSED = 422


class TransferOutPage(Page):
    """The form, and what its two pickers ask while one types."""

    route_base = "/transfer-out"
    default_view = "new"
    noun = "transfer"
    acts_for = "person"

    def entries(self, _lines: Any) -> Iterable[MenuEntry]:
        """Where the province has transfers: as its menu calls it, or in the professional's own workspace."""
        if not transfers.offered():
            return
        if g.actor.person_id:
            label = _l("Change of employer")
            yield MenuEntry(label=label, endpoint="TransferOutPage.new", icon="swap", position=35)
        else:
            yield MenuEntry(
                label=_l("Transfer a person out"),
                endpoint="TransferOutPage.new",
                menu="account",
                icon="swap",
                position=27,
                function="transfer_out",
            )

    def acts_on(self, row: Any) -> Iterable[Act]:
        """The button on the record of one of the organisation's own professionals."""
        here = row.organization_id == g.actor.organization_id and row.state == "active"
        if here and g.actor.may("transfer.create") and transfers.offered():
            url = url_for("TransferOutPage.new", person_id=row.id)
            yield Act(label=_("Transfer out"), url=url, icon="swap")

    @allowed("transfer.create")
    @expose("/", methods=["GET", "POST"])
    def new(self) -> Response | str | tuple[str, int]:
        """The form; who has asked for himself already is led to it."""
        if not transfers.offered():
            abort(404)
        if g.actor.person_id and (waits := transfers.open_one(db(), g.actor.person_id)) is not None:
            return redirect(url_for("TransferPage.show", pk=waits.id))
        form = _form()
        if form.is_submitted() and request.form.get("reload") != "1" and form.validate():
            try:
                made = transfers.start(db(), form.data, uploads(form))
            except Faulty as faulty:
                refuse(form, faulty)
            except Refused as refused:
                form.form_errors.append(sentence(refused))
            else:
                flash(_("Sent. You will be told what was decided."), "success")
                return redirect(url_for("TransferPage.show", pk=made.id))
        page = self._paper(form)
        return (page, REFUSED) if form.errors or form.form_errors else page

    @allowed("transfer.create")
    @expose("/people")
    def people(self) -> Response:
        """One's own professionals, as {"results": [{"value", "text", "hint"}]}."""
        return _results(transfer_choices.people(db(), _typed()))

    @allowed("transfer.create")
    @expose("/targets")
    def targets(self) -> Response:
        """Organisations by name, former name or code, in the same way."""
        return _results(transfer_choices.targets(db(), _typed(), language()))

    def _paper(self, form: Any) -> str:
        own = bool(g.actor.person_id)
        person = lists.one(db(), Person, g.actor.person_id if own else form.person_id.data)
        settings = province().transfers
        known = transfers.known(db(), person) if person is not None else None
        if not own:
            (form.to_id if person is not None else form.person_id).render_kw["autofocus"] = True
        return render_template(
            "pages/transfer_out.html",
            paper=Paper(
                title=_("Change of employer") if own else _("Transfer a person out"),
                form=form,
                sections=(("", ("to_id", "leaves_on", "reason", "evidence")),),
                submit=_("Send"),
                files=True,
            ),
            own=own,
            facts=_facts(person, known) if person is not None and known is not None else (),
            steps=[step["label"][language()] for step in chains.steps_of("transfer")],
            declarations=DECLARATIONS[settings.open_declarations] if settings else "",
            earlier=transfers.own(db()) if own else (),
            names=transfer_choices.called(db(), [each.to_id for each in transfers.own(db())]) if own else {},
        )


def _facts(person: Person, known: dict[str, Any]) -> tuple[Fact, ...]:
    """What fills in by itself once a person was chosen."""
    place = transfer_choices.called(db(), [person.organization_id])[person.organization_id]
    said = (
        (_("Full name"), known["name"]),
        (_("ID number"), known["masked_number"]),
        (_("Professional title"), known["title"]),
        (_("Goes from"), place),
        (_("Hours of this year"), f"{known['year_hours'].normalize():f}"),
        (_("Certificates"), str(known["certificates"])),
        (_("Declarations under review"), str(known["unfinished"])),
    )
    return tuple(Fact(label=label, cell=Cell(text=text)) for label, text in said)


def _form() -> Any:
    fields: dict[str, Any] = {
        "to_id": SoughtPicker(
            _l("Goes to"),
            [Starred()],
            description=_l("By name, former name or credit code: a unit, a department or an institution."),
            find=lambda words: transfer_choices.targets(db(), words, language()),
            names=lambda ids: transfer_choices.called(db(), ids),
            url=url_for("TransferOutPage.targets"),
        ),
        "leaves_on": DateField(_l("Day of the transfer"), [Starred()]),
        "reason": TextAreaField(_l("Reason"), [Starred()], render_kw={"maxlength": LONGEST, "rows": 3}),
        "evidence": MultipleFileField(
            _l("Proof"),
            description=_l("For example the order of transfer: PDF, JPG or PNG. May be left out."),
            render_kw={"accept": ".pdf,image/jpeg,image/png"},
        ),
    }
    if not g.actor.person_id:
        fields["person_id"] = SoughtPicker(
            _l("Professional"),
            [Starred()],
            description=_l("By name, ID number or its last four characters."),
            find=lambda words: transfer_choices.people(db(), words),
            names=lambda ids: transfer_choices.named(db(), ids),
            url=url_for("TransferOutPage.people"),
            render_kw={"data-reload": True},
        )
    made: Any = type("TransferForm", (FlaskForm,), fields)
    return made(data={"person_id": request.args.get("person_id", ""), "leaves_on": clock.today()})


def _typed() -> str:
    return request.args.get("q", "")[:100]


def _results(found: Iterable[Offered]) -> Response:
    return jsonify(results=[{"value": str(each.id), "text": each.text, "hint": each.hint} for each in found])
