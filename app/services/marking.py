"""Marks at fields: what a reviewer objects to where it stands, so that it is corrected there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.declare.part import Text
from app.declare.words import NATIVE, _
from app.models.decision import Decision
from app.models.review import Review
from app.services import differences
from app.services.errors import NotEligible
from app.services.wording import said

LONGEST = 200
"""Characters of one remark."""

REASON = _("To be corrected: %(fields)s")


@dataclass(frozen=True, slots=True)
class Mark:
    """A remark at one field; `key` is its fact's (differences.py)."""

    key: str
    label: Text
    remark: str

    def kept(self) -> dict[str, Any]:
        """As a decision keeps it."""
        return {"key": self.key, "label": self.label.model_dump(), "remark": self.remark}


def markable(session: Session, review: Review, row: Any, locale: str) -> dict[str, str]:
    """The fields of a review at which a remark can stand, by key, each with what it is called."""
    found = {fact.key: fact.label for fact in differences.seen(session, review, row, locale)}
    found |= {change.key: change.label for change in differences.changes(session, review, row, locale)}
    return found | {differences.EVIDENCE: said(differences.PROOF, locale)}


def marks(session: Session, review: Review, remarks: Mapping[str, str]) -> tuple[Mark, ...]:
    """The remarks that say something, in the order of the fields. Raises NotEligible for one at no field."""
    told = {key: remark.strip()[:LONGEST] for key, remark in remarks.items() if remark.strip()}
    row = differences.subject_of(session, review) if told else None
    if not told or row is None:
        return ()
    labels = {locale: markable(session, review, row, locale) for locale in Text.model_fields}
    if unknown := set(told) - set(labels[NATIVE]):
        raise NotEligible(_("There is no field %(key)s to mark."), key=min(unknown))
    return tuple(
        Mark(key, Text(**{locale: each[key] for locale, each in labels.items()}), told[key])
        for key in labels[NATIVE]
        if key in told
    )


def reason(found: Sequence[Mark]) -> str:
    """The reason of a rejection that says no more than what is marked."""
    fields = "、".join(mark.label.in_(NATIVE) for mark in found)
    return said(REASON, NATIVE) % {"fields": fields} if fields else ""


def of(decision: Any) -> tuple[Mark, ...]:
    """The marks that a decision keeps."""
    return tuple(Mark(each["key"], Text(**each["label"]), each["remark"]) for each in (decision.marks or ()))


def last(session: Session, review: Review, row: Any) -> tuple[Mark, ...]:
    """What was marked when this, or what it follows, was rejected the last time; none where it never was."""
    rejected = differences.earlier(session, review, row)
    subject = review.subject_id if rejected is None else rejected.id
    decision = session.scalar(
        select(Decision)
        .join(Review, Review.id == Decision.review_id)
        .where(Review.subject == review.subject, Review.subject_id == subject, Decision.verdict == "reject")
        .order_by(Decision.id.desc())
        .limit(1)
    )
    return of(decision) if decision is not None else ()
