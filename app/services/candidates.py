"""Who is to become an administrator: the three ways of finding somebody (ADM-05 to 07).

A candidate is carried sealed from the first step of the wizard to the second: nothing is written before the
rights are confirmed, and no browser holds a password.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.database import clock
from app.declare.words import _
from app.encrypted import Unsealable, blind, ring
from app.models.account import Account
from app.models.appointment import Appointment
from app.models.person import Person
from app.security import doors
from app.security.actor import actor_of
from app.security.scope import Forbidden
from app.services import departments, lists, passwords, rows, throttle
from app.services.errors import Faulty, LoginRefused, NotEligible, Stale
from app.services.proof import THROTTLED, network, prove, username
from app.services.registration_fields import ADMINISTRATOR, password_problems

WAYS = ("own", "new", "existing")
KEPT = timedelta(minutes=30)
MOST = 30
"""So many new numbers may be tried from one address in a quarter of an hour."""

OWN = _("Please choose one of the organization's own people.")
NO_LOGIN = _("This professional has no account yet. Let the professional register first.")
ALREADY = _("This person is an administrator of your organization already.")
USED = _("This ID number is in use. Choose the person, or add an existing user with the password.")
OWN_PEOPLE = _("This user is one of your organization's own people. Choose the person from the list.")

PLACE = ("department_id", "new_department")
"""Where the administrator works (DEP-02): a department, or the name of one that is added with the post."""

ASKED: Mapping[str, tuple[str, ...]] = {
    "own": ("person_id",),
    "new": (
        "document_type", "id_number", "password", "password_again", "administrator", "phone", "email",
    ),
    "existing": ("document_type", "id_number", "password"),
}  # fmt: skip
"""What each way asks of somebody."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may become an administrator: an account, or what a new one will hold.

    `department` is the name of one that is to be added, where there is no `department_id`.
    """

    way: str
    name: str
    account_id: int | None = None
    number: str = ""
    password: str = ""
    phone: str = ""
    email: str = ""
    department_id: int | None = None
    department: str = ""


def find(
    session: Session, way: str, typed: Mapping[str, Any], *, address: str, at: int | None = None
) -> Candidate:
    """Who is meant, by one of WAYS. `typed` holds what ASKED says, as texts.

    It is for the acting organisation, or for `at`, which the caller has judged: one that is taken over. There
    an administrator who is there already may be meant.

    Raises Faulty with all that is wrong and NotEligible after too many tries. Commits: call it outside of any
    transaction.
    """
    actor = actor_of(session)
    if at is not None:
        return _FINDERS[way](session, at, typed, address)
    if not actor.may("appointment.create") or actor.organization_id is None:
        raise Forbidden("appointment.create")
    place = actor.organization_id
    found = _placed(session, typed, lambda: _FINDERS[way](session, place, typed, address))
    if found.account_id is not None and session.scalar(
        select(
            exists().where(
                Appointment.account_id == found.account_id,
                Appointment.organization_id == actor.organization_id,
                Appointment.ends_on.is_(None),
            )
        )
    ):
        raise Faulty({"": [ALREADY]})
    return found


def _placed(session: Session, typed: Mapping[str, Any], who: Callable[[], Candidate]) -> Candidate:
    """Somebody with the department that was chosen. Raises Faulty with what is wrong with both."""
    wrong: dict[str, list[Any]] = {}
    place: tuple[int | None, str] = (None, "")
    try:
        place = departments.chosen(session, typed)
    except Faulty as unplaced:
        wrong |= unplaced.problems
    try:
        found = who()
    except Faulty as faulty:
        raise Faulty(wrong | faulty.problems) from faulty
    if wrong:
        raise Faulty(wrong)
    return replace(found, department_id=place[0], department=place[1])


def _own(session: Session, place: int, typed: Mapping[str, Any], _address: str) -> Candidate:
    person = lists.one(session, Person, lists.id_of(typed.get("person_id")) or 0)
    if person is None or person.organization_id != place:
        raise Faulty({"person_id": [OWN]})
    account = session.scalar(
        select(Account).where(Account.person_id == person.id, Account.state == "active", Account.active)
    )
    if account is None:
        raise Faulty({"person_id": [NO_LOGIN]})
    return Candidate("own", account.first_name, account.id)


def _new(session: Session, _place: int, typed: Mapping[str, Any], address: str) -> Candidate:
    columns = {key: ADMINISTRATOR[key] for key in ASKED["new"] if key in ADMINISTRATOR}
    read = rows.read(columns, {key: typed.get(key) for key in columns}, whole=True)
    wrong = read.problems | password_problems(typed, read.values, "administrator")
    if wrong:
        raise Faulty(wrong)
    if not throttle.attempt(session, [throttle.limit("administrator", network(address), MOST)]):
        raise NotEligible(THROTTLED)
    number = read.values["id_number"]
    taken = session.scalar(select(exists().where(Account.username == username(number))))
    if taken or doors.number(session, blind("person.id_number", number)) is not None:
        raise Faulty({"id_number": [USED]})
    return Candidate(
        "new",
        read.values["administrator"],
        number=number,
        password=passwords.hashed(typed["password"]),
        phone=read.values["phone"],
        email=read.values["email"],
    )


def _existing(session: Session, place: int, typed: Mapping[str, Any], address: str) -> Candidate:
    try:
        account = prove(session, typed.get("id_number") or "", typed.get("password") or "", address).account
    except LoginRefused as refused:
        raise Faulty({"password": [refused]}) from refused
    if account is None:
        raise Faulty({"password": [LoginRefused()]})
    if account.person_id is not None:
        held = doors.number(session, blind("person.id_number", account.id_number or ""))
        if held is not None and held.organization_id == place:
            raise Faulty({"id_number": [OWN_PEOPLE]})
    return Candidate("existing", account.first_name, account.id)


_FINDERS = {"own": _own, "new": _new, "existing": _existing}


def sealed(session: Session, candidate: Candidate) -> str:
    """A candidate as a text that this very post alone can open again, for half an hour."""
    words = {**asdict(candidate), "until": (clock.now() + KEPT).timestamp()}
    shut = ring().seal(json.dumps(words), _bound(session))
    return base64.urlsafe_b64encode(shut).decode()


def opened(session: Session, token: str) -> Candidate:
    """The candidate in a sealed text. Raises Stale for one that is old, foreign or no such text."""
    try:
        words = json.loads(ring().open(base64.urlsafe_b64decode(token.encode()), _bound(session)))
    except (Unsealable, binascii.Error, ValueError, UnicodeError) as error:
        raise Stale from error
    if words.pop("until") < clock.now().timestamp():
        raise Stale
    return Candidate(**words)


def _bound(session: Session) -> bytes:
    return f"candidate.{actor_of(session).appointment_id}".encode()
