"""Workbooks of any noun that can be imported: template and file, trial run, import, in three steps."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import IO, Any
from uuid import UUID

from flask import (
    abort,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.database import clock
from app.declare.words import language
from app.models.import_batch import ImportBatch
from app.security.scope import model_of
from app.services.errors import NotEligible, NotFound, Refused, Stale
from app.services.imports import batches, books, failed, undoing
from app.services.imports.batches import CHECKED, DONE, MAPPING, UNDER_WAY
from app.services.todo import Todo
from app.views import cells, importing
from app.views.access import allowed
from app.views.database import db
from app.views.downloads import WORKBOOK
from app.views.importing import NOUNS, SHOWN, around, found
from app.views.messages import sentence
from app.views.page import MenuEntry, Page
from app.views.sending import SendForm

IMPORTS = tuple(f"{noun}.import" for noun in NOUNS)
BATCHES = tuple(f"{noun}.import" for noun in SHOWN)

CONFLICT = 409


class ImportPage(Page):
    """The import of a noun; which columns it has, its declaration says."""

    route_base = "/import"
    default_view = "start"
    noun = "import_batch"

    def entries(self, _lines: Sequence[Todo]) -> Iterable[MenuEntry]:
        """One line for each noun that the acting role imports, beside its list."""
        for noun, model in NOUNS.items():
            if g.actor.may(f"{noun}.import"):
                yield MenuEntry(
                    label=_("Import: %(label)s", label=cells.worded(model.screen.label)),
                    endpoint="ImportPage.start",
                    values={"noun": noun},
                    menu=model.screen.menu,
                    icon="upload",
                    position=model.screen.position + 1,
                )

    @allowed(*IMPORTS)
    @expose("/<noun>/", methods=["GET", "POST"])
    def start(self, noun: str) -> Response | tuple[str, int]:
        """First step: the template, and the file that somebody filled in."""
        model, form, status = _model(noun), SendForm(), 200
        if form.validate_on_submit():
            try:
                batch = _received(model, form)
            except Refused as refused:
                form.file.errors = [sentence(refused)]
            else:
                return redirect(url_for("ImportPage.show", noun=noun, uid=batch.uid))
        if form.errors:
            status = 422
        return (
            render_template("pages/import.html", form=form, lines=importing.latest(noun), **around(noun, 0)),
            status,
        )

    @allowed(*IMPORTS)
    @expose("/<noun>/template")
    def template(self, noun: str) -> Response:
        """The empty workbook, in the reader's language."""
        content = books.template(db(), books.ModelBook(_model(noun)), language())
        return _workbook(BytesIO(content), noun, _("template"))

    @allowed(*BATCHES)
    @expose("/<noun>/<uuid:uid>")
    def show(self, noun: str, uid: UUID) -> Response | str:
        """One import as it stands: under way, to be decided, done, or refused."""
        batch = found(noun, uid)
        if batch.state == MAPPING and batch.organization_id == g.actor.organization_id:
            return redirect(url_for("ImportRepairPage.columns", noun=noun, uid=uid))
        return self._batch(batch)

    @allowed(*BATCHES)
    @expose("/<noun>/<uuid:uid>/progress")
    def progress(self, noun: str, uid: UUID) -> Response:
        """How far the job is, for the page that waits for it."""
        batch = found(noun, uid)
        return jsonify(
            done=batch.progress,
            total=100,
            text=importing.under_way(batch),
            finished=batch.state not in UNDER_WAY,
            next=url_for("ImportPage.show", noun=noun, uid=uid),
        )

    @allowed(*BATCHES)
    @expose("/<noun>/<uuid:uid>/begin", methods=["POST"])
    def begin(self, noun: str, uid: UUID) -> Response | tuple[str, int]:
        """Let the rows in, as chosen; a job does it."""
        batch = found(noun, uid)
        try:
            adds_only = request.form.get("known") == "leave"
            batches.begin(db(), batch, request.form.get("mode", ""), adds_only=adds_only)
        except Stale as stale:
            flash(sentence(stale), "warning")
        except NotEligible as refused:
            return self._batch(batch, wrong=sentence(refused)), CONFLICT
        return redirect(url_for("ImportPage.show", noun=noun, uid=uid))

    @allowed(*BATCHES)
    @expose("/<noun>/<uuid:uid>/failed", methods=["POST"])
    def failed(self, noun: str, uid: UUID) -> Response:
        """The rows that are wrong, as a workbook to be mended and sent again; it is recorded."""
        batch = found(noun, uid)
        return _workbook(failed.failed_book(db(), batch, language()), noun, _("failed rows"))

    def _batch(self, batch: ImportBatch, wrong: str = "") -> str:
        spoken = language()
        bad = batch.bad and batch.state in {CHECKED, DONE}
        table = importing.table(batch, spoken) if bad else None
        mistakes = failed.overview(db(), batch, spoken) if bad else ()
        own = batch.organization_id == g.actor.organization_id
        return render_template(
            "pages/import_batch.html",
            batch=batch,
            state=importing.state(batch),
            own=own,
            under_way=batch.state in UNDER_WAY,
            text=importing.under_way(batch),
            why=batches.why(batch, spoken),
            wrong=wrong,
            mistakes=mistakes,
            fruitless=importing.fruitless(batch),
            strange=importing.strange(batch, mistakes),
            read=importing.read(batch, spoken),
            undoable=own and undoing.offered(batch),
            table=table if table and table["rows"] else None,
            forgotten=table is not None and not table["rows"],
            start_url=importing.start_url(batch),
            **around(batch.noun, importing.AT[batch.state]),
        )


def _model(noun: str) -> Any:
    """The model of a noun that the actor imports; others are not found, or refused."""
    if noun not in NOUNS:
        raise NotFound
    if not g.actor.may(f"{noun}.import"):
        abort(403)
    return model_of(noun)


def _received(model: Any, form: SendForm) -> ImportBatch:
    sent, most = form.file.data, current_app.config["SETTINGS"].workbook_megabytes
    return batches.receive(
        db(),
        model,
        sent.stream,
        sent.filename or "",
        most_megabytes=most,
        locale=language(),
        ask=bool(form.ask.data),
    )


def _workbook(stream: IO[bytes], noun: str, what: str) -> Response:
    name = f"{cells.worded(SHOWN[noun].screen.label)}-{what}-{clock.today():%Y%m%d}.xlsx"
    return send_file(stream, mimetype=WORKBOOK, as_attachment=True, download_name=name, etag=False)
