"""An approved change that is revoked: every field says again what it said when the change was asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.database import clock
from app.declare.words import _
from app.models.change_request import ChangeRequest
from app.models.credential import Credential
from app.security import audit
from app.services import change_effects, credentials, proposals
from app.services.errors import NotEligible
from app.services.proposals import Proposal
from app.services.selection import among

LATER = _("Changed again since then: %(fields)s.")
GONE = _("What was changed belongs to another organization by now.")
AGAIN = _("The same is asked for again by now.")


def bound(session: Session, ended: Sequence[Row[Any]]) -> Mapping[int, Any]:
    """Why verdicts about changes stand by now, by the review's id: what was changed or asked for since."""
    asked = change_effects.requests_of(session, ended)
    subjects = proposals.subjects(session, asked.values())
    proposed = proposals.proposals(session, list(asked.values()), subjects)
    entries = _came(session, asked)
    found: dict[int, Any] = {}
    for review in ended:
        request = asked.get(review.subject_id)
        if request is None or request.id not in subjects:
            found[review.id] = GONE
        elif review.state == "rejected":
            if _asked_again(session, request):
                found[review.id] = AGAIN
        elif lost := [
            each for each in proposed[request.id] if not _stands(each, entries.get(request.id, {}))
        ]:
            found[review.id] = NotEligible(LATER, fields=change_effects.labels(request, lost))
    return found


def undo(session: Session, approved: Sequence[Row[Any]]) -> None:
    """Write back what was seen when these changes were asked for. Raises NotEligible if it changed since."""
    asked = change_effects.requests_of(session, approved)
    subjects = proposals.subjects(session, asked.values(), lock=True)
    proposed = proposals.proposals(session, list(asked.values()), subjects)
    entries = _came(session, asked)
    events = []
    for request in asked.values():
        came = entries.get(request.id, {})
        lost = [each for each in proposed[request.id] if not _stands(each, came)]
        if lost or request.id not in subjects:
            raise NotEligible(LATER, fields=change_effects.labels(request, lost))
        row = subjects[request.id]
        fields = {each.key: each.seen for each in proposed[request.id] if not credentials.is_entry(each.key)}
        before, after = change_effects.write_fields(session, request, row, fields)
        for each in proposed[request.id]:
            if credentials.is_entry(each.key):
                _turn_back(session, each, came)
                before[each.key], after[each.key] = each.proposed, each.seen
        events.append(audit.event_on(session, "change_back", row, before, after))
    audit.record_all(session, events)


def _stands(proposal: Proposal, came: Mapping[str, Credential]) -> bool:
    """Whether what was written is there still."""
    if credentials.is_entry(proposal.key) and credentials.number_of(proposal.key) is None:
        return proposal.key in came
    return bool(proposal.now == proposal.proposed)


def _turn_back(session: Session, proposal: Proposal, came: Mapping[str, Credential]) -> None:
    number = credentials.number_of(proposal.key)
    if number is None:
        came[proposal.key].removed_at = clock.now()
    else:
        session.get_one(Credential, number).removed_at = None


def _came(session: Session, asked: Mapping[int, ChangeRequest]) -> dict[int, dict[str, Credential]]:
    """The entries that came by each request and are there still, by their key in it."""
    found: dict[int, dict[str, Credential]] = {}
    there = select(Credential).where(
        Credential.request_id == among(list(asked)), Credential.removed_at.is_(None)
    )
    for entry in session.scalars(there):
        found.setdefault(entry.request_id or 0, {})[entry.request_key] = entry
    return found


def _asked_again(session: Session, request: ChangeRequest) -> bool:
    """Whether an open request is about the same fields."""
    others = session.scalars(
        select(ChangeRequest).where(
            ChangeRequest.person_id.is_not_distinct_from(request.person_id),
            ChangeRequest.organization_id == request.organization_id,
            ChangeRequest.state == "submitted",
            ChangeRequest.id != request.id,
        )
    )
    return any(request.values.keys() & other.values.keys() for other in others)
