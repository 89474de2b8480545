"""An import taken back: what it added goes, what it changed says again what it said before.

What somebody has built upon stays, and a dry run says so beforehand. Rows of hours are taken back one by one,
as what was declared by hand.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.column import Column
from app.declare.words import _
from app.encrypted import context, ring
from app.jobs.queue import defer
from app.models.import_batch import ImportBatch, ImportRow
from app.security import audit, doors, import_doors
from app.security.scope import model_of
from app.services import messages, owners, proposals, reviewed_fields, rows
from app.services.errors import NotEligible, Stale
from app.services.functions import WITHOUT_A_SCREEN
from app.services.imports import batches
from app.services.imports.checks import revived
from app.services.imports.sheet import columns
from app.services.wording import said

AT_A_TIME = 500

REASONS: Mapping[str, Any] = {
    "ab_user": _("Somebody logs in with it"),
    import_doors.CHANGED: _("Changed since the import"),
    import_doors.GONE: _("Not at this organization any more"),
}
"""Why a record stays, where it is no record of another noun that stands on it."""

STANDS_ON = _("Built upon: %(noun)s")
OTHER = _("Built upon by other records")

LATE = _("An import can be taken back for %(days)d days.")
NOTHING = _("Nothing of this import can be taken back.")

CLEAR = text("DELETE FROM import_row WHERE batch_id = :batch AND verdict = 'update'")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What taking an import back would do: new records that go, those that stay and why, by key of reason.

    `restored` are records that say again what they said, `overtaken` those that somebody has changed since.
    """

    removed: int
    staying: Mapping[str, int]
    restored: int
    overtaken: int

    @property
    def fruitful(self) -> bool:
        """Whether there is anything to take back."""
        return bool(self.removed or self.restored)


@dataclass(frozen=True, slots=True)
class Before:
    """A record that an import changed: the columns whose values can be given back, and those values."""

    record: Any
    columns: Mapping[str, Column]
    values: Mapping[str, Any]
    overtaken: bool


def offered(batch: ImportBatch) -> bool:
    """Whether it is a kind of import that is taken back as a whole, and not too long ago."""
    recent = batch.created_at > clock.now() - batches.KEPT
    return batch.state == batches.DONE and not batch.about and recent and batch.good + batch.changed > 0


def outlook(session: Session, batch: ImportBatch) -> Outlook:
    """The dry run. Raises Forbidden, or NotEligible where it cannot be taken back at all."""
    _require(session, batch)
    counted = {row.reason: row.records for row in import_doors.added(session, batch.noun, batch.id)}
    removed = counted.pop("", 0)
    number, restored, overtaken = -1, 0, 0
    while found := _changed(session, batch, number):
        for _row, before in found:
            restored += bool(before and before.columns)
            overtaken += before is None or before.overtaken
        number = found[-1][0].number
    return Outlook(removed, counted, restored, overtaken)


def begin(session: Session, batch: ImportBatch, reason: str) -> None:
    """Take an import back; a job does it. Raises Forbidden, NotEligible, or Stale when somebody was first."""
    if not outlook(session, batch).fruitful:
        raise NotEligible(NOTHING)
    with transaction(session):
        begun = session.scalar(
            update(ImportBatch)
            .where(ImportBatch.id == batch.id, ImportBatch.state == batches.DONE)
            .values(state=batches.UNDOING, progress=0, problem=None)
            .returning(ImportBatch.id)
        )
        if begun is None:
            raise Stale
        audit.record(session, "begin_undo", "import_batch", batch.id, reason=reason.strip()[:500])
        defer(session, "imports.undo", batch=batch.id, lock=f"import {batch.noun} {batch.organization_id}")


def undo(session: Session, batch_id: int) -> None:
    """Take an import back in one transaction; a job. Doing it again does no more than doing it once."""
    with transaction(session):
        batch = batches.enter(session, batch_id, batches.UNDOING)
        if batch is not None:
            _undo(session, batch, batches.teller(session, batch.id))


def reason_said(key: str, locale: str) -> str:
    """Why records stay, in words."""
    if key in REASONS:
        return said(REASONS[key], locale)
    screen = getattr(model_of(key), "screen", None)
    label = screen.label if screen is not None else WITHOUT_A_SCREEN.get(key)
    return said(OTHER, locale) if label is None else said(STANDS_ON, locale) % {"noun": said(label, locale)}


def _require(session: Session, batch: ImportBatch) -> None:
    batches.require_own(session, batch)
    if not offered(batch):
        raise NotEligible(LATE, days=batches.KEPT.days) if batch.state == batches.DONE else Stale


def _undo(session: Session, batch: ImportBatch, tell: Callable[[int, int], None]) -> None:
    restored = overtaken = 0
    number, total = -1, batch.good + batch.changed
    organization = doors.names(session, [batch.organization_id])[batch.organization_id].name
    while found := _changed(session, batch, number, lock=True):
        events, told = [], []
        for _row, before in found:
            overtaken += before is None or before.overtaken
            if before is None or not before.columns:
                continue
            was = audit.facts(before.record, before.columns)
            rows.put(before.record, before.columns, before.values)
            now = audit.facts(before.record, before.columns)
            events.append(audit.event_on(session, "update", before.record, was, now))
            told.append(owners.changed("record_restored", before.record, before.columns, organization))
            restored += 1
        session.flush()
        audit.record_all(session, events)
        messages.tell(session, owners.to_accounts(session, told))
        number = found[-1][0].number
        tell(restored, total)
    removed = import_doors.unadd(session, batch.noun, batch.id)
    session.execute(CLEAR, {"batch": batch.id})
    batch.undone = {
        "removed": removed,
        "staying": batch.good - removed,
        "restored": restored,
        "overtaken": overtaken,
    }
    batch.state, batch.progress, batch.finished_at = batches.UNDONE, 100, clock.now()
    audit.record(session, "undo", "import_batch", batch.id, after=dict(batch.undone))


def _changed(
    session: Session, batch: ImportBatch, after: int, *, lock: bool = False
) -> Sequence[tuple[Any, Before | None]]:
    """The next rows that changed a record, each with what can be given back; None where it is gone."""
    model = model_of(batch.noun)
    statement = (
        select(ImportRow.number, ImportRow.uid, ImportRow.cells_sealed)
        .where(ImportRow.batch_id == batch.id, ImportRow.verdict == "update", ImportRow.number > after)
        .order_by(ImportRow.number)
        .limit(AT_A_TIME)
    )
    found = [
        (row, json.loads(ring().open(bytes(row.cells_sealed), context("import_row", "before", row.uid))))
        for row in session.execute(statement)
    ]
    wanted = select(model).where(
        model.id.in_([held["id"] for _row, held in found]), model.organization_id == batch.organization_id
    )
    if lock:
        wanted = wanted.with_for_update(of=model).execution_options(populate_existing=True)
    records = {record.id: record for record in session.scalars(wanted.order_by(model.id))}
    known = columns(model)
    return [(row, _before(session, records.get(held["id"]), held, known)) for row, held in found]


def _before(
    session: Session, record: Any, held: Mapping[str, Any], known: Mapping[str, Column]
) -> Before | None:
    """What can be given back: what still says what the import wrote, and what nobody else has to decide."""
    if record is None:
        return None
    kept = {
        key: known[key]
        for key, told in held["after"].items()
        if key in known and proposals.plain(record, known[key]) == told
    }
    asked = reviewed_fields.kinds(session, record, kept)
    given = {key: column for key, column in kept.items() if key not in asked}
    values = {key: revived(held["before"][key], column) for key, column in given.items()}
    return Before(record, given, values, overtaken=len(given) < len(held["after"]))
