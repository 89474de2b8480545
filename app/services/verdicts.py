"""The rows that a verdict writes: a thousand cost as many statements as one. For reviews.py alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Date,
    Integer,
    Row,
    SmallInteger,
    bindparam,
    case,
    column,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.database import clock, insert_rows
from app.declare.province import province
from app.declare.review import ReviewKind, Verdict
from app.models.account import Account
from app.models.decision import Decision
from app.models.review import Review
from app.reviews import KINDS
from app.security import audit
from app.security.actor import actor_of
from app.security.scope import Forbidden, model_of
from app.services import chains, messages, working_days
from app.services.errors import Stale
from app.services.marking import Mark
from app.services.selection import among

END: Mapping[Verdict, str] = MappingProxyType({"approve": "approved", "reject": "rejected"})
"""What a review is after the verdict of its last step; a rejection ends it at any step."""

MOVES = (
    func.jsonb_to_recordset(bindparam("moves", type_=JSONB))
    .table_valued(
        column("id", BigInteger),
        column("version", Integer),
        column("step", SmallInteger),
        column("waiting_id", BigInteger),
        column("chain", JSONB),
        column("due_on", Date),
        name="moves",
    )
    .render_derived(with_types=True)
)


OPENED = ("step", "waiting_id", "chain", "due_on")
"""What changes when a next step opens, and stays when a review ends."""

Move = dict[str, Any]
"""Where a review goes: its id and version, and OPENED if it goes on. A thousand that end travel light."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: the key of one of the province's reasons or nothing, words, and remarks at fields."""

    key: str
    words: str
    marks: tuple[Mark, ...] = ()


def moves(session: Session, kind: ReviewKind, rows: Sequence[Row[Any]], verdict: Verdict) -> list[Move]:
    """Where each review goes: to its next step, or to its end."""
    onwards = [row for row in rows if verdict == "approve" and row.step + 1 < row.steps]
    steps = chains_of(session, [row.id for row in onwards])
    openings = [
        chains.Opening(
            chain=steps[row.id],
            step=row.step + 1,
            organization_id=row.organization_id,
            accounts=frozenset({row.creator_id, row.editor_id} - {None}),
            person_id=row.person_id,
        )
        for row in onwards
    ]
    opened = dict(zip((row.id for row in onwards), chains.opened(session, kind, openings), strict=True))
    return [moved(row, opened.get(row.id)) for row in rows]


def goes_on(move: Move) -> bool:
    """Whether a next step opens; else the verdict ends the review."""
    return "step" in move


def chains_of(session: Session, ids: Sequence[int]) -> Mapping[int, chains.Steps]:
    """The chains of the reviews that go on: of those that end nobody asks the chain."""
    if not ids:
        return {}
    found = session.execute(select(Review.id, Review.chain).where(Review.id == among(ids)))
    return {row.id: row.chain for row in found}


def moved(row: Row[Any], opened: chains.Opened | None) -> Move:
    """What becomes of one review: the step that opens, or its end."""
    kept = {"id": row.id, "version": row.version}
    if opened is None:
        return kept
    return kept | {
        "step": opened.step,
        "waiting_id": opened.waiting_id,
        "chain": opened.chain,
        "due_on": opened.due_on.isoformat(),
    }


def write(session: Session, going: Sequence[Move], verdict: Verdict) -> None:
    """The one conditional update that decides: the version that was judged, still open, here, nobody's own.

    Raises Stale when another reviewer was faster with any of them.
    """
    actor, ends = actor_of(session), MOVES.c.step.is_(None)
    decided = (
        update(Review)
        .where(
            Review.id == MOVES.c.id,
            Review.version == MOVES.c.version,
            Review.state == "open",
            Review.waiting_id == actor.organization_id,
            *(Review.person_id.is_distinct_from(one) for one in actor.persons),
            *(Review.creator_id.is_distinct_from(one) for one in actor.accounts),
            *(Review.editor_id.is_distinct_from(one) for one in actor.accounts),
        )
        .values(
            version=Review.version + 1,
            state=case((ends, END[verdict]), else_="open"),
            decided_at=case((ends, clock.now())),
            **{key: func.coalesce(MOVES.c[key], getattr(Review, key)) for key in OPENED},
        )
        .returning(Review.id)
        .execution_options(synchronize_session=False)
    )
    won = set(session.scalars(decided, {"moves": list(going)}))
    if len(won) != len(going):
        raise Stale
    session.expire_all()  # what the session held of these rows is no longer so


