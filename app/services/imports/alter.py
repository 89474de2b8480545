"""Rows of a workbook that change records: written, recorded and told as if each were changed by hand."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.declare.column import value
from app.declare.natural_key import NaturalKey, natural_key
from app.models.import_batch import ImportBatch, ImportRow
from app.security import audit, doors
from app.services import messages, owners, rows
from app.services.imports.checks import thawed
from app.services.imports.sheet import columns

AT_A_TIME = 500


def alter(session: Session, batch: ImportBatch, model: Any, tell: Callable[[int, int], None]) -> None:
    """Write the updates of a batch in the caller's transaction."""
    key, known, done, number = natural_key(model), columns(model), batch.good, -1
    if key is None:
        return
    organization = doors.names(session, [batch.organization_id])[batch.organization_id].name
    while found := _next(session, batch, model, key, number):
        events, told = [], []
        for row, record in found:
            new = thawed(model, row.uid, row.ready or {})
            changed = {word: known[word] for word in new if value(record, known[word]) != new[word]}
            before = audit.facts(record, changed)
            rows.put(record, changed, {word: new[word] for word in changed})
            after = audit.facts(record, changed)
            events.append(audit.event_on(session, "update", record, before, after))
            told.append(owners.changed("record_changed", record, changed, organization))
        session.flush()
        audit.record_all(session, events)
        messages.tell(session, owners.to_accounts(session, told))
        number, done = found[-1][0].number, done + len(found)
        for row, record in found:
            session.expunge(row)
            session.expunge(record)
        tell(done, batch.good + batch.changed)


def _next(session: Session, batch: ImportBatch, model: Any, key: NaturalKey, number: int) -> list[Any]:
    """The next staged rows that change something, each with its record."""
    asked = func.convert_from(ImportRow.key, "UTF8") if key.type == "text" else ImportRow.key
    statement = (
        select(ImportRow, model)
        .join(model, getattr(model, key.stored) == asked)
        .where(
            ImportRow.batch_id == batch.id,
            ImportRow.verdict == "update",
            ImportRow.number > number,
            model.organization_id == batch.organization_id,
            text(key.where or "true"),
        )
        .order_by(ImportRow.number)
        .limit(AT_A_TIME)
    )
    return [tuple(found) for found in session.execute(statement)]
