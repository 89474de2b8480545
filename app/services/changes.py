"""Changes of a person's or an organisation's data: at once what needs no review, by a request what does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.column import Column
from app.declare.words import _
from app.models.change_request import ChangeRequest
from app.models.credential import KINDS, Credential
from app.models.review import Review
from app.security.actor import actor_of
from app.security.scope import reach, require
from app.services import (
    attachments,
    chains,
    credentials,
    differences,
    people,
    proposals,
    records,
    reviewed_fields,
    reviews,
    rows,
    versions,
)
from app.services.attachments import Upload
from app.services.errors import Faulty, NotEligible, NotFound
from app.services.integrity import refusals
from app.services.reviewed_fields import IDENTITY, PERSON
from app.services.values import NOTHING, written
from app.services.wording import said

REASON = 200
"""Characters of a reason."""

NATIVE = "zh"

OPEN = _("A change of this is being reviewed already. Withdraw it first.")
TOO_LONG = _("At most 200 characters fit here.")
UNPROVEN = _("Please add the proof: a photograph or a PDF.")
NOTHING_CHANGES = _("Nothing is different from what stands there now.")

Pairs = dict[str, tuple[Any, Any]]
"""What was seen and what is proposed, by key."""

Proofs = dict[str, list[Upload]]
"""Files by the field that they prove."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to be different: values by field as typed, entries of lists, why, and the proof.

    `added` are entries as typed, each with its `kind`; `removed` the ids of entries. `evidence` holds files
    by the field, or the kind of list, that they prove.
    """

    values: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    added: Sequence[Mapping[str, Any]] = ()
    removed: Sequence[int] = ()
    reason: str = ""
    evidence: Mapping[str, Sequence[Upload]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of it: the fields that were changed at once, and the requests that wait now."""

    direct: tuple[str, ...]
    requests: tuple[ChangeRequest, ...]


def change(session: Session, row: Any, wanted: Wanted, seen: str) -> Changed:
    """Change at once what needs no review, and ask for the rest: one request for each kind of review.

    `seen` is the version of the row that was read. Raises Faulty with what is wrong by field, Forbidden,
    Overtaken, and NotEligible where the province has no such review.
    """
    model = type(row)
    with transaction(session):
        with session.no_autoflush:
            row = _held(session, row)
            versions.unchanged(model, row, seen)
        known = written(model)
        new = _read(row, known, wanted)
        _require_changeable(session, row)
        kinds = _kinds(session, row, known, new)
        direct = {key: new[key] for key in new if key not in kinds}
        asked = _asked(row, known, new, kinds)
        entries = _entries(session, row, wanted)
        if entries:
            asked.setdefault(PERSON, {}).update(entries)
        _require_free(session, row, asked)
        if not direct and not asked:
            raise Faulty({"": [NOTHING_CHANGES]})
        proofs = _proofs(asked, wanted)
        requests = tuple(
            _ask(session, row, kind, pairs, wanted.reason, proofs[kind]) for kind, pairs in asked.items()
        )
        if direct:
            rows.put(row, known, direct)
            records.update(session, row, versions.WHATEVER, action=_action(session, row))
    return Changed(tuple(direct), requests)


def correct(session: Session, request_id: int, version: int, wanted: Wanted) -> ChangeRequest:
    """Correct a request that was rejected and send it again; what was seen is what stands there now.

    Earlier files stay. `version` is that of the review whose objection was read. Raises Faulty, NotFound,
    Forbidden, Stale, and NotEligible for what was not rejected.
    """
    with transaction(session):
        reviews.held(session, ChangeRequest.__tablename__, request_id)
        request = _returned(session, request_id)
        before = differences.facts(session, request)
        row = proposals.subjects(session, [request], lock=True).get(request.id)
        if row is None:
            raise NotFound
        known = written(type(row))
        new = _read(row, known, wanted)
        kinds = _kinds(session, row, known, new)
        pairs = _asked(row, known, new, kinds).get(request.kind, {})
        if request.kind == PERSON:
            pairs |= _entries(session, row, wanted)
        _require_free(session, row, {request.kind: pairs})
        if not pairs:
            raise Faulty({"": [NOTHING_CHANGES]})
        proposals.put(request, known, pairs)
        request.title, request.reason = _title(row, known, pairs), _reason(wanted.reason)
        session.flush()
        _prove(session, request, _proofs({request.kind: pairs}, wanted)[request.kind])
        reviews.resubmit(session, review_of(session, request).id, version, before, title=request.title)
    return request


