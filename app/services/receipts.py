"""What whoever registered may know and do without a login: see how it stands, and take it back.

One shows the receipt code, or the ID number with the password that was chosen; then one has a claim to one
registration, of a professional or of a unit. An actor of the kind `applicant` reads and withdraws it
(`security.scope.acting`, two uses below).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.column import value
from app.models.registration import Registration
from app.security import doors
from app.security.scope import acting
from app.services import marking, reminders, reviews
from app.services.errors import LoginRefused, NotEligible, NotFound
from app.services.organizations import applicant
from app.services.proof import THROTTLED, prove
from app.services.registration_fields import person_columns
from app.services.registrations import digest
from app.services.standing import Asked, asked, reason_of
from app.services.timing import Timing, timing

UNIT = "organization"


@dataclass(frozen=True, slots=True)
class Claim:
    """A registration that somebody has shown to be his: of a professional (`registration`) or of a unit."""

    noun: str
    id: int
    organization_id: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How a registration stands. `state` is one of models/registration.py: STATES."""

    state: str
    organization: str
    asked: Asked | None
    submitted: datetime
    decided: datetime | None
    reason: str
    timing: Timing | None = None
    """How long it waits; None once it is decided."""
    may_remind: bool = False


def by_receipt(session: Session, receipt: str) -> Claim:
    """The claim of whoever holds a receipt code. Raises NotFound."""
    found = doors.receipt(session, digest(receipt))
    if found is None:
        raise NotFound
    return Claim(Registration.__tablename__, found.registration_id, found.organization_id)


def by_password(session: Session, number: str, password: str, address: str) -> Claim:
    """The claim of whoever knows the password that was chosen at registering.

    The same tries are counted and the same work is done as at a login, whatever is known of the number.
    Raises NotFound where the two do not fit or nothing waits or was rejected under them: the answer is the
    same; and NotEligible after too many tries. Commits: call it outside of any transaction.
    """
    try:
        proven = prove(session, number, password, address)
    except LoginRefused as refused:
        if refused.message is THROTTLED:
            raise NotEligible(THROTTLED) from refused
        raise NotFound from refused
    if proven.applicant is not None:
        return Claim(Registration.__tablename__, proven.applicant.id, proven.applicant.organization_id)
    held = doors.posts(session, proven.account.id) if proven.account is not None else ()
    for state in ("pending", "rejected"):
        for post in held:
            if post.state == state and doors.verdict(session, UNIT, post.organization_id) is not None:
                return Claim(UNIT, post.organization_id, post.organization_id)
    raise NotFound


def progress(session: Session, claim: Claim) -> Progress:
    """How a registration stands. Raises NotFound."""
    verdict = _verdict(session, claim)
    state = "pending" if verdict.state == "open" else verdict.state
    return Progress(
        state=state,
        organization=doors.names(session, [claim.organization_id])[claim.organization_id].name,
        asked=asked(session, verdict.waiting_id if state == "pending" else None),
        submitted=verdict.submitted_at,
        decided=verdict.decided_at if state != "pending" else None,
        reason=reason_of(verdict) if state == "rejected" else "",
        timing=timing(verdict.submitted_at, verdict.due_on) if state == "pending" else None,
        may_remind=state == "pending" and reminders.not_today(verdict.reminded_at),
    )


def withdraw(session: Session, claim: Claim) -> None:
    """Take the registration back before it is decided. Raises NotFound, or Decided if somebody was faster."""
    verdict = _verdict(session, claim)
    with transaction(session), _as_applicant(session, claim):
        reviews.withdraw(session, verdict.review_id, verdict.version)


def remind(session: Session, claim: Claim) -> None:
    """Ask those who may decide to do so. Raises NotFound, Decided, or NotEligible for a second time today."""
    verdict = _verdict(session, claim)
    with transaction(session), _as_applicant(session, claim):
        reminders.remind(session, verdict.review_id)


def earlier(session: Session, claim: Claim) -> Mapping[str, Any]:
    """What a professional filled in, for another try; without ID number, telephone and password.

    Raises NotFound.
    """
    with transaction(session), _as_applicant(session, claim):
        row = session.scalar(select(Registration).where(Registration.id == claim.id))
        if row is None or claim.noun != Registration.__tablename__:
            raise NotFound
        kept = {key: each for key, each in person_columns().items() if not each.field.mask}
        return {key: value(row, each) for key, each in kept.items()} | {
            "organization_id": row.organization_id
        }


def marks(session: Session, claim: Claim) -> tuple[marking.Mark, ...]:
    """What the reviewer marked when rejecting, for another try. Raises NotFound."""
    verdict = _verdict(session, claim)
    return marking.of(verdict) if verdict.state == "rejected" else ()


def _verdict(session: Session, claim: Claim) -> Row[Any]:
    found = doors.verdict(session, claim.noun, claim.id)
    if found is None:
        raise NotFound
    return found


@contextmanager
def _as_applicant(session: Session, claim: Claim) -> Iterator[None]:
    place = doors.lineage(session, claim.organization_id)[0]
    permissions = ("registration.read", "organization.read", "review.read")
    with acting(session, applicant(place, None, *permissions)):
        yield
