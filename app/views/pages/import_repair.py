"""Pages on which a workbook is made to fit: columns, unknown words, wrong rows, and what it would change."""

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.declare.words import language
from app.models.import_batch import ImportBatch
from app.security.scope import model_of
from app.services import reviewed_fields
from app.services.errors import Faulty, Stale
from app.services.imports import alter, batches, corrections, layouts, recheck, spelling, vocabulary
from app.services.imports.batches import CHECKED, MAPPING, UNDER_WAY
from app.services.imports.books import book_of
from app.services.reading import natural
from app.views import import_repair, importing
from app.views.access import allowed
from app.views.database import db
from app.views.importing import around, found
from app.views.messages import sentence
from app.views.page import Page

BATCHES = tuple(f"{noun}.import" for noun in importing.SHOWN)

REFUSED = 422
MOST_CHANGES = 25
"""Changed records of one page."""

LAST = 10_000_000
"""No workbook has as many rows."""


class ImportRepairPage(Page):
    """One import, between its file and its being let in."""

    route_base = "/import"
    default_view = "columns"
    noun = "import_batch"

    @allowed(*BATCHES)
    @expose("/<noun>/<uuid:uid>/columns", methods=["GET", "POST"])
    def columns(self, noun: str, uid: UUID) -> Response | tuple[str, int]:
        """What each column of a strange workbook is; the organisation remembers it."""
        batch = found(noun, uid)
        batches.require_own(db(), batch)
        if batch.state != MAPPING:
            return redirect(url_for("ImportPage.show", noun=noun, uid=uid))
        row, wrong = natural(request.values.get("row"), LAST), {}
        if request.method == "POST":
            try:
                layouts.name(db(), batch, row or 0, import_repair.named(request.form))
            except Faulty as faulty:
                db().rollback()
                wrong = {
                    key: " ".join(sentence(each) for each in some) for key, some in faulty.problems.items()
                }
            except Stale as stale:
                flash(sentence(stale), "warning")
                return redirect(url_for("ImportPage.show", noun=noun, uid=uid))
            else:
                return redirect(url_for("ImportPage.show", noun=noun, uid=uid))
        words = vocabulary.remembered(db(), batch)
        asked = import_repair.columns(batch, words, row, request.form, wrong)
        page = render_template(
            "pages/import_columns.html", batch=batch, asked=asked, wrong=wrong, **around(noun, 1)
        )
        return page, REFUSED if wrong else 200

    @allowed(*BATCHES)
    @expose("/<noun>/<uuid:uid>/words", methods=["GET", "POST"])
    def words(self, noun: str, uid: UUID) -> Response | str:
        """What unknown words of choices stand for, each once for all rows."""
        batch = _correctable(noun, uid)
        if request.method == "POST":
            try:
                explained = spelling.explain(db(), batch, import_repair.meanings(request.form))
            except Stale as stale:
                flash(sentence(stale), "warning")
            else:
                told = ngettext("%(num)d word is known now.", "%(num)d words are known now.", explained)
                flash(told, "success" if explained else "info")
            return redirect(url_for("ImportPage.show", noun=noun, uid=uid))
        unknown = spelling.unknown(db(), batch, language())
        if not unknown:
            return redirect(url_for("ImportPage.show", noun=noun, uid=uid))
        return render_template(
            "pages/import_words.html", batch=batch, unknown=unknown, blank=spelling.BLANK, **around(noun, 1)
        )

    @allowed(*BATCHES)
    @expose("/<noun>/<uuid:uid>/rows", methods=["GET", "POST"])
    def rows(self, noun: str, uid: UUID) -> Response | str:
        """Wrong rows with their cells to be corrected, some at a time; checked again when they are saved."""
        batch = _correctable(noun, uid)
        after = natural(request.values.get("after"), LAST)
        if request.method == "POST":
            before = batch.bad
            try:
                corrections.correct(db(), batch, *import_repair.typed(request.form))
            except Stale as stale:
                flash(sentence(stale), "warning")
                return redirect(url_for("ImportPage.show", noun=noun, uid=uid))
            _tell(batch, before)
            if batch.state in UNDER_WAY or not batch.bad:
                return redirect(url_for("ImportPage.show", noun=noun, uid=uid))
            return redirect(url_for("ImportRepairPage.rows", noun=noun, uid=uid, after=after, again=1))
        wrong, more = corrections.wrong_rows(db(), batch, language(), -1 if after is None else after)
        if not wrong and after is not None:
            return redirect(url_for("ImportRepairPage.rows", noun=noun, uid=uid))
        if not wrong:
            return redirect(url_for("ImportPage.show", noun=noun, uid=uid))
        return render_template(
            "pages/import_rows.html",
            batch=batch,
            rows=wrong,
            after=after,
            more=wrong[-1].number if more else None,
            again="again" in request.args,
            blank=corrections.BLANK,
            **around(noun, 1),
        )

    @allowed(*BATCHES)
    @expose("/<noun>/<uuid:uid>/changes")
    def changes(self, noun: str, uid: UUID) -> Response | str:
        """What the workbook would change, record by record: before and after."""
        batch = _correctable(noun, uid)
        if batch.about or not batch.changed:
            return redirect(url_for("ImportPage.show", noun=noun, uid=uid))
        after = natural(request.args.get("after"), LAST)
        listed = alter.altered(db(), batch, model_of(noun), -1 if after is None else after, MOST_CHANGES + 1)
        known = book_of(batch).columns_at(db(), batch.organization_id)
        shown = [
            import_repair.difference(each, reviewed_fields.kinds(db(), each.record, each.columns), known)
            for each in listed[:MOST_CHANGES]
        ]
        return render_template(
            "pages/import_changes.html",
            batch=batch,
            shown=shown,
            after=after,
            more=shown[-1].number if len(listed) > MOST_CHANGES else None,
            **around(noun, 1),
        )

    @allowed(*BATCHES)
    @expose("/<noun>/<uuid:uid>/rest", methods=["POST"])
    def rest(self, noun: str, uid: UUID) -> Response:
        """The wrong rows of an import that is done, to be corrected here and let in after it."""
        batch = found(noun, uid)
        try:
            batch = corrections.remainder(db(), batch)
        except Stale as stale:
            flash(sentence(stale), "warning")
            return redirect(url_for("ImportPage.show", noun=noun, uid=uid))
        return redirect(url_for("ImportRepairPage.rows", noun=noun, uid=batch.uid))


def _correctable(noun: str, uid: UUID) -> ImportBatch:
    """An import of one's own that waits to be let in; any other leads to its page."""
    batch = found(noun, uid)
    batches.require_own(db(), batch)
    if batch.state != CHECKED:
        abort(redirect(url_for("ImportPage.show", noun=noun, uid=uid)))
    recheck.require_correctable(db(), batch)
    return batch


def _tell(batch: ImportBatch, before: int) -> None:
    if batch.state in UNDER_WAY:
        return
    righted: Any = before - batch.bad
    if righted > 0:
        told = ngettext("%(num)d row is not wrong any more.", "%(num)d rows are not wrong any more.", righted)
        flash(told, "success")
    else:
        flash(_("The rows are still wrong: see what is said of each."), "warning")
