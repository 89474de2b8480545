"""What was done, written in the transaction that does it. Personal data is masked before it gets here."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.database import insert_rows
from app.declare.column import Column, value, written
from app.declare.masks import masked
from app.models.audit_event import AuditEvent
from app.models.placed import ANCESTORS
from app.security.actor import actor_of
from app.security.scope import owner_of


def record(
    session: Session,
    action: str,
    noun: str,
    object_id: int | None,
    *,
    organization_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Insert one event of the session's actor. If it cannot be written, the deed fails with it."""
    record_all(session, [event(session, action, noun, object_id, organization_id, before, after, reason)])


def event(
    session: Session,
    action: str,
    noun: str,
    object_id: int | None,
    organization_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> dict[str, Any]:
    """The row of one event, for those that write many at once."""
    actor = actor_of(session)
    return {
        "account_id": actor.account_id,
        "appointment_id": actor.appointment_id,
        "name": actor.name[:64],
        "on_behalf": actor.on_behalf,
        "acting_id": actor.organization_id,
        "person_id": None,
        "organization_id": organization_id or actor.organization_id,
        "action": action,
        "noun": noun,
        "object_id": object_id,
        "before": dict(before) if before is not None else None,
        "after": dict(after) if after is not None else None,
        "reason": reason,
        "request": actor.request,
    }


def record_on(
    session: Session,
    action: str,
    row: Any,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Insert one event about a row; the person whose row it is may read it."""
    record_all(session, [event_on(session, action, row, before, after, reason)])


def event_on(
    session: Session,
    action: str,
    row: Any,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> dict[str, Any]:
    """The row of one event about a row, for those that write many at once."""
    written = event(session, action, row.__tablename__, row.id, place_of(row), before, after, reason)
    return written | {"person_id": owner_of(row)}


def place_of(row: Any) -> int | None:
    """The organisation whose trail an event on a row belongs to: its own, or itself if it is one."""
    stands_at = (getattr(row, name, None) for name in reversed(ANCESTORS))
    return getattr(row, "organization_id", None) or next((each for each in stands_at if each), None)


def record_all(session: Session, events: list[dict[str, Any]]) -> None:
    """Insert many events in one statement."""
    insert_rows(session, AuditEvent, events)


def facts(row: Any, keys: Mapping[str, Column] | None = None) -> dict[str, Any]:
    """The declared values of a row as the audit may keep them: masked, and fit for JSON."""
    found = {}
    for key, column in (keys or written(type(row))).items():
        found[key] = plain(value(row, column), column)
    return found


def plain(raw: Any, column: Column) -> Any:
    """One value, masked if its column is, and fit for JSON."""
    if raw is None:
        return None
    if column.field.mask:
        return masked(column.field.mask, str(raw))
    return str(raw) if isinstance(raw, date | datetime | Decimal) else raw
