"""What an approval does beside writing states, and how it is undone: by key, bound to the kinds at start."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.declare.field import DeclarationError
from app.declare.province import province
from app.declare.review import ReviewKind
from app.reviews import KINDS
from app.security.scope import model_of
from app.services import (
    arrivals,
    change_effects,
    change_reversal,
    class_hours,
    closing,
    courses,
    joining,
    ledger,
    moves,
    openings,
    reversing,
)

Reviews = Sequence[Row[Any]]
"""Reviews of one kind, as selection.COLUMNS has them."""


@dataclass(frozen=True, slots=True)
class Effect:
    """`run` does it for all reviews at once, in their transaction.

    `objections` says, by the review's id, why an approval cannot be: asked at every step, so that nobody
    approves what cannot take effect. `bound` says why a verdict that ended a review (`state` is approved or
    rejected) cannot be revoked any more: something depends on it by now. `undo` undoes what `run` did, for
    approved reviews at once, in the transaction that revokes; it raises NotEligible where something came to
    depend on it since `bound` was asked, and locks what keeps that from happening.
    """

    run: Callable[[Session, Reviews], None]
    objections: Callable[[Session, Reviews], Mapping[int, Any]]
    undo: Callable[[Session, Reviews], None]
    bound: Callable[[Session, Reviews], Mapping[int, Any]]


EFFECTS: Mapping[str, Effect] = MappingProxyType(
    {
        "credit_hours": Effect(ledger.credit_hours, ledger.objections, reversing.reverse, reversing.bound),
        "apply_changes": Effect(
            change_effects.apply, change_effects.objections, change_reversal.undo, change_reversal.bound
        ),
        "credit_class": Effect(
            class_hours.credit, class_hours.objections, class_hours.undo, class_hours.bound
        ),
        "file_plan": Effect(
            lambda _session, _reviews: None,
            lambda _session, _reviews: {},
            lambda _session, _reviews: None,
            class_hours.taught,
        ),
        "begin_posts": Effect(
            joining.begin_posts, lambda _session, _reviews: {}, joining.require_empty, joining.bound
        ),
        "move": Effect(moves.move, moves.objections, moves.undo, moves.bound),
        "publish_course": Effect(courses.publish, courses.objections, courses.unpublish, courses.bound),
        "transfer": Effect(arrivals.arrive, arrivals.objections, arrivals.undo, arrivals.bound),
        "open_account": Effect(
            openings.open_account, openings.objections, closing.close_account, closing.bound
        ),
    }
)


def check_bindings() -> None:
    """Raise DeclarationError unless every kind has its effect and its model, and every chain its kind."""
    for kind in KINDS.values():
        if kind.effect and kind.effect not in EFFECTS:
            raise DeclarationError(
                f"reviews/{kind.key}: no effect {kind.effect!r}; one of {', '.join(EFFECTS)}"
            )
        try:
            model_of(kind.subject)
        except LookupError:
            raise DeclarationError(f"reviews/{kind.key}: no model has the table {kind.subject!r}") from None
    for key in province().reviews:
        if key not in KINDS:
            raise DeclarationError(f"the province's chain {key!r} is for no kind of review")


def objections(session: Session, kind: ReviewKind, reviews: Reviews) -> Mapping[int, Any]:
    """Why some of these reviews cannot be approved, by id."""
    return EFFECTS[kind.effect].objections(session, reviews) if kind.effect and reviews else {}


def run(session: Session, kind: ReviewKind, reviews: Reviews) -> None:
    """Do what the last approval of these reviews does."""
    if kind.effect and reviews:
        EFFECTS[kind.effect].run(session, reviews)


def bound(session: Session, kind: ReviewKind, reviews: Reviews) -> Mapping[int, Any]:
    """Why the verdicts that ended some of these reviews cannot be revoked any more, by id."""
    return EFFECTS[kind.effect].bound(session, reviews) if kind.effect and reviews else {}


def undo(session: Session, kind: ReviewKind, reviews: Reviews) -> None:
    """Undo what the last approval of these reviews did. Raises NotEligible when it has become too late."""
    if kind.effect and reviews:
        EFFECTS[kind.effect].undo(session, reviews)