def reopen(session: Session, going: Sequence[Move]) -> None:
    """Let reviews wait again in a new round, where their moves say, if they are still as they were read.

    Raises Stale.
    """
    reopened = (
        update(Review)
        .where(Review.id == MOVES.c.id, Review.version == MOVES.c.version, Review.state != "withdrawn")
        .values(
            version=Review.version + 1,
            round=Review.round + 1,
            state="open",
            decided_at=None,
            **{key: MOVES.c[key] for key in OPENED},
        )
        .returning(Review.id)
        .execution_options(synchronize_session=False)
    )
    if len(session.scalars(reopened, {"moves": list(going)}).all()) != len(going):
        raise Stale
    session.expire_all()


def record(
    session: Session,
    rows: Sequence[Row[Any]],
    verdict: Verdict | Literal["revoke"],
    why: Reason,
    *,
    batch: UUID | None = None,
    steps: Mapping[int, int] | None = None,
) -> None:
    """The decisions, confirmed together as a `batch`, and their audit events.

    `steps` are those they speak of, by review, where these are not the open ones.
    """
    actor, at = actor_of(session), steps or {row.id: row.step for row in rows}
    common = {
        "organization_id": actor.organization_id,
        "account_id": actor.account_id,
        "appointment_id": actor.appointment_id,
        "name": actor.name[:64],
        "on_behalf": actor.on_behalf,
        "verdict": verdict,
        "reason_key": why.key,
        "reason": why.words,
        "batch": batch,
        "marks": [mark.kept() for mark in why.marks] or None,
        "decided_at": clock.now(),
    }
    insert_rows(
        session,
        Decision,
        [
            {
                "review_id": row.id,
                "round": row.round,
                "step": at[row.id],
                "due_on": row.due_on,
                "took": _took(row, verdict),
            }
            | common
            for row in rows
        ],
    )
    audit.record_all(
        session,
        [
            audit.event(
                session,
                verdict,
                row.subject,
                row.subject_id,
                row.organization_id,
                after={"step": at[row.id]},
                reason=why.words,
            )
            for row in rows
        ],
    )


def _took(row: Row[Any], verdict: str) -> int | None:
    """Working days since the open step opened: those it had, less those that are left of them."""
    if verdict not in END or row.due_on is None:
        return None
    return (row.days or province().clock.days) - working_days.between(clock.today(), row.due_on)


def write_states(session: Session, kind: ReviewKind, ids: Sequence[int], *, was: str, becomes: str) -> None:
    """Let the subjects' states follow their reviews'. Raises Forbidden when one is out of reach."""
    if not ids:
        return
    model = model_of(kind.subject)
    followed = session.scalars(
        update(model)
        .where(model.id == among(ids), model.state == kind.states[was])
        .values(state=kind.states[becomes])
        .returning(model.id)
        .execution_options(synchronize_session=False)
    ).all()
    if len(followed) != len(set(ids)):
        raise Forbidden(f"{kind.subject}: some of {sorted(ids)} did not follow their reviews")
    session.expire_all()


def tell(session: Session, rows: Sequence[Row[Any]], verdict: Verdict, why: Reason) -> None:
    """Tell those whom a finished review is about what became of it, and who submitted it for his unit.

    Who applied and has no account is told a rejection where the application says; an approval opens one.
    """
    kind = "review_approved" if verdict == "approve" else "review_rejected"
    told = [
        messages.Told("registration_rejected", {"reason": why.words}, registration_id=row.subject_id)
        if verdict == "reject" and _without_account(row)
        else messages.Told(
            kind,
            {"title": row.title, "reason": why.words},
            person_id=row.person_id,
            account_id=row.creator_id if row.person_id is None else None,
        )
        for row in rows
    ]
    for_units = [row for row in rows if row.person_id is not None and KINDS[row.kind].of_unit]
    own = _accounts_of(session, for_units) if for_units else frozenset()
    told += [
        messages.Told(kind, {"title": row.title, "reason": why.words}, account_id=row.creator_id)
        for row in for_units
        if row.creator_id not in own
    ]
    messages.tell(session, told)


def _without_account(row: Row[Any]) -> bool:
    """Whether nobody who has an account applied, but somebody who gave a telephone or an e-mail."""
    return row.person_id is None and row.creator_id is None and KINDS[row.kind].reached


def _accounts_of(session: Session, rows: Sequence[Row[Any]]) -> frozenset[int]:
    """The accounts of those whom these reviews are about: they are told as the persons they are."""
    persons = [row.person_id for row in rows]
    return frozenset(session.scalars(select(Account.id).where(Account.person_id.in_(persons))))
