"""What the holder of a receipt code may know and do: see how the registration stands, and take it back.

An actor of the kind `applicant` reads and withdraws it (`security.scope.acting`, two uses below).
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
from app.services import reviews
from app.services.errors import NotFound
from app.services.organizations import applicant
from app.services.registration_fields import person_columns
from app.services.registrations import digest
from app.services.standing import Asked, asked, reason_of


@dataclass(frozen=True, slots=True)
class Progress:
    """How a registration stands. `state` is one of models/registration.py: STATES."""

    state: str
    organization: str
    asked: Asked | None
    submitted: datetime
    decided: datetime | None
    reason: str


def progress(session: Session, receipt: str) -> Progress:
    """How the registration of this receipt code stands. Raises NotFound."""
    found = _found(session, receipt)
    names = doors.names(session, [found.organization_id])
    rejected = found.state == "rejected"
    return Progress(
        state=found.state,
        organization=names[found.organization_id].name,
        asked=asked(session, found.waiting_id if found.state == "pending" else None),
        submitted=found.submitted_at,
        decided=found.decided_at,
        reason=reason_of(doors.verdict(session, "registration", found.registration_id)) if rejected else "",
    )


def withdraw(session: Session, receipt: str) -> None:
    """Take the registration back before it is decided. Raises NotFound, or Decided if somebody was faster."""
    found = _found(session, receipt)
    with transaction(session), _as_applicant(session, found):
        reviews.withdraw(session, found.review_id, found.version)


def earlier(session: Session, receipt: str) -> Mapping[str, Any]:
    """What was filled in, for another try; without the ID number, the telephone and the password.

    Raises NotFound.
    """
    found = _found(session, receipt)
    with transaction(session), _as_applicant(session, found):
        row = session.scalars(select(Registration).where(Registration.id == found.registration_id)).one()
        kept = {key: each for key, each in person_columns().items() if not each.field.mask}
        return {key: value(row, each) for key, each in kept.items()} | {
            "organization_id": row.organization_id
        }


def _found(session: Session, receipt: str) -> Row[Any]:
    found = doors.receipt(session, digest(receipt))
    if found is None:
        raise NotFound
    return found


@contextmanager
def _as_applicant(session: Session, found: Row[Any]) -> Iterator[None]:
    place = doors.lineage(session, found.organization_id)[0]
    with acting(session, applicant(place, None, "registration.read", "review.read")):
        yield
