"""Approval: the only code that writes the state of a review, or of what is reviewed.

A verdict goes one way, about one thing or a thousand: choose and lock, judge, one conditional update that
decides, then decisions, states, the kind's effect, audit and messages, all in the same transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.review import ReviewKind, Verdict
from app.models.review import Review
from app.reviews import KINDS
from app.security import audit, doors
from app.security.actor import Actor, actor_of
from app.security.scope import Forbidden, model_of, opened_by, require
from app.services import attachments, chains, checks, effects, marking, messages, openings, records, verdicts
from app.services.applicants import asked_by, declared_by
from app.services.errors import CountChanged, Decided, NotEligible, ReasonMissing, Stale
from app.services.judgement import Judged, Skipped, judge, measured, single
from app.services.selection import Choice, Filter, load

TITLE = 120
"""Characters of a review's title."""

REASON = 500
"""Characters of a reason in one's own words."""

NATIVE = "zh"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verdict did: `count` things decided, `finished` of them at their end; the rest left out."""

    count: int
    measure: Decimal
    finished: int
    skipped: tuple[Skipped, ...]
    batch: UUID
    """What it is taken back by, for a few seconds (services/revoking.py)."""


def submit(
    session: Session,
    kind: str,
    subject: Any,
    *,
    title: str,
    person_id: int | None = None,
    measure: Decimal | None = None,
) -> Review:
    """Open the review of a row that is ready, and let it wait at the first step of the province's chain.

    `person_id` is whom it is about, `measure` what batches add up (hours). Raises Forbidden for whom the kind
    does not let start, NotEligible where the province has no such review or one is open already.
    """
    declared, actor = KINDS[kind], actor_of(session)
    model = type(subject)
    with transaction(session):
        session.flush()
        require(session, opened_by(declared.started_by, actor, f"{declared.subject}.create", model), subject)
        open_already = select(Review.id).where(
            Review.subject == declared.subject, Review.subject_id == subject.id, Review.state == "open"
        )
        if session.scalar(open_already):
            raise NotEligible
        stands_at = chains.stands_at(subject)
        creator = _creator(session, declared, subject)
        besides = {creator, actor.behalf_account}
        opened = chains.begin(
            session, declared, stands_at, besides, person_id, chains.named(declared, subject)
        )
        review = Review(
            kind=kind,
            subject=declared.subject,
            subject_id=subject.id,
            title=title[:TITLE],
            organization_id=stands_at,
            person_id=person_id,
            creator_id=creator,
            editor_id=actor.behalf_account,
            measure=measure,
            chain=opened.chain,
            step=opened.step,
            waiting_id=opened.waiting_id,
            state="open",
            due_on=opened.due_on,
            submitted_at=clock.now(),
        )
        review.doubts = checks.noted(session, review, subject)
        review.files = attachments.count(session, subject)
        session.add(review)
        subject.state = declared.states["open"]
        session.flush()
        audit.record(session, "submit", declared.subject, subject.id, organization_id=stands_at)
    return review


def resubmit(
    session: Session,
    review_id: int,
    version: int,
    before: Mapping[str, Any],
    *,
    title: str,
    measure: Decimal | None = None,
) -> Review:
    """Send what was rejected and corrected once more: a new round, from the first step.

    `before` are the facts of the subject as they were decided about; the reviewer sees what changed. Raises
    Forbidden, NotFound, Stale, and NotEligible for a kind that is not corrected but begun anew.
    """
    actor = actor_of(session)
    with transaction(session):
        session.flush()
        review = mine(session, review_id, actor)
        kind = KINDS[review.kind]
        if not kind.resubmit:
            raise NotEligible
        changed = _anew(session, review, actor, title) | {"before": dict(before), "measure": measure}
        change(session, review, version, "rejected", changed)
        subject = session.get_one(model_of(kind.subject), review.subject_id)
        review.doubts = checks.noted(session, review, subject)
        review.files = attachments.count(session, subject)
        verdicts.write_states(session, kind, [review.subject_id], was="rejected", becomes="open")
        audit.record(
            session, "resubmit", kind.subject, review.subject_id, organization_id=review.organization_id
        )
    return review


def amend(session: Session, review_id: int, version: int, *, title: str) -> Review:
    """Let what was changed while it waits begin anew at the first step: whoever saw the old one is told.

    Raises Forbidden, NotFound, Decided if somebody was faster, and NotEligible for a kind that is only
    withdrawn.
    """
    actor = actor_of(session)
    with transaction(session):
        session.flush()
        review = mine(session, review_id, actor)
        kind = KINDS[review.kind]
        if not kind.amends:
            raise NotEligible
        change(session, review, version, "open", _anew(session, review, actor, title))
        subject = session.get_one(model_of(kind.subject), review.subject_id)
        review.doubts = checks.noted(session, review, subject)
        audit.record(
            session, "resubmit", kind.subject, review.subject_id, organization_id=review.organization_id
        )
    return review


def _anew(session: Session, review: Review, actor: Actor, title: str) -> dict[str, Any]:
    """What a new round of a review begins with: the first step, and that its editor does not decide it."""
    besides = {review.creator_id, *actor.accounts}
    editor = next((each for each in actor.accounts if each != review.creator_id), actor.account_id)
    opened = chains.begin(session, KINDS[review.kind], review.organization_id, besides, review.person_id)
    return {
        "state": "open",
        "round": Review.round + 1,
        "chain": opened.chain,
        "step": opened.step,
        "waiting_id": opened.waiting_id,
        "title": title[:TITLE],
        "editor_id": editor,
        "due_on": opened.due_on,
        "submitted_at": clock.now(),
        "decided_at": None,
    }


def withdraw(session: Session, review_id: int, version: int) -> Review:
    """Take back what waits for a decision. Raises Forbidden, NotFound, and Decided if somebody was faster.

    So may the organisation that declared it for its person.
    """
    actor = actor_of(session)
    with transaction(session):
        session.flush()
        review = mine(session, review_id, actor, declared=True)
        kind = KINDS[review.kind]
        change(session, review, version, "open", {"state": "withdrawn", "decided_at": clock.now()})
        verdicts.write_states(session, kind, [review.subject_id], was="open", becomes="withdrawn")
        audit.record(
            session, "withdraw", kind.subject, review.subject_id, organization_id=review.organization_id
        )
    return review


def decide(
    session: Session,
    choice: Choice,
    verdict: Verdict,
    *,
    reason_key: str = "",
    reason: str = "",
    remarks: Mapping[str, str] = MappingProxyType({}),
) -> Outcome:
    """Decide the open step of the chosen reviews: all that are eligible, or none.

    Of any number of reviewers who press at once exactly one wins each review: the update asks for the version
    that was judged, the state, the place and that it is nobody's own. An id out of scope: NotFound, nothing
    done. One review that is decided already: Decided, which says by whom; several: Stale with the list. A
    filter that holds another number than was shown: CountChanged. What must not be decided is left out of a
    batch and named in the outcome; alone it is NotEligible. `remarks` say of one thing that is rejected what
    is wrong at which field (services/marking.py). Raises Forbidden without the permission, ReasonMissing for
    a rejection without a reason. Messages leave ten seconds later (messages.held).
    """
    batch = uuid4()
    with transaction(session), messages.held(session, batch):
        session.flush()
        rows = load(session, choice, lock=True)
        judged = judge(session, rows, choice, verdict)
        _require_as_shown(choice, judged)
        kind = KINDS[judged.eligible[0].kind]
        marks = _marks(session, judged, remarks) if verdict == "reject" else ()
        why = _reason(kind, verdict, reason_key, reason, marks)
        going = verdicts.moves(session, kind, judged.eligible, verdict)
        verdicts.write(session, going, verdict)
        verdicts.record(session, judged.eligible, verdict, why, batch=batch)
        ended = {move["id"] for move in going if not verdicts.goes_on(move)}
        done = [row for row in judged.eligible if row.id in ended]
        subjects = [row.subject_id for row in done]
        verdicts.write_states(session, kind, subjects, was="open", becomes=verdicts.END[verdict])
        if verdict == "approve":
            effects.run(session, kind, done)
        verdicts.tell(session, done, verdict, why)
    return Outcome(
        count=len(judged.eligible),
        measure=measured(judged.eligible),
        finished=len(done),
        skipped=judged.gone + judged.barred,
        batch=batch,
    )


def _require_as_shown(choice: Choice, judged: Judged) -> None:
    """Raise unless what is eligible now is what the actor saw before confirming."""
    if isinstance(choice, Filter):
        if choice.expected != len(judged.eligible):
            raise CountChanged(expected=choice.expected or 0, now=len(judged.eligible))
    elif len(choice.versions) == 1:
        single(judged)
    elif judged.gone:
        raise Stale(items=judged.gone)
    if not judged.eligible:
        raise NotEligible(judged.barred[0].reason if judged.barred else None)


def _marks(session: Session, judged: Judged, remarks: Mapping[str, str]) -> tuple[marking.Mark, ...]:
    """The remarks about the one thing that is rejected; of many nothing is said field by field."""
    if len(judged.eligible) > 1:
        return ()
    return marking.marks(session, session.get_one(Review, judged.eligible[0].id), remarks)


def _reason(
    kind: ReviewKind, verdict: Verdict, key: str, words: str, marks: tuple[marking.Mark, ...]
) -> verdicts.Reason:
    known = {reason.key: reason.label for reason in chains.chain_of(kind.key).reasons}
    words = words.strip()[:REASON] or ("" if key else marking.reason(marks)[:REASON])
    if key and key not in known:
        raise ReasonMissing
    if verdict == "reject" and not (key or words):
        raise ReasonMissing
    return verdicts.Reason(key, words or (known[key].in_(NATIVE) if key else ""), marks)


def held(session: Session, noun: str, subject_id: int) -> Review | None:
    """The newest review of a row, locked: whoever writes both locks the review first, as verdicts do."""
    return session.scalar(
        select(Review)
        .where(Review.subject == noun, Review.subject_id == subject_id)
        .order_by(Review.id.desc())
        .limit(1)
        .with_for_update(of=Review)
        .execution_options(populate_existing=True)
    )


def mine(session: Session, review_id: int, actor: Actor, *, declared: bool = False) -> Review:
    """The review, locked, if the actor may take it back or correct it: its person, creator or unit.

    An applicant without a login has shown the receipt code before (services/receipts.py). With `declared` it
    may also be that of the organisation that declared it for somebody.
    """
    review = records.locked(session, Review, review_id)
    if not asked_by(actor, review) and not (declared and declared_by(session, actor, review)):
        raise Forbidden(f"review {review_id} is somebody else's")
    return review


def change(session: Session, review: Review, version: int, was: str, values: Mapping[str, Any]) -> None:
    """Change a review if it is still as its owner saw it. Raises Decided or Stale."""
    if review.version != version or review.state != was:
        raise Decided if review.state != was else Stale
    changed = session.scalar(
        update(Review)
        .where(Review.id == review.id, Review.version == version, Review.state == was)
        .values(version=Review.version + 1, **values)
        .returning(Review.id)
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        raise Stale
    session.expire_all()


def _creator(session: Session, kind: ReviewKind, subject: Any) -> int | None:
    """Whose thing it is: the acting account, or the one that a registration without login will belong to."""
    actor = actor_of(session)
    if actor.account_id is not None:
        return actor.account_id
    if chains.about_itself(kind):
        administrators = doors.administrators(session, subject.id)
        return administrators[0].account_id if administrators else None
    return openings.account_of(session, subject.id_number) if hasattr(subject, "id_number") else None
