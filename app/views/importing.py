"""What an import says of itself: its step, its state, its wrong rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort, g, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.declare.natural_key import importable
from app.models.hour_record import HourRecord
from app.models.import_batch import ImportBatch
from app.security.scope import scoped
from app.services.errors import NotFound
from app.services.imports import batches, failed, sheet
from app.services.imports.batches import (
    APPLYING,
    CHECKED,
    DONE,
    EXPIRED,
    FAILED,
    MAPPING,
    READING,
    REFUSED,
    UNDOING,
    UNDONE,
)
from app.services.imports.books import book_of
from app.services.imports.failed import Mistakes
from app.services.wording import said
from app.views import cells
from app.views.database import db
from app.views.parts import Cell, Column, Row

NOUNS = {model.__tablename__: model for model in scoped() if importable(model)}
"""What is imported from a page of its own."""

SHOWN = NOUNS | {HourRecord.__tablename__: HourRecord}
"""What imports there are: hours are sent from the declaration that holds their proof."""

WAY = (_l("Template and file"), _l("Trial run"), _l("Import"))
"""The steps of every import."""
AT = {
    **dict.fromkeys((READING, MAPPING, CHECKED, REFUSED, EXPIRED), 1),
    **dict.fromkeys((APPLYING, DONE, FAILED, UNDOING, UNDONE), 2),
}

STATES = {
    READING: (_l("Being read"), "info"),
    CHECKED: (_l("To be imported"), "wait"),
    REFUSED: (_l("Refused"), "bad"),
    APPLYING: (_l("Being imported"), "info"),
    DONE: (_l("Imported"), "ok"),
    FAILED: (_l("Failed"), "bad"),
    EXPIRED: (_l("Expired"), "bad"),
    MAPPING: (_l("Columns to be named"), "wait"),
    UNDOING: (_l("Being taken back"), "info"),
    UNDONE: (_l("Taken back"), "calm"),
}


def start_url(batch: ImportBatch) -> str:
    """Where a workbook of this kind is sent."""
    if batch.about:
        return url_for("DeclareForPeoplePage.workbook", pk=batch.about["declaration"])
    return url_for("ImportPage.start", noun=batch.noun)


def found(noun: str, uid: UUID) -> ImportBatch:
    """One import of a noun, for whoever imports such."""
    if noun not in SHOWN:
        raise NotFound
    if not g.actor.may(f"{noun}.import"):
        abort(403)
    return batches.find(db(), noun, uid)


def around(noun: str, at: int) -> dict[str, Any]:
    """What every step says: of what, which step, and the way back to the list."""
    model = SHOWN[noun]
    label, listed = cells.worded(model.screen.label), url_for(f"{model.__name__}Screen.list")
    return {
        "noun": noun,
        "title": _("Import: %(label)s", label=label),
        "trail": ((label, listed),),
        "list_url": listed,
        "way": WAY,
        "at": at,
    }


def strange(batch: ImportBatch, mistakes: Iterable[Mistakes]) -> bool:
    """Whether words stand in the workbook that are none of the choices: somebody may say what they mean."""
    return batch.state == CHECKED and any(each.unknown for each in mistakes)


def read(batch: ImportBatch, spoken: str) -> dict[str, Any]:
    """How the columns were read: those that were, by their labels; those left out; if the template is old."""
    layout = batch.layout or {}
    known = book_of(batch).columns() if "keys" in layout else {}
    labels = [said(known[key].field.label, spoken) for key in layout.get("keys", ()) if key in known]
    return {"labels": labels, "ignored": layout.get("ignored", ()), "old": bool(layout.get("old"))}


def under_way(batch: ImportBatch) -> str:
    """What is being done with the workbook meanwhile."""
    if batch.state == READING:
        return _("The workbook is read and checked. You may leave this page; it goes on without you.")
    if batch.state == UNDOING:
        return _("The import is taken back. You may leave this page; it goes on without you.")
    return _("The rows are imported. You may leave this page; it goes on without you.")


def fruitless(batch: ImportBatch) -> bool:
    """Whether the trial run left no row that could be imported."""
    return batch.state == CHECKED and not batch.good + batch.changed


def state(batch: ImportBatch) -> Cell:
    """How far it is; a trial run that left nothing to import says so."""
    label, tone = STATES[batch.state]
    if fruitless(batch):
        label, tone = _l("Nothing to import"), "bad" if batch.bad else "info"
    return Cell(text=str(label), tone=tone)


@dataclass(frozen=True, slots=True)
class Line:
    """One of the latest imports."""

    name: str
    url: str
    state: Cell
    when: str
    total: int


def latest(noun: str) -> list[Line]:
    """The latest imports of a noun where the actor acts, the newest first."""
    return [
        Line(
            name=batch.name,
            url=url_for("ImportPage.show", noun=noun, uid=batch.uid),
            state=state(batch),
            when=str(format_datetime(batch.created_at, "yyyy-MM-dd HH:mm")),
            total=batch.total,
        )
        for batch in batches.latest(db(), noun)
    ]


def table(batch: ImportBatch, spoken: str) -> dict[str, Any]:
    """The first wrong rows, masked, with the columns that any of them fills."""
    found = failed.first_rows(db(), batch, spoken)
    labels = [each.title for each in sheet.sheet_columns(book_of(batch).columns(), spoken)]
    filled = [place for place in range(len(labels)) if any(any(row.cells[place]) for row in found)]
    return {
        "columns": (
            Column(key="row", label=_("Row"), kind="number"),
            Column(key="why", label=_("What is wrong")),
            *(Column(key=str(place), label=labels[place]) for place in filled),
        ),
        "rows": tuple(
            Row(
                id=row.number,
                url="",
                cells=(
                    Cell(text=str(row.number)),
                    Cell(text=" ".join(_reason(label, why) for label, why in row.reasons)),
                    *(_cell(*row.cells[place]) for place in filled),
                ),
            )
            for row in found
        ),
    }


def _reason(label: str, why: str) -> str:
    """What is wrong, after the column it is about."""
    return _("%(title)s: %(reason)s", title=label, reason=why) if label else why


def _cell(text: str, wrong: bool) -> Cell:
    return Cell(text=text or (_("missing") if wrong else ""), tone="bad" if wrong else "")