def review_of(session: Session, request: ChangeRequest) -> Review:
    """The review of a request. Raises NotFound."""
    found = session.scalar(
        select(Review).where(Review.subject == ChangeRequest.__tablename__, Review.subject_id == request.id)
    )
    if found is None:
        raise NotFound
    return found


def requests_of(session: Session, row: Any, most: int = 20) -> Sequence[ChangeRequest]:
    """What was asked for about a person or an organisation, the latest first."""
    return session.scalars(
        select(ChangeRequest).where(*_about(row)).order_by(ChangeRequest.id.desc()).limit(most)
    ).all()


def _held(session: Session, row: Any) -> Any:
    """The row as it is now, locked: of two requests about a field the second is refused."""
    model = type(row)
    found = session.scalar(
        select(model)
        .where(model.id == row.id)
        .with_for_update(of=model)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def _read(row: Any, known: Mapping[str, Column], wanted: Wanted) -> dict[str, Any]:
    """What is really different, checked; with a new number, the birth date and the gender that it holds."""
    beside = {key: versions.held(row, column) for key, column in known.items()}
    asked = {key: known[key] for key in wanted.values if key in known and known[key].field.form}
    found = rows.read(asked, wanted.values, beside=beside).sound()
    new = {key: told for key, told in found.items() if told != beside[key]}
    if {"id_number", "document_type"} & new.keys():
        derived = people.from_number({**beside, **new})
        new |= {key: told for key, told in derived.items() if told != beside[key]}
    return new


def _require_changeable(session: Session, row: Any) -> None:
    """Raise Forbidden for whom neither the data are his own nor may change them for his people."""
    require(session, reach(actor_of(session), _action(session, row), type(row)), row)


def _action(session: Session, row: Any) -> str:
    own = actor_of(session).person_id == row.id and "keep" in type(row).access
    return "keep" if own else "update"


def _kinds(session: Session, row: Any, known: Mapping[str, Column], new: Mapping[str, Any]) -> dict[str, str]:
    """The kind of review that each change needs. What a number holds goes with the number."""
    kinds = reviewed_fields.kinds(session, row, {key: known[key] for key in new})
    if kinds.get("id_number") == IDENTITY:
        kinds |= dict.fromkeys(people.from_number(new).keys() & new.keys(), IDENTITY)
    return kinds


def _asked(
    row: Any, known: Mapping[str, Column], new: Mapping[str, Any], kinds: Mapping[str, str]
) -> dict[str, Pairs]:
    """What has to be asked for, by the kind of review."""
    found: dict[str, Pairs] = {}
    for key, kind in kinds.items():
        told = str(new[key]) if isinstance(new[key], date) else new[key]
        found.setdefault(kind, {})[key] = (proposals.plain(row, known[key]), told)
    return found


def _entries(session: Session, row: Any, wanted: Wanted) -> Pairs:
    """The entries of a person's lists that are to come or to go."""
    pairs: Pairs = {}
    wrong: dict[str, list[Any]] = {}
    for position, typed in enumerate(wanted.added, start=1):
        kind = str(typed.get("kind"))
        if kind not in KINDS:
            raise NotFound
        read = credentials.read({key: told for key, told in typed.items() if key != "kind"})
        wrong |= {f"{kind}.{key}": problems for key, problems in read.problems.items()}
        told = {key: None if each is None else str(each) for key, each in read.values.items()}
        pairs[f"{kind}:{credentials.NEW}{position}"] = (None, told)
    if wrong:
        raise Faulty(wrong)
    for number in wanted.removed:
        entry = session.scalar(
            select(Credential).where(
                Credential.id == number, Credential.person_id == row.id, Credential.removed_at.is_(None)
            )
        )
        if entry is None:
            raise NotFound
        pairs[credentials.key_of(entry)] = (credentials.plain(entry), None)
    return pairs


def _require_free(session: Session, row: Any, asked: Mapping[str, Pairs]) -> None:
    """Raise Faulty for what another open request is about; an entry that comes is about nothing else."""
    waiting = session.scalars(select(ChangeRequest).where(*_about(row), ChangeRequest.state == "submitted"))
    taken = {
        key
        for request in waiting
        for key in request.values
        if not key.partition(":")[2].startswith(credentials.NEW)
    }
    if twice := {key for pairs in asked.values() for key in pairs} & taken:
        raise Faulty({key: [OPEN] for key in sorted(twice)})


def _ask(session: Session, row: Any, kind: str, pairs: Pairs, reason: str, proofs: Proofs) -> ChangeRequest:
    known = written(type(row))
    about_person = hasattr(row, "organization_id")
    made = ChangeRequest(
        organization_id=chains.stands_at(row),
        person_id=row.id if about_person else None,
        kind=kind,
        title=_title(row, known, pairs),
        reason=_reason(reason),
    )
    proposals.put(made, known, pairs)
    with refusals(ChangeRequest):
        session.add(made)
        session.flush()
    require(session, reach(actor_of(session), "create", ChangeRequest), made)
    _prove(session, made, proofs)
    reviews.submit(session, kind, made, title=made.title, person_id=made.person_id)
    return made


def _proofs(asked: Mapping[str, Pairs], wanted: Wanted) -> dict[str, Proofs]:
    """Which files prove which request, by its kind; what proves no field of any proves the first."""
    found: dict[str, Proofs] = {kind: {} for kind in asked}
    fields = {kind: [each.partition(":")[0] for each in pairs] for kind, pairs in asked.items()}
    for key, uploads in wanted.evidence.items():
        kind = next((kind for kind, own in fields.items() if key in own), next(iter(fields), ""))
        if kind:
            proven = key if key in fields[kind] else next(iter(fields[kind]), "")
            found[kind].setdefault(proven, []).extend(uploads)
    return found


def _prove(session: Session, request: ChangeRequest, proofs: Proofs) -> None:
    """Keep the files of a request. Raises Faulty where it must have one and has none."""
    for key, uploads in proofs.items():
        attachments.keep_all(session, request, uploads, field=key)
    if request.kind == IDENTITY and not attachments.of(session, request):
        raise Faulty({attachments.FIELD: [UNPROVEN]})


def _returned(session: Session, request_id: int) -> ChangeRequest:
    request = records.locked(session, ChangeRequest, request_id)
    if request.state != "rejected":
        raise NotEligible
    require(session, reach(actor_of(session), "update", ChangeRequest), request)
    return request


def _about(row: Any) -> tuple[Any, ...]:
    if hasattr(row, "organization_id"):
        return (ChangeRequest.person_id == row.id,)
    return (ChangeRequest.person_id.is_(None), ChangeRequest.organization_id == row.id)


def _reason(typed: str) -> str:
    reason = typed.strip()
    if len(reason) > REASON:
        raise Faulty({"reason": [TOO_LONG]})
    return reason


def _title(row: Any, known: Mapping[str, Column], pairs: Pairs) -> str:
    """Whose change it is, and of what, in the words of the queue."""
    labels = [
        credentials.label(key, NATIVE) if credentials.is_entry(key) else said(known[key].field.label, NATIVE)
        for key in pairs
    ]
    return f"{row.name} · {'、'.join(dict.fromkeys(labels))}"[: reviews.TITLE]
