"""What stands beside the evidence: the checks of a kind, asked of many reviews at once.

What a check finds bars nothing: a reviewer decides. Only what is passed as clean leaves doubts out.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.declare.check import CHECKS
from app.declare.field import DeclarationError
from app.reviews import KINDS
from app.security.scope import model_of
from app.services.checks import applicants, learning, papers
from app.services.checks.doubt import Asked, Doubt, Look
from app.services.selection import among

__all__ = ["LOOKS", "Doubt", "check_bindings", "doubtful", "found"]

LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "over_cap": learning.over_cap,
        "outside_year": learning.outside_year,
        "late": learning.late,
        "long_day": learning.long_day,
        "overlapping": learning.overlapping,
        "number_used": papers.number_used,
        "no_proof": papers.no_proof,
        "applicant_reviews": applicants.applicant_reviews,
        "new_account": applicants.new_account,
        "no_credit_code": papers.no_credit_code,
    }
)
"""The function behind each check."""


def check_bindings() -> None:
    """Raise DeclarationError unless each declared check has its function, and each function its check."""
    if unbound := set(CHECKS) ^ set(LOOKS):
        raise DeclarationError(f"checks without their other half: {', '.join(sorted(unbound))}")


def found(
    session: Session, kind: str, reviews: Sequence[Any], subjects: Mapping[int, Any] | None = None
) -> Mapping[int, tuple[Doubt, ...]]:
    """What the checks of a kind say of these reviews, by id, in the kind's order; the others are clear.

    The number of statements does not depend on how many there are. `subjects` are the rows that the reviews
    are about, by id, where they are at hand.
    """
    declared = KINDS[kind]
    if not reviews or not declared.checks:
        return {}
    rows = _subjects(session, declared.subject, reviews) if subjects is None else subjects
    asked = Asked(session, declared, reviews, rows)
    doubts: dict[int, tuple[Doubt, ...]] = {}
    for key in declared.checks:
        for review, finding in LOOKS[key](asked).items():
            told = Doubt(CHECKS[key], finding.message, finding.params)
            doubts[review] = (*doubts.get(review, ()), told)
    return doubts


def noted(session: Session, review: Any, subject: Any) -> list[str]:
    """The keys of what the checks find in one review that is being submitted, for the lists that show it."""
    doubts = found(session, review.kind, [review], {subject.id: subject})
    return [doubt.check.key for doubt in doubts.get(review.id, ())]


def doubtful(doubts: Sequence[Doubt]) -> Sequence[Doubt]:
    """Those of them that keep a review out of what is passed as clean."""
    return [doubt for doubt in doubts if doubt.check.severity == "doubt"]


def _subjects(session: Session, table: str, reviews: Sequence[Any]) -> Mapping[int, Any]:
    model = model_of(table)
    ids = [review.subject_id for review in reviews]
    columns = [getattr(model, each.key) for each in inspect(model).column_attrs]
    return {row.id: row for row in session.execute(select(*columns).where(model.id == among(ids)))}
