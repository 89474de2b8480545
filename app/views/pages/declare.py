"""Declaring hours: choose the subject and how one learned, fill in what that asks, add the proof, send it."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.database import SHANGHAI, clock
from app.declare.province import province
from app.declare.words import language
from app.models.hour_record import HourRecord
from app.services import hours, lists, opened, progress
from app.services.declarations import DECLARER
from app.services.errors import Faulty, Refused
from app.services.hours import Repeated
from app.services.wording import said
from app.views import declaring, sheets
from app.views.access import allowed
from app.views.database import db
from app.views.declaring import DeclarationForm
from app.views.messages import sentence
from app.views.page import MenuEntry, Page
from app.views.pages.hour_record import own

REFUSED, CONFLICT = 422, 409
"""The status of a form that came whole and was refused, and of one about something that has changed."""

OPEN = ("draft", "returned")
"""The states in which one may still write a declaration."""


@dataclass(slots=True)
class Desk:
    """What lies before somebody who declares.

    `record` is where it is kept, if anywhere yet; `twins` are declarations that look the same; `kept` says
    that files of a refused form were kept with a draft, `lost` that they could not be.
    """

    form: DeclarationForm
    me: int
    record: HourRecord | None = None
    twins: tuple[HourRecord, ...] = ()
    kept: bool = False
    lost: bool = False
    status: int = 200

    @property
    def record_id(self) -> int | None:
        """The key of the record, for asking about all others."""
        return self.record.id if self.record is not None else None

    @property
    def returned(self) -> bool:
        """Whether it was rejected and is being corrected."""
        return self.record is not None and self.record.state == "returned"


class DeclarePage(Page):
    """A declaration of the acting professional: a new one, a draft to go on with, one to be corrected."""

    route_base = "/my/hours"
    default_view = "declare"
    noun = "hour_record"
    menu = (MenuEntry(label=_l("Declare hours"), endpoint="DeclarePage.declare", icon="plus", position=20),)

    @allowed("hour_record.create")
    @expose("/declare", methods=["GET", "POST"])
    def declare(self) -> Response | tuple[str, int]:
        """A new declaration: first the choice of subject and form, then what that form asks (HDC-02)."""
        me, form = _me(), _form(copied=_copied())
        if form.learning is None and request.method == "GET":
            chosen = {"subjects": _choices(), "year": form.year.data, "open": bool(form.year.choices)}
            return render_template("pages/declare_choice.html", last=hours.last(db(), me), **chosen), 200
        return _at(Desk(form, me))

    @allowed("hour_record.update")
    @expose("/<pk>/edit", methods=["GET", "POST"])
    def edit(self, pk: str) -> Response | tuple[str, int]:
        """Go on with a draft, or correct what was rejected."""
        record = own(pk)
        if record.state not in OPEN:
            flash(_("This declaration has been sent already."), "info")
            return redirect(url_for("HourRecordPage.show", pk=record.id))
        return _at(Desk(_form(record), _me(), record))

    @allowed("hour_record.create")
    @expose("/keep", methods=["POST"])
    def keep(self) -> Response | tuple[Response, int]:
        """Keep what is filled in as a draft while one types; files wait until the form itself is sent."""
        besides = lists.id_of(request.args.get("besides"))
        try:
            kept = hours.draft(db(), _me(), _form().declared, draft_id=besides)
        except (Faulty, Refused):
            return jsonify(kept=False), REFUSED
        moment = clock.now().astimezone(SHANGHAI)
        return jsonify(
            action=url_for("DeclarePage.edit", pk=kept.id),
            keep=url_for("DeclarePage.keep", besides=kept.id),
            said=_("Kept as a draft at %(time)s.", time=f"{moment:%H:%M:%S}"),
        )

    @allowed("hour_record.create")
    @expose("/worth", methods=["POST"])
    def worth(self) -> str:
        """What the form that is being filled in would count: a piece of its page."""
        besides = lists.id_of(request.args.get("besides"))
        return render_template(
            "pages/declare_worth.html", worth=declaring.worth(db(), _me(), _form(), besides)
        )


def _me() -> int:
    """The acting professional; an administrator acts as one first."""
    if g.actor.person_id is None:
        abort(403)
    return int(g.actor.person_id)


def _copied() -> HourRecord | None:
    """One's own earlier declaration to begin from, where the address names one."""
    return own(request.args["copy"]) if "copy" in request.args else None


