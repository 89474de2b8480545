"""How a registration stands, said to whoever registered: where it waits, whom to ask, why it was rejected."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.declare.province import province
from app.security import doors


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom to ask about something that waits: an organisation and the names of its administrators."""

    organization: str
    telephone: str
    administrators: tuple[str, ...]


def asked(session: Session, organization_id: int | None) -> Asked | None:
    """Whom to ask at an organisation, or None where nothing waits anywhere."""
    found = doors.names(session, [organization_id]).get(organization_id or 0)
    if found is None:
        return None
    names = tuple(row.name for row in doors.administrators(session, found.id))
    return Asked(found.name, found.telephone or "", names)


def reason_of(verdict: Row[Any] | None) -> str:
    """Why a review was rejected: the province's words for the reason, and what the reviewer added."""
    if verdict is None:
        return ""
    chain = next((chain for kind, chain in province().reviews.items() if kind == verdict.kind), None)
    labels = {choice.key: choice.label for choice in chain.reasons} if chain else {}
    label = labels.get(verdict.reason_key or "")
    added = verdict.reason or ""
    if label is None or added in {label.zh, label.en}:
        return str(label or added)
    return f"{label} ({added})" if added else str(label)
