"""The import itself: all rows of a checked workbook in one transaction, or none."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.words import _
from app.models.import_batch import ImportBatch
from app.security import audit
from app.services.errors import NotEligible
from app.services.imports import batches
from app.services.imports.books import book_of
from app.services.imports.staging import count

ALONE = text("SELECT pg_advisory_xact_lock(hashtext(:noun), CAST(:organization AS int))")
"""Imports of one organisation come one after the other, whatever the queue thinks."""

CLEAR = text("DELETE FROM import_row WHERE batch_id = :batch AND verdict NOT IN ('bad', 'update')")

WENT_BAD = _("Since the trial run other rows have become wrong, so nothing was imported. Please look again.")


class WentBad(Exception):
    """All rows were asked for, and not all can be had any more."""


def apply(session: Session, batch_id: int) -> None:
    """Write the rows of a batch; a job. Doing it again does no more than doing it once.

    One commit stands at the end: a worker that dies before it leaves nothing, one that dies after it has done
    everything. What others did since the trial run is looked at again. A blank cell changes nothing.
    """
    try:
        with transaction(session):
            batch = batches.enter(session, batch_id, batches.APPLYING)
            if batch is not None:
                _write(session, batch)
    except WentBad:
        with transaction(session):
            batch = batches.enter(session, batch_id, batches.APPLYING)
            if batch is not None:
                book_of(batch).judge(session, batch, "import_row")
                count(session, batch)
                batches.stop(session, batch, batches.CHECKED, NotEligible(WENT_BAD))


def _write(session: Session, batch: ImportBatch) -> None:
    tell = batches.teller(session, batch.id)
    session.execute(ALONE, {"noun": batch.noun, "organization": batch.organization_id})
    book_of(batch).write(session, batch, tell)
    count(session, batch)
    if batch.mode == "all" and batch.bad:
        raise WentBad
    audit.record(session, "import", "import_batch", batch.id, after=_result(batch))
    session.execute(CLEAR, {"batch": batch.id})  # what is wrong stays to be mended, what changed to be undone
    batch.state, batch.progress, batch.finished_at = batches.DONE, 100, clock.now()


def _result(batch: ImportBatch) -> dict[str, Any]:
    counted = {key: getattr(batch, key) for key in ("good", "changed", "same", "bad")}
    return {"noun": batch.noun, "digest": batch.digest, "mode": batch.mode, **counted}
