"""The import itself: all rows of a checked workbook in one transaction, or none."""

from collections.abc import Callable
from typing import Any, cast

from sqlalchemy import CursorResult, text
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.words import _
from app.models.import_batch import ImportBatch
from app.security import audit
from app.security.scope import model_of
from app.services.errors import NotEligible
from app.services.imports import batches, verdicts
from app.services.imports.alter import alter
from app.services.imports.insertion import defaults, insertion
from app.services.imports.staging import count

CHUNK = 5_000
"""Rows of one INSERT: so often the page can be told how far it is."""

ROUNDS = 5
"""How often rows are judged again that somebody else took while they were being written."""

ALONE = text("SELECT pg_advisory_xact_lock(hashtext(:noun), CAST(:organization AS int))")
"""Imports of one organisation come one after the other, whatever the queue thinks."""

IN_BATCH = "r.batch_id = :batch"
KNOWN = "r.batch_id = :batch AND r.verdict <> 'good'"
"""Rows about records that were there already: whether a new one still is, its insertion says."""

GOOD = "r.batch_id = :batch AND r.verdict = 'good'"
WAITING = GOOD + " AND NOT EXISTS (SELECT FROM {table} w WHERE w.uid = r.uid)"
HOW_MANY = "SELECT count(*), max(r.number) FROM import_row r WHERE {waiting}"
CLEAR = text("DELETE FROM import_row WHERE batch_id = :batch AND verdict <> 'bad'")

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
                _judge(session, batch)
                count(session, batch)
                batches.stop(session, batch, batches.CHECKED, NotEligible(WENT_BAD))


def _write(session: Session, batch: ImportBatch) -> None:
    model, tell = model_of(batch.noun), batches.teller(session, batch.id)
    session.execute(ALONE, {"noun": batch.noun, "organization": batch.organization_id})
    _judge(session, batch, KNOWN)
    _insert(session, batch, model, tell)
    alter(session, batch, model, tell)
    count(session, batch)
    if batch.mode == "all" and batch.bad:
        raise WentBad
    audit.record(session, "import", "import_batch", batch.id, after=_result(batch))
    session.execute(CLEAR, {"batch": batch.id})  # they are records now; what is wrong stays to be mended
    batch.state, batch.progress, batch.finished_at = batches.DONE, 100, clock.now()


def _judge(session: Session, batch: ImportBatch, where: str = IN_BATCH) -> None:
    model = model_of(batch.noun)
    verdicts.judge(session.connection(), model, batch.organization_id, "import_row", where, batch=batch.id)


def _insert(session: Session, batch: ImportBatch, model: Any, tell: Callable[[int, int], None]) -> None:
    """Insert the new records. One whose number somebody took meanwhile is judged again."""
    statement = text(insertion(model))
    words = {"batch": batch.id, "organization": batch.organization_id, **defaults(model)}
    waiting = GOOD  # nothing is written before the first round
    for _round in range(ROUNDS):
        how_many = text(HOW_MANY.format(waiting=waiting))
        wanted, last = session.execute(how_many, {"batch": batch.id}).one()
        done = 0
        for first in range(0, (last or -1) + 1, CHUNK):
            numbers = {"first": first, "last": first + CHUNK - 1}
            done += cast("CursorResult[Any]", session.execute(statement, words | numbers)).rowcount
            tell(done, batch.good + batch.changed)
        if done == wanted:
            return
        waiting = WAITING.format(table=model.__tablename__)
        _judge(session, batch, waiting)
    raise RuntimeError(f"{model.__tablename__}: rows are taken faster than they can be judged")


def _result(batch: ImportBatch) -> dict[str, Any]:
    counted = {key: getattr(batch, key) for key in ("good", "changed", "same", "bad")}
    return {"noun": batch.noun, "digest": batch.digest, "mode": batch.mode, **counted}
