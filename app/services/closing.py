"""The account of a professional whose approval is revoked: as if the registration had never been approved."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.declare.words import _
from app.models.account import Account
from app.models.person import Person
from app.models.registration import Registration
from app.security import doors
from app.services.errors import NotEligible
from app.services.openings import CLAIMED
from app.services.proof import username
from app.services.selection import among

USED = _(
    "The professional has used the account by now. Disable the account, or let the professional be"
    " transferred."
)
GONE = _("The professional belongs to another organization by now.")


def bound(session: Session, ended: Sequence[Row[Any]]) -> Mapping[int, Any]:
    """Why the approval of a registration stands by now: the account was used, or the person has moved."""
    registrations = {row.id: row for row in _registrations(session, ended)}
    persons = [row.person_id for row in registrations.values() if row.person_id is not None]
    begun = doors.begun(session, persons)
    found = {}
    for review in ended:
        registration = registrations[review.subject_id]
        person = begun.get(registration.person_id or 0)
        if person is not None and person.organization_id != registration.organization_id:
            found[review.id] = GONE
        elif person is not None and person.used:
            found[review.id] = USED
    return found


def close_account(session: Session, approved: Sequence[Row[Any]]) -> None:
    """Undo what openings.open_account did: the registration has its password back and can be approved again.

    An account that was there before is the person's no more; a person who was there before gets back what
    the approval wrote over, unless somebody has changed it since. Raises NotEligible when the account was
    used in the meantime.
    """
    registrations = _registrations(session, approved)
    persons = {
        row.id: row
        for row in session.scalars(
            select(Person)
            .where(Person.id == among([each.person_id or 0 for each in registrations]))
            .order_by(Person.id)
            .with_for_update(of=Person)
        )
    }
    names = [username(each.id_number) for each in registrations]
    accounts = {
        row.person_id or 0: row
        for row in session.scalars(select(Account).where(Account.username.in_(names)).with_for_update())
    }
    if bound(session, approved):
        raise NotEligible(USED)
    for registration in registrations:
        key = registration.person_id or 0
        person, account = persons[key], accounts[key]
        held = doors.posts(session, account.id)
        account.person_id = registration.person_id = None
        if not held:
            registration.password, account.state = account.password, "closed"
        _leave(person, registration)
    session.flush()


def _leave(person: Person, registration: Registration) -> None:
    """Close a person that the approval made; give one that was there what it had."""
    if registration.replaced is None:
        person.state = "closed"
        return
    before = registration.replaced
    if person.phone == registration.phone:
        person.phone = registration.replaced_phone
    for key in CLAIMED:
        if before[key] is None and getattr(person, key) == getattr(registration, key):
            setattr(person, key, None)
    given = {**registration.extra, **_written(before["extra"])}
    if person.extra == given:
        person.extra = before["extra"]
    registration.replaced = registration.replaced_phone = None


def _written(extra: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in extra.items() if value is not None}


def _registrations(session: Session, reviews: Sequence[Row[Any]]) -> list[Registration]:
    ids = [review.subject_id for review in reviews]
    return list(
        session.scalars(select(Registration).where(Registration.id == among(ids)).order_by(Registration.id))
    )
