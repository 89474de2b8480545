"""Undoing verdicts: a review waits again at the step that was decided, in a new round, its effects undone.

The last verdict alone can be undone, by a new decision with a reason: by the organisation that gave it or
one above, while nothing depends on it (`Effect.bound`). Whoever decided takes it back without a reason for
ten seconds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.review import ReviewKind
from app.declare.words import _
from app.models.decision import Decision
from app.models.review import Review
from app.reviews import KINDS
from app.security import doors
from app.security.actor import Actor, actor_of
from app.services import chains, effects, messages, verdicts
from app.services.errors import NotEligible, NotFound, ReasonMissing, Stale
from app.services.histories import TAKEN_BACK
from app.services.judgement import OWN, Skipped, own
from app.services.selection import Ids, among, load
from app.services.verdicts import Move, Reason

LONGEST = 500
"""Characters of a reason."""

NOT_LAST = _("There is no verdict that could be revoked: it waits, or it was withdrawn.")
NOT_ABOVE = _("Only the organization that decided, or one above it, can revoke this.")
GONE_ON = _("Others have gone on with it.")
TOO_LATE = _("The ten seconds are over. Revoke the decisions one by one, with a reason.")

NOBODY_HERE = _("Nobody at your organization may decide it anew, so its decision stands.")
ANOTHER = _("Another one has been submitted meanwhile. It has to be decided or withdrawn first.")

Bars = Callable[[Row[Any], Row[Any] | None], Any]


def revoke(session: Session, review_id: int, version: int, reason: str) -> Review:
    """Undo the last verdict about one review, with its effects; the applicant and other deciders are told.

    Raises ReasonMissing, NotFound, Forbidden without the permission of the kind, Stale when it has changed
    since it was shown, and NotEligible with the sentence that `objection` gives.
    """
    words = reason.strip()[:LONGEST]
    if not words:
        raise ReasonMissing
    with transaction(session):
        session.flush()
        rows = load(session, Ids(((review_id, version),)), lock=True)
        if rows[0].version != version:
            raise Stale
        last = _last(session, rows)
        for barred in _barred(session, rows, last, _outranked(session, last)):
            raise NotEligible(barred.reason)
        _undo(session, rows, last, Reason("", words))
        return session.get_one(Review, review_id)


def objection(session: Session, review: Review) -> Any | None:
    """Why the acting organisation cannot revoke the last verdict about a review; None if it can."""
    rows = load(session, Ids(((review.id, review.version),)))
    last = _last(session, rows)
    barred = _barred(session, rows, last, _outranked(session, last))
    return barred[0].reason if barred else None


def take_back(session: Session, batch: UUID) -> int:
    """Undo all verdicts that the acting account confirmed together a moment ago; returns how many.

    Their messages are not sent. Raises NotFound for what is not one's own, NotEligible after ten seconds, and
    Stale with the list of those that others have gone on with: then nothing is done.
    """
    actor = actor_of(session)
    with transaction(session):
        session.flush()
        given = session.execute(
            select(Decision.review_id, Decision.decided_at).where(
                Decision.batch == batch, Decision.account_id == actor.account_id
            )
        ).all()
        if not given:
            raise NotFound
        if clock.now() - given[0].decided_at > messages.HELD:
            raise NotEligible(TOO_LATE)
        rows = load(session, Ids(tuple((row.review_id, 0) for row in given)), lock=True)
        last = _last(session, rows)
        barred = _barred(session, rows, last, _overtaken(batch))
        if barred:
            raise Stale(GONE_ON, items=barred)
        doors.drop(session, batch)
        _undo(session, rows, last, Reason(TAKEN_BACK, ""), silent=True)
    return len(rows)


def _last(session: Session, rows: Sequence[Row[Any]]) -> Mapping[int, Row[Any]]:
    """The verdict by which each review stands where it does; none for what waits at its first open step."""
    asked = (
        select(
            Decision.review_id, Decision.round, Decision.step, Decision.organization_id,
            Decision.account_id, Decision.verdict, Decision.batch, Decision.due_on,
        )
        .where(Decision.review_id == among([row.id for row in rows]))
        .order_by(Decision.id)
    )  # fmt: skip
    found: dict[int, Any] = {}
    for decision in session.execute(asked):
        found[decision.review_id] = decision
    return {row.id: found[row.id] for row in rows if row.id in found and _stands(row, found[row.id])}


def _stands(row: Row[Any], last: Row[Any]) -> bool:
    """Whether a review stands where this verdict has led it."""
    led = row.state in ("approved", "rejected") or (row.state == "open" and row.step > last.step)
    return bool(led and last.round == row.round and last.verdict in verdicts.END)


def _overtaken(batch: UUID) -> Bars:
    """What bars taking back: another verdict than those of the batch came last."""
    return lambda _row, each: None if each is not None and each.batch == batch else GONE_ON


def _outranked(session: Session, last: Mapping[int, Row[Any]]) -> Bars:
    """What bars a revocation by rank: neither the organisation that decided nor one above it."""
    actor = actor_of(session)
    lines = doors.lineages(session, {each.organization_id for each in last.values()})

    def bars(_row: Row[Any], each: Row[Any] | None) -> Any:
        if each is None:
            return NOT_LAST
        above = {place.id for place in lines[each.organization_id]}
        return None if actor.organization_id in above else NOT_ABOVE

    return bars


def _barred(
    session: Session, rows: Sequence[Row[Any]], last: Mapping[int, Row[Any]], bars: Bars
) -> tuple[Skipped, ...]:
    """The reviews whose last verdict cannot be undone by the actor, each with why."""
    actor: Actor = actor_of(session)
    kind = KINDS[rows[0].kind]
    ended = [row for row in rows if row.state in ("approved", "rejected")]
    reasons = dict(effects.bound(session, kind, ended))
    reasons |= {row.id: OWN for row in rows if own(actor, row)}
    reasons |= {row.id: why for row in rows if (why := bars(row, last.get(row.id))) is not None}
    return tuple(Skipped(row.id, row.title, reasons[row.id]) for row in rows if row.id in reasons)


def _undo(
    session: Session,
    rows: Sequence[Row[Any]],
    last: Mapping[int, Row[Any]],
    why: Reason,
    *,
    silent: bool = False,
) -> None:
    """Reopen them, undo what their ends did, and write down who said so."""
    kind = KINDS[rows[0].kind]
    effects.undo(session, kind, [row for row in rows if row.state == "approved"])
    going = _reopened(session, kind, rows, last)
    if silent:
        going = [_as_due(move, last[move["id"]]) for move in going]
    verdicts.reopen(session, going)
    try:
        for state in ("approved", "rejected"):
            ended = [row.subject_id for row in rows if row.state == state]
            verdicts.write_states(session, kind, ended, was=state, becomes="open")
    except IntegrityError:  # of some things only one is open at a time
        raise NotEligible(ANOTHER) from None
    steps = {row.id: last[row.id].step for row in rows}
    verdicts.record(session, rows, "revoke", why, steps=steps)
    if not silent:
        _tell(session, rows, why)


def _reopened(
    session: Session, kind: ReviewKind, rows: Sequence[Row[Any]], last: Mapping[int, Row[Any]]
) -> list[Move]:
    kept = verdicts.chains_of(session, [row.id for row in rows])
    openings = [
        chains.Opening(
            chain=_unresolved(kept[row.id], last[row.id].step),
            step=last[row.id].step,
            organization_id=row.organization_id,
            accounts=frozenset({row.creator_id, row.editor_id} - {None}),
            person_id=row.person_id,
        )
        for row in rows
    ]
    opened = chains.opened(session, kind, openings)
    here = actor_of(session).organization_id
    lines = doors.lineages(session, {row.organization_id for row in rows})
    for row, each in zip(rows, opened, strict=True):
        if here != each.waiting_id and here not in {place.id for place in lines[row.organization_id]}:
            raise NotEligible(NOBODY_HERE)
    return [verdicts.moved(row, each) for row, each in zip(rows, opened, strict=True)]


def _as_due(move: Move, last: Row[Any]) -> Move:
    """A review that is taken back at once is due when it was before: nobody gains days by pressing twice."""
    return move | {"due_on": last.due_on.isoformat()} if last.due_on is not None else move


def _unresolved(chain: chains.Steps, step: int) -> chains.Steps:
    """A chain that knows of the step and those behind it only what the province says."""
    steps = deepcopy(chain)
    for each in steps[step:]:
        each.pop("organization_id", None)
        each.pop("marks", None)
    return steps


def _tell(session: Session, rows: Iterable[Row[Any]], why: Reason) -> None:
    """Tell those whom the reviews are about, and those who decided one of their steps."""
    actor = actor_of(session)
    here = actor.organization_id or 0
    place = doors.names(session, [here])[here].name
    for row in rows:
        words = {"title": row.title, "reason": why.words}
        deciders = session.scalars(
            select(Decision.account_id)
            .where(
                Decision.review_id == row.id,
                Decision.account_id.is_distinct_from(actor.account_id),
                Decision.verdict.in_(verdicts.END),
            )
            .distinct()
        )
        about = messages.Told(
            "review_revoked",
            words,
            person_id=row.person_id,
            account_id=row.creator_id if row.person_id is None else None,
        )
        told = [
            messages.Told("decision_revoked", words | {"organization": place}, account_id=each)
            for each in deciders
            if each is not None
        ]
        messages.tell(session, [about, *told])
