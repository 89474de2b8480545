"""The account of a professional whose registration was approved, and the person it belongs to.

Whom an import brought is claimed, not made again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.database import clock
from app.declare.words import _
from app.encrypted import blind
from app.models.account import Account
from app.models.person import Person
from app.models.registration import Registration
from app.security import doors
from app.services import accounts, messages, people
from app.services.errors import NotEligible
from app.services.integrity import refusals
from app.services.proof import username
from app.services.selection import among

STANDS_ELSEWHERE = _(
    "A professional with this ID number stands at another organization. Reject the registration;"
    " the professional has to be transferred by that organization."
)
OTHER_NAME = _(
    "Your organization has a professional with this ID number under the name %(name)s."
    " Correct that record, or reject the registration."
)
HAS_ACCOUNT = _("The professional with this ID number has an account already.")
TWICE = _("Several of the chosen registrations have the same ID number.")

CLAIMED = ("email", "title_series", "title", "title_level")
"""What a registration fills in where an import left it empty."""


def account_of(session: Session, number: str) -> int | None:
    """The account of an ID number, if it has one."""
    return session.scalar(select(Account.id).where(Account.username == username(number)))


def objections(session: Session, reviews: Sequence[Row[Any]]) -> Mapping[int, Any]:
    """Registrations that cannot become an account as things are, by the review's id."""
    found = {}
    registrations = _registrations(session, reviews)
    indexes = {key: _index(row) for key, row in registrations.items()}
    times = Counter(indexes.values())
    holders = doors.holders(session, times)
    for review in reviews:
        registration, index = registrations[review.subject_id], indexes[review.subject_id]
        holder = holders.get(index)
        if times[index] > 1:
            found[review.id] = TWICE
        elif holder is not None and (objection := _objection(registration, holder)) is not None:
            found[review.id] = objection
    return found


def _objection(registration: Registration, holder: Row[Any]) -> Any | None:
    if holder.organization_id != registration.organization_id:
        return STANDS_ELSEWHERE
    if holder.account_id is not None:
        return HAS_ACCOUNT
    if holder.name != registration.name:
        return NotEligible(OTHER_NAME, name=holder.name)
    return None


def open_account(session: Session, reviews: Sequence[Row[Any]]) -> None:
    """Make or claim the person of each registration and open the account, with the password that was chosen.

    An administrator who has an account under this ID number keeps it, password included: it becomes the
    person's as well.
    """
    registrations = _registrations(session, reviews)
    here = _people(session, registrations)
    made = {key: _claimed(here[key], row) if key in here else _new(row) for key, row in registrations.items()}
    session.add_all(made.values())
    with refusals(Person):
        session.flush()  # the persons' ids are needed below
    names = {key: username(row.id_number) for key, row in registrations.items()}
    known = {
        account.username: account
        for account in session.scalars(select(Account).where(Account.username.in_(names.values())))
    }
    for key, registration in registrations.items():
        account = _reopened(known.get(names[key]), registration) or _opened(session, registration)
        account.person_id = registration.person_id = made[key].id
        registration.password = ""  # the account holds it from now on
    with refusals(Account):
        session.flush()
    messages.tell(session, [messages.Told("account_opened", {}, person_id=row.id) for row in made.values()])


def _registrations(session: Session, reviews: Sequence[Row[Any]]) -> dict[int, Registration]:
    ids = [review.subject_id for review in reviews]
    found = session.scalars(select(Registration).where(Registration.id == among(ids)))
    return {row.id: row for row in found}


def _people(session: Session, registrations: Mapping[int, Registration]) -> dict[int, Person]:
    """The persons who are here already, by registration."""
    indexes = {_index(row): key for key, row in registrations.items()}
    rows = session.scalars(
        select(Person).where(Person.id_number_index.in_(indexes), Person.state != "closed")
    )
    return {indexes[bytes(person.id_number_index)]: person for person in rows}


def _index(registration: Registration) -> bytes:
    return blind("person.id_number", registration.id_number)


def _new(registration: Registration) -> Person:
    person = Person(
        organization_id=registration.organization_id,
        name=registration.name,
        document_type=registration.document_type,
        extra=dict(registration.extra),
        state="active",
        **{key: getattr(registration, key) for key in CLAIMED},
    )
    person.id_number = registration.id_number
    person.phone = registration.phone
    derived = people.from_number(
        {"id_number": registration.id_number, "document_type": registration.document_type}
    )
    for key, value in derived.items():
        setattr(person, key, value)
    return person


def _claimed(person: Person, registration: Registration) -> Person:
    """The person's own telephone counts; of the rest, what the unit has written stays."""
    registration.replaced = {key: getattr(person, key) for key in CLAIMED} | {"extra": dict(person.extra)}
    registration.replaced_phone = person.phone
    person.phone = registration.phone
    for key in CLAIMED:
        if getattr(person, key) is None:
            setattr(person, key, getattr(registration, key))
    written = {key: value for key, value in person.extra.items() if value is not None}
    person.extra = {**registration.extra, **written}
    return person


def _reopened(account: Account | None, registration: Registration) -> Account | None:
    """The account that is there; one that was closed has the password that was chosen now."""
    if account is not None and account.state == "closed":
        account.state, account.password = "active", registration.password
        account.password_chosen_at = account.opened_at = clock.now()
        account.phone, account.contact_email = registration.phone, registration.email
    return account


def _opened(session: Session, registration: Registration) -> Account:
    return accounts.open_account(
        session,
        name=registration.name,
        number=registration.id_number,
        password=registration.password,
        phone=registration.phone,
        email=registration.email,
    )
