"""Registering: units with their administrator, and professionals.

Nobody is logged in here. What is written stands at, or below, the organisation that was chosen, and an actor
of the kind `applicant` sees that much of it while it is written (`security.scope.acting`, two uses below).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.profile import UnitRegistration
from app.declare.province import province
from app.declare.words import _
from app.models.appointment import Appointment
from app.models.organization import Organization
from app.models.registration import Registration
from app.security import audit
from app.security.addresses import network
from app.security.scope import acting
from app.services import attachments, codes, departments, joining, passwords, reviews, rows, throttle
from app.services.errors import Faulty, NotEligible
from app.services.integrity import refusals
from app.services.organizations import applicant, parent_for, role_of
from app.services.proof import THROTTLED
from app.services.registration_fields import (
    ADMINISTRATOR,
    PARENT,
    PROVEN,
    password_problems,
    person_columns,
    pledge_problems,
    unit_columns,
    unit_problems,
)
from app.services.standing import Asked, asked
from app.services.values import declared

MOST = 300
"""Registrations from one address in a quarter of an hour: a whole hospital may sit behind one."""

MOST_WITH_FILES = 30
"""Of these with files, which nobody has logged in to send."""

FILES = 3
"""Files of one registration."""

TOO_MANY = _("At most three files belong to a registration.")
APPLICANT = ("organization.read", "appointment.read", "department.read", "review.read", "attachment.read")
GROUPS = 5
"""A receipt code has so many groups of twenty bits."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A unit that was registered. `usable` says whether its administrator may log in at once."""

    organization_id: int
    account_id: int
    usable: bool
    asked: Asked | None


def register_unit(
    session: Session,
    kind: str,
    typed: Mapping[str, Any],
    *,
    address: str,
    evidence: Sequence[attachments.Upload] = (),
) -> Registered:
    """Register an employer, an authority or an institution with its administrator.

    `typed` holds the texts of `unit_columns` and ADMINISTRATOR and beside them `parent_id`, `password`,
    `password_again`, `pledge`, and `existing` for an administrator who uses the system already and gives the
    password in use (then `password_again` and most of ADMINISTRATOR are not asked). Whether the ID number of
    one who does not say so is known makes no difference to the answer (services/joining.py).

    `evidence` are files that prove why there is no sound credit code (REG-13). They come with the
    registration and are kept in its transaction, so that nothing is left of one that was not taken.

    Raises Faulty with all that is wrong, and NotEligible where the province lets nobody register as this kind
    or too many came from this address. Commits: call it outside of any transaction.
    """
    joins = province().registration_of(kind)
    if not isinstance(joins, UnitRegistration):
        raise NotEligible
    existing = bool(typed.get("existing"))
    unit = unit_columns(kind)
    columns = unit | {key: ADMINISTRATOR[key] for key in (PROVEN if existing else ADMINISTRATOR)}
    read = rows.read(columns, {key: typed.get(key) for key in columns}, whole=True)
    parent = parent_for(session, kind, typed.get("parent_id"))
    wrong = (
        read.problems
        | unit_problems(session, joins, read, parent, files=len(evidence))
        | pledge_problems(typed)
    )
    if not existing:
        wrong |= password_problems(typed, read.values, "administrator")
    if len(evidence) > FILES:
        wrong["evidence"] = [TOO_MANY]
    if wrong or parent is None:
        raise Faulty(wrong)
    _count(session, address, files=bool(evidence))
    who = joining.joining(session, typed, read.values["id_number"], address, existing=existing)
    with transaction(session), refusals(Organization):
        account = joining.account_of(session, who, read.values)
        me = applicant(parent, account.id, *APPLICANT)
        with acting(session, me):
            made = Organization(
                kind=kind,
                parent_id=parent.id,
                state="pending" if joins.review else "active",
                telephone=read.values["telephone"],
            )
            rows.put(made, unit, {key: read.values[key] for key in unit})
            session.add(made)
            session.flush()
            session.add(
                Appointment(
                    organization_id=made.id,
                    account_id=account.id,
                    department_id=departments.first(session, made.id),
                    role_id=role_of(session, kind, super_administrator=True),
                    super=True,
                    starts_on=who.begins(reviewed=bool(joins.review)),
                )
            )
            session.flush()  # whose thing it is, the review asks the appointment
            _recorded(session, made, made.id)
            attachments.keep_all(session, made, evidence)
            waits_at = None
            if joins.review:
                waits_at = reviews.submit(session, f"{kind}_registration", made, title=made.name).waiting_id
            joining.tell(session, who, made, parent.name)
    return Registered(
        organization_id=made.id,
        account_id=account.id,
        usable=joins.login_before_review,
        asked=asked(session, waits_at),
    )


def register_person(session: Session, typed: Mapping[str, Any], *, address: str) -> str:
    """Hand in a professional's registration and return the receipt code: shown once, kept as its digest.

    `typed` holds the texts of `person_columns` and beside them `organization_id`, `password`,
    `password_again` and `pledge`. Whether the ID number is known makes no difference to what is done or said.

    Raises Faulty with all that is wrong, and NotEligible where the province lets no professional register or
    too many came from this address. Commits: call it outside of any transaction.
    """
    if province().registration_of("person") is None:
        raise NotEligible
    columns = person_columns()
    read = rows.read(columns, {key: typed.get(key) for key in columns}, whole=True)
    place = parent_for(session, "person", typed.get("organization_id"))
    wrong = read.problems | password_problems(typed, read.values, "name") | pledge_problems(typed)
    if place is None:
        wrong["organization_id"] = [PARENT]
    if wrong or place is None:
        raise Faulty(wrong)
    _count(session, address)
    receipt = codes.new_code(GROUPS)
    with (
        transaction(session),
        refusals(Registration),
        acting(session, applicant(place, None, "registration.read", "review.read")),
    ):
        made = Registration(
            organization_id=place.id,
            password=passwords.hashed(typed["password"]),
            receipt=digest(receipt),
            state="pending",
        )
        rows.put(made, columns, read.values)
        session.add(made)
        session.flush()
        _recorded(session, made, place.id)
        reviews.submit(session, "person_registration", made, title=made.name)
    return receipt


def digest(receipt: str) -> bytes:
    """What is kept of a receipt code."""
    return hashlib.sha256(codes.normalised(receipt).encode()).digest()


def _recorded(session: Session, made: Any, organization_id: int) -> None:
    audit.record(
        session,
        "register",
        made.__tablename__,
        made.id,
        organization_id=organization_id,
        after=audit.facts(made, declared(type(made))),
    )


def _count(session: Session, address: str, *, files: bool = False) -> None:
    limits = [throttle.limit("registration", network(address), MOST)]
    if files:
        limits.append(throttle.limit("registration_files", network(address), MOST_WITH_FILES))
    if not throttle.attempt(session, limits):
        raise NotEligible(THROTTLED)
