"""What was done with one record, by whom and when, and what it said before: read from the audit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.declare.words import _
from app.models.audit_event import AuditEvent
from app.security import doors
from app.services.differences import Change, between
from app.services.values import declared
from app.services.wording import said, signed

PAGE = 25

DEEDS: Mapping[str, Any] = MappingProxyType(
    {
        "create": _("Added"),
        "register": _("Registered"),
        "import": _("Imported"),
        "update": _("Edited"),
        "change": _("Changed as approved"),
        "change_back": _("Changed back, the approval was revoked"),
        "reveal": _("Looked at in full"),
        "submit": _("Sent"),
        "resubmit": _("Corrected and sent again"),
        "withdraw": _("Withdrawn"),
        "remind": _("Decision asked for"),
        "approve": _("Approved"),
        "reject": _("Rejected"),
        "publish": _("Published"),
        "attach": _("File added"),
        "detach": _("File removed"),
        "issue": _("Issued"),
        "renew": _("Renewed"),
        "revoke": _("Revoked"),
        "hand_in": _("Handed in"),
        "answer": _("Answered"),
        "check": _("Checked"),
        "pass_on": _("Merged and passed on"),
        "delete": _("Deleted"),
        "appoint": _("Appointed"),
        "move": _("Superior changed"),
        "transfer": _("Transferred to another organization"),
        "join": _("People added"),
        "leave": _("Left"),
        "sign_in": _("Signed in"),
        "tick": _("Attendance ticked"),
        "cancel": _("Cancelled"),
        "enrol": _("Course begun"),
        "pass": _("Course passed"),
        "keep": _("Template kept"),
        "rebuild": _("Sums made anew from the ledger"),
        "credit": _("Counted without a declaration"),
        "uncredit": _("Taken back, counts no more"),
        "hide": _("Taken off the list of what was reviewed"),
        "act_as": _("Acted in this post"),
        "take_over": _("Super-administrator named from above"),
        "disable": _("Account disabled"),
        "enable": _("Account enabled again"),
        "reset_password": _("First password given"),
        "end_sessions": _("All sessions ended"),
        "retry": _("Tried again"),
        "reassign": _("Passed on: nobody could decide it any more where it waited"),
        "hand_over": _("Super-administrator handed over"),
        "delegate": _("Delegated"),
        "end_delegation": _("Delegation ended"),
        "take_back": _("Hand-over taken back"),
        "see_as": _("Began to see as this role"),
        "see_end": _("Ended seeing as this role"),
        "factor_reset": _("Second factor reset"),
        "ask": _("Asked for by a program"),
        "rotate": _("New secret made"),
        "end_former": _("Former secret ended"),
    }
)
"""What an action is called in the history of a record."""

OTHER = _("Another action")


@dataclass(frozen=True, slots=True)
class Deed:
    """One event; `field` is the one that it was about, `name` is empty for SQL that was typed by hand."""

    id: int
    at: datetime
    label: Any
    field: str
    name: str
    organization: str
    changes: tuple[Change, ...]
    reason: str


def trail(session: Session, row: Any, locale: str, *, before: int | None = None) -> Sequence[Deed]:
    """The latest deeds on a row that the reader has reached, older than event `before`; at most PAGE + 1.

    A row more than a page says that there are older ones.
    """
    noun = row.__tablename__
    statement = select(AuditEvent).where(AuditEvent.noun == noun, AuditEvent.object_id == row.id)
    if before is not None:
        statement = statement.where(AuditEvent.id < before)
    events = list(session.scalars(statement.order_by(AuditEvent.id.desc()).limit(PAGE + 1)))
    names = doors.names(session, [event.acting_id for event in events])
    sides = [(event.before or {}, event.after or {}) if event.before else ({}, {}) for event in events]
    told = between(session, row, sides, locale)
    known = declared(type(row))
    return [
        Deed(
            id=event.id,
            at=event.at,
            label=DEEDS.get(event.action, OTHER),
            field=said(known[key].field.label, locale)
            if (key := (event.after or {}).get("field")) in known
            else "",
            name=signed(event.name, event.on_behalf),
            organization=names[event.acting_id].name if event.acting_id in names else "",
            changes=tuple(changes),
            reason=event.reason,
        )
        for event, changes in zip(events, told, strict=True)
    ]
