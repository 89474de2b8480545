"""Rows of a workbook that change records: written, recorded and told as if each were changed by hand.

What somebody else has to decide becomes a request (services/changes.py). What stood there before is kept,
sealed, as long as the import can be taken back.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.database import as_json
from app.declare.column import Column, value
from app.declare.natural_key import natural_key
from app.encrypted import context, ring
from app.models.import_batch import ImportBatch, ImportRow
from app.security import audit, doors
from app.security.actor import Actor, actor_of
from app.security.scope import Forbidden, acting
from app.security.sessions import actor_for
from app.services import changes, messages, owners, proposals, reviewed_fields, rows, versions
from app.services.changes import Wanted
from app.services.errors import Faulty, Refused
from app.services.imports.checks import thawed
from app.services.imports.problems import problem
from app.services.imports.sheet import columns

AT_A_TIME = 500

LEAVE = text("UPDATE import_row SET verdict = 'same' WHERE batch_id = :batch AND verdict = 'update'")

KEEP = text("""
UPDATE import_row r SET cells_sealed = decode(m.held, 'hex'), ready = NULL
FROM jsonb_to_recordset(CAST(:marks AS jsonb)) AS m(number int, held text)
WHERE r.batch_id = :batch AND r.number = m.number""")

REFUSE = text("""
UPDATE import_row SET verdict = 'bad', ready = NULL, problems = CAST(:problems AS jsonb)
WHERE batch_id = :batch AND number = :number""")


@dataclass(frozen=True, slots=True)
class Altered:
    """A staged row and its record: the columns that would say something else, and what they would say."""

    row: ImportRow
    record: Any
    columns: Mapping[str, Column]
    values: Mapping[str, Any]


def leave(session: Session, batch: ImportBatch) -> None:
    """Leave all records as they are: only new ones were asked for."""
    session.execute(LEAVE, {"batch": batch.id})


def alter(session: Session, batch: ImportBatch, model: Any, tell: Callable[[int, int], None]) -> None:
    """Write the updates of a batch in the caller's transaction."""
    done, number = batch.good, -1
    organization = doors.names(session, [batch.organization_id])[batch.organization_id].name
    while found := altered(session, batch, model, number, AT_A_TIME):
        events, told, kept = [], [], []
        for each in found:
            asked = reviewed_fields.kinds(session, each.record, each.columns)
            if asked and not _ask(session, batch, each, asked):
                continue
            direct = {key: column for key, column in each.columns.items() if key not in asked}
            kept.append(_before(each, direct))
            if not direct:
                continue
            before = audit.facts(each.record, direct)
            rows.put(each.record, direct, {key: each.values[key] for key in direct})
            after = audit.facts(each.record, direct)
            events.append(audit.event_on(session, "update", each.record, before, after))
            told.append(owners.changed("record_changed", each.record, direct, organization))
        session.flush()
        audit.record_all(session, events)
        messages.tell(session, owners.to_accounts(session, told))
        session.execute(KEEP, {"batch": batch.id, "marks": as_json(kept)})
        number, done = found[-1].row.number, done + len(found)
        for each in found:
            session.expunge(each.row)
            session.expunge(each.record)
        tell(done, batch.good + batch.changed)


def altered(session: Session, batch: ImportBatch, model: Any, number: int, most: int) -> Sequence[Altered]:
    """The next staged rows behind a number that change something, each with its record."""
    key, known = natural_key(model), columns(model)
    if key is None:
        return ()
    asked = func.convert_from(ImportRow.key, "UTF8") if key.type == "text" else ImportRow.key
    statement = (
        select(ImportRow, model)
        .join(model, getattr(model, key.stored) == asked)
        .where(
            ImportRow.batch_id == batch.id,
            ImportRow.verdict == "update",
            ImportRow.ready.is_not(None),
            ImportRow.number > number,
            model.organization_id == batch.organization_id,
            text(key.where or "true"),
        )
        .order_by(ImportRow.number)
        .limit(most)
    )
    return [_altered(row, record, known) for row, record in session.execute(statement)]


def _altered(row: ImportRow, record: Any, known: Mapping[str, Column]) -> Altered:
    new = thawed(type(record), row.uid, row.ready or {})
    changed = {word: known[word] for word in new if value(record, known[word]) != new[word]}
    return Altered(row, record, changed, {word: new[word] for word in changed})


def _ask(session: Session, batch: ImportBatch, each: Altered, asked: Mapping[str, str]) -> bool:
    """Ask for what others decide, as the importer whose own record it is; whether that was possible.

    Else the row is wrong, and says why.
    """
    values = {key: each.values[key] for key in asked}
    typed = {key: told.isoformat() if isinstance(told, date) else str(told) for key, told in values.items()}
    try:
        with session.begin_nested(), acting(session, _himself(session, each.record)):
            changes.change(session, each.record, Wanted(values=typed), versions.WHATEVER)
    except (Faulty, Refused, Forbidden):
        found = [problem(key, reviewed_fields.SENTENCES[kind])[0] for key, kind in asked.items()]
        words = {"batch": batch.id, "number": each.row.number, "problems": json.dumps(found)}
        session.execute(REFUSE, words)
        return False
    return True


def _himself(session: Session, record: Any) -> Actor:
    """The importer as the professional whose record this is. Raises Forbidden for anybody else's."""
    found = actor_for(session, actor_of(session).account_id, None)
    if found is None or found.person_id != record.id:
        raise Forbidden(f"{record.__tablename__} {record.id}")
    return found


def _before(each: Altered, direct: Mapping[str, Column]) -> dict[str, Any]:
    """What stood there before, sealed under the row, with what stands there now."""
    before = {key: proposals.plain(each.record, column) for key, column in direct.items()}
    after = {key: plain(each.values[key]) for key in direct}
    held = json.dumps({"id": each.record.id, "before": before, "after": after}, ensure_ascii=False)
    sealed = ring().seal(held, context("import_row", "before", each.row.uid))
    return {"number": each.row.number, "held": sealed.hex()}


def plain(told: Any) -> Any:
    """A value fit for JSON."""
    return told if told is None or isinstance(told, bool | int | str) else str(told)