def _form(record: HourRecord | None = None, *, copied: HourRecord | None = None) -> DeclarationForm:
    """The form as it was sent or asked for; where nothing was, as the record holds it.

    What is copied is declared for the year that is open, whatever year it was.
    """
    profile = province()
    sent = request.form if request.method == "POST" else request.args
    found = record or copied
    held = declaring.held(found) if found is not None else {}
    if record is None:
        held.pop("year", None)
    asked = {key: sent.get(key) or held.get(key, "") for key in ("year", "subject", "form")}
    asked["year"] = asked["year"] or str(next(iter(opened.years(db())), ""))
    learning = profile.form(asked["form"])
    fits = learning in profile.forms_for(asked["subject"], DECLARER)
    return declaring.form_for(learning if fits else None)(data={**held, **asked})


def _choices() -> list[tuple[Any, Any]]:
    """The subjects, each with the learning forms that count to it."""
    profile = province()
    listed = [(subject, profile.forms_for(subject.key, DECLARER)) for subject in profile.subjects]
    return [(subject, forms) for subject, forms in listed if forms]


def _at(desk: Desk) -> Response | tuple[str, int]:
    """Show the form; keep or send what came with it, unless it came to have its fields fetched again."""
    if request.method == "POST" and not request.form.get("reload") and desk.form.validate():
        try:
            return redirect(url_for("MyYearPage.year", year=_taken(desk).year))
        except Faulty as wrong:
            desk.form.refuse(wrong)
            desk.status = REFUSED
            _keep_files(desk, wrong)
        except Repeated as repeated:
            if repeated.same is not None:
                flash(_("This declaration has been received already."), "info")
                return redirect(url_for("HourRecordPage.show", pk=repeated.same.id))
            desk.twins, desk.status = repeated.twins, REFUSED
            _keep_files(desk, Faulty({}))
        except Refused as refused:
            desk.form.form_errors.append(sentence(refused))
            desk.status = CONFLICT
    return _shown(desk), desk.status


def _taken(desk: Desk) -> HourRecord:
    """The record that was kept, corrected or sent."""
    form, said, uploads = desk.form, desk.form.declared, desk.form.uploads
    if desk.record is not None and desk.returned:
        version = lists.id_of(request.form.get("version")) or 0
        taken = hours.correct(db(), desk.record.id, version, said, uploads)
    elif request.form.get("action") == "draft":
        taken = hours.draft(db(), desk.me, said, uploads, draft_id=desk.record_id)
        flash(_("The draft is kept. It counts once it is sent and approved."), "success")
        return taken
    else:
        sure = bool(form.again.data)
        taken = hours.declare(db(), desk.me, said, uploads, draft_id=desk.record_id, sure=sure)
    flash(_("Sent. It counts once it is approved."), "success")
    return taken


def _keep_files(desk: Desk, wrong: Faulty) -> None:
    """Keep the files that came with a refused form as a draft, so that nobody photographs a proof twice.

    What is being corrected is no draft any more: its new files have to be chosen again.
    """
    if not desk.form.files or "evidence" in wrong.problems:
        return
    if not desk.returned:
        said, uploads = desk.form.declared, desk.form.uploads
        with suppress(Faulty, Refused):
            desk.record = hours.draft(db(), desk.me, said, uploads, draft_id=desk.record_id)
            desk.kept = True
    desk.lost = not desk.kept


def _shown(desk: Desk) -> str:
    record = desk.record
    standing = progress.of_record(db(), record) if record is not None else None
    if standing is not None and standing.objection is not None and request.method == "GET":
        desk.form.mark(standing.objection.marks)
    return render_template(
        "pages/declare.html",
        desk=desk,
        form=desk.form,
        action=url_for("DeclarePage.edit", pk=record.id)
        if record is not None
        else url_for("DeclarePage.declare"),
        attached=sheets.attached(db(), record) if record is not None else (),
        objection=standing.objection if standing is not None else None,
        version=standing.review.version if standing is not None and standing.review is not None else 0,
        worth=declaring.worth(db(), desk.me, desk.form, desk.record_id),
        left_over=_left_over(desk.form),
        forgotten=_forgotten(desk.form),
    )


def _left_over(form: DeclarationForm) -> dict[str, str]:
    """Answers to what another learning form asked: kept in the page, so that they come back with it."""
    return {
        key: text
        for key, text in request.form.items()
        if key.startswith(declaring.ANSWER) and key not in form
    }


def _forgotten(form: DeclarationForm) -> list[tuple[str, str]]:
    """What was answered and this learning form does not ask, by what it is called: it would not be sent."""
    asked = {field.key: field for each in reversed(province().forms) for field in each.fields}
    found = []
    for name, text in _left_over(form).items():
        field = asked.get(name.removeprefix(declaring.ANSWER))
        if field is not None and text.strip():
            choice = field.choice(text)
            shown = said(choice.label, language()) if choice is not None else text
            found.append((said(field.label, language()), shown))
    return found
