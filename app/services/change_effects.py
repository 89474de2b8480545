"""What the last approval of a change does: a field is written where it still says what the applicant saw."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.database import clock
from app.declare.words import _, language
from app.encrypted import blind
from app.models.account import Account
from app.models.change_request import ChangeRequest
from app.models.credential import Credential
from app.security import audit, doors
from app.services import credentials, messages, proposals, rows
from app.services.errors import NotEligible, Stale
from app.services.integrity import refusals
from app.services.proof import username
from app.services.proposals import Proposal
from app.services.selection import among
from app.services.values import checked, declared
from app.services.wording import said

CHANGED = _(
    "Changed by somebody else since it was asked for: %(fields)s. Reject it, so that the applicant looks at"
    " it again."
)
GONE = _("What is to be changed is no longer here. Reject it with this reason.")
TAKEN = _("Somebody else holds this ID number. Reject the correction, or clear up which of the two is right.")


def objections(session: Session, reviews: Sequence[Row[Any]]) -> Mapping[int, Any]:
    """Why some of these cannot take effect, by the review's id: the fields that were changed meanwhile."""
    asked = requests_of(session, reviews)
    subjects = proposals.subjects(session, asked.values())
    proposed = proposals.proposals(session, list(asked.values()), subjects)
    holders = _holders(session, proposed)
    found: dict[int, Any] = {}
    for review in reviews:
        request = asked.get(review.subject_id)
        if request is None or request.id not in subjects:
            found[review.id] = GONE
        elif lost := [each for each in proposed[request.id] if not each.fits]:
            found[review.id] = NotEligible(CHANGED, fields=labels(request, lost))
        elif any(
            holders.get(number, request.changes_id) != request.changes_id
            for number in _numbers(proposed[request.id])
        ):
            found[review.id] = TAKEN
    return found


def apply(session: Session, reviews: Sequence[Row[Any]]) -> None:
    """Write what these requests propose. Raises Stale, and writes nothing, when a field changed meanwhile."""
    asked = requests_of(session, reviews)
    subjects = proposals.subjects(session, asked.values(), lock=True)
    proposed = proposals.proposals(session, list(asked.values()), subjects)
    events = []
    for request in asked.values():
        row = subjects.get(request.id)
        if row is None or any(not each.fits for each in proposed[request.id]):
            raise Stale
        events.append(_write(session, request, row, proposed[request.id]))
    audit.record_all(session, events)


def write_fields(
    session: Session, request: ChangeRequest, row: Any, values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write values, fit for JSON, into what a request is about; what the audit says of before and after."""
    model = type(row)
    fields = {key: declared(model)[key] for key in values}
    if not fields:
        return {}, {}
    before = audit.facts(row, fields)
    new = {key: _value(fields[key], told) for key, told in values.items()}
    rows.put(row, fields, new)
    with refusals(model):
        session.flush()
    if request.person_id is not None:
        _follow(session, row, new)
    return before, audit.facts(row, fields)


def _write(
    session: Session, request: ChangeRequest, row: Any, proposed: Sequence[Proposal]
) -> dict[str, Any]:
    """Write one request; the event for the trail of what it changed."""
    fields = {each.key: each.proposed for each in proposed if not credentials.is_entry(each.key)}
    before, after = write_fields(session, request, row, fields)
    for each in proposed:
        if credentials.is_entry(each.key):
            _write_entry(session, request, each)
            before[each.key], after[each.key] = each.seen, each.proposed
    return audit.event_on(session, "change", row, before, after, request.reason)


def _write_entry(session: Session, request: ChangeRequest, proposal: Proposal) -> None:
    number = credentials.number_of(proposal.key)
    if number is not None:
        session.get_one(Credential, number).removed_at = clock.now()
        return
    read = credentials.read(proposal.proposed).sound()
    kind, came = proposal.key.partition(":")[0], {"request_id": request.id, "request_key": proposal.key}
    session.add(Credential(person_id=request.person_id, kind=kind, **came, **read))


def _follow(session: Session, person: Any, new: Mapping[str, Any]) -> None:
    """Let the login of a person follow the name and the number; with the number all its sessions end."""
    if not {"name", "id_number"} & new.keys():
        return
    account = session.scalar(select(Account).where(Account.person_id == person.id))
    if account is None:
        return
    if "name" in new:
        account.first_name = person.name
    if "id_number" in new:
        account.id_number = person.id_number
        account.username = username(person.id_number)
        messages.tell(session, [messages.Told("login_changed", {}, account_id=account.id)])
    with refusals(Account):
        session.flush()


def _value(column: Any, told: Any) -> Any:
    """A value of a request as its column keeps it."""
    if told is None or column.kind not in {"date", "number", "moment"}:
        return told
    return checked(column, told)


def requests_of(session: Session, reviews: Sequence[Row[Any]]) -> dict[int, ChangeRequest]:
    """The requests that reviews are about, by id."""
    ids = [review.subject_id for review in reviews]
    found = session.scalars(
        select(ChangeRequest).where(ChangeRequest.id == among(ids)).order_by(ChangeRequest.id)
    )
    return {row.id: row for row in found}


def _numbers(proposed: Sequence[Proposal]) -> list[bytes]:
    """The blind indexes of the ID numbers that are proposed."""
    return [blind("person.id_number", each.proposed) for each in proposed if each.key == "id_number"]


def _holders(session: Session, proposed: Mapping[int, Sequence[Proposal]]) -> dict[bytes, int]:
    """Who holds these numbers already, wherever he stands."""
    wanted = {number for some in proposed.values() for number in _numbers(some)}
    return {held: row.person_id for held, row in doors.holders(session, wanted).items()} if wanted else {}


def labels(request: ChangeRequest, lost: Sequence[Proposal]) -> str:
    """The fields and lists of some proposals, in the language of whoever is served."""
    known, spoken = declared(proposals.model_of(request.changes_noun)), language()
    named = [
        credentials.label(each.key, spoken)
        if credentials.is_entry(each.key)
        else said(known[each.key].field.label, spoken)
        for each in lost
    ]
    return "、".join(named) if spoken == "zh" else ", ".join(named)
