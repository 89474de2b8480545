"""What a request of change holds: values seen and proposed, field by field, and what stands there now."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.declare.column import Column
from app.declare.masks import masked
from app.models.change_request import ChangeRequest
from app.models.credential import Credential
from app.security.scope import model_of
from app.services import credentials
from app.services.selection import among
from app.services.values import declared
from app.services.versions import held


@dataclass(frozen=True, slots=True)
class Proposal:
    """One field, or one entry of a list: what was seen, what is proposed, what is there now; fit for JSON."""

    key: str
    seen: Any
    proposed: Any
    now: Any

    @property
    def fits(self) -> bool:
        """Whether it can take effect: nobody has changed the field to something else meanwhile."""
        return self.now in (self.seen, self.proposed)


def plain(row: Any, column: Column) -> Any:
    """A value of a row in full, fit for JSON."""
    told = held(row, column)
    return str(told) if isinstance(told, date | datetime | Decimal) else told


def put(
    request: ChangeRequest, columns: Mapping[str, Column], changes: Mapping[str, tuple[Any, Any]]
) -> None:
    """Write pairs of what was seen and what is proposed into a request; what is masked is sealed."""
    sealed = {key: pair for key, pair in changes.items() if key in columns and columns[key].field.mask}
    told = {
        key: tuple(_masked(columns[key], each) for each in pair) if key in sealed else pair
        for key, pair in changes.items()
    }
    request.seen = {key: pair[0] for key, pair in told.items()}
    request.values = {key: pair[1] for key, pair in told.items()}
    request.secret = json.dumps(sealed) if sealed else None


def pairs(request: ChangeRequest) -> dict[str, tuple[Any, Any]]:
    """What was seen and what is proposed, in full, by key."""
    sealed = json.loads(request.secret) if request.secret else {}
    return {
        key: tuple(sealed.get(key, (request.seen.get(key), proposed)))
        for key, proposed in request.values.items()
    }


def subjects(session: Session, requests: Iterable[ChangeRequest], *, lock: bool = False) -> dict[int, Any]:
    """The rows that requests are about, by the request's id; those that are out of reach are missing."""
    asked = list(requests)
    found: dict[tuple[str, int], Any] = {}
    for noun in sorted({each.changes_noun for each in asked}):
        model = model_of(noun)
        ids = sorted({each.changes_id for each in asked if each.changes_noun == noun})
        statement = select(model).where(model.id == among(ids)).order_by(model.id)
        if lock:
            statement = statement.with_for_update(of=model).execution_options(populate_existing=True)
        found |= {(noun, row.id): row for row in session.scalars(statement)}
    return {
        each.id: found[each.changes_noun, each.changes_id]
        for each in asked
        if (each.changes_noun, each.changes_id) in found
    }


def proposals(
    session: Session, requests: Sequence[ChangeRequest], rows: Mapping[int, Any]
) -> dict[int, list[Proposal]]:
    """What each request proposes, by its id, beside what stands there now."""
    entries = _entries(session, requests)
    found = {}
    for request in requests:
        known = declared(model_of(request.changes_noun))
        row = rows.get(request.id)
        found[request.id] = [
            Proposal(key, seen, proposed, _now(key, row, known, entries))
            for key, (seen, proposed) in pairs(request).items()
        ]
    return found


def _now(key: str, row: Any, known: Mapping[str, Column], entries: Mapping[int, Credential]) -> Any:
    if credentials.is_entry(key):
        number = credentials.number_of(key)
        entry = entries.get(number) if number is not None else None
        return credentials.plain(entry) if entry is not None else None
    return plain(row, known[key]) if row is not None else None


def _entries(session: Session, requests: Sequence[ChangeRequest]) -> dict[int, Credential]:
    """The entries that are there and that requests would take away, by id."""
    ids = {
        number
        for request in requests
        for key in request.values
        if credentials.is_entry(key) and (number := credentials.number_of(key)) is not None
    }
    if not ids:
        return {}
    there = select(Credential).where(Credential.id.in_(ids), Credential.removed_at.is_(None))
    return {entry.id: entry for entry in session.scalars(there)}


def masked_of(request: ChangeRequest, proposal: Proposal) -> Any:
    """What stands there now, as it may be shown."""
    column = declared(model_of(request.changes_noun)).get(proposal.key)
    return _masked(column, proposal.now) if column is not None and column.field.mask else proposal.now


def _masked(column: Column, told: Any) -> Any:
    return None if told is None else masked(str(column.field.mask), str(told))
