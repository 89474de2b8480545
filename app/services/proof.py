"""Proving who one is by ID number and password.

An account's login name is the blind index of the ID number. Whatever is typed costs the same work and gets
the same answer, unless the password is right: nobody learns here whose number is known.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare import identity
from app.declare.invalid import Invalid
from app.declare.words import _
from app.encrypted import blind
from app.models.account import Account
from app.models.login_session import LoginSession
from app.security import audit, doors
from app.security.addresses import network
from app.services import passwords, throttle
from app.services.errors import Faulty, LoginRefused

TRIES_OF_ACCOUNT, TRIES_OF_ADDRESS = 10, 300
"""Failed tries in a quarter of an hour (security.md S6): a whole hospital may sit behind one address."""

THROTTLED = _("There were too many attempts. Please try again in a quarter of an hour.")
NOT_YOURS = _("This is not your present password.")


@dataclass(frozen=True, slots=True)
class Proven:
    """The right password was given, for an account or for a registration that waits or was rejected."""

    account: Account | None
    applicant: Row[Any] | None


def normalised(typed: str) -> str:
    """An ID number as accounts know it, whatever kind of document it is of; never refused."""
    number = identity.compact(typed)
    try:
        return identity.id_number(number, today=clock.today())
    except Invalid:
        return number.replace("(", "").replace(")", "")


def username(number: str) -> str:
    """The login name of a normalised ID number: its blind index, so that no table or log holds the number."""
    return blind("account.id_number", number).hex()


def prove(session: Session, typed: str, password: str, address: str) -> Proven:
    """Whose number and password these are. One password is checked, whatever is found.

    Raises LoginRefused when they are wrong or there were too many tries. Commits: call it outside of any
    transaction.
    """
    number = normalised(typed)
    name = username(number)
    of_account, of_address = limits(session, name, address)
    noted = throttle.attempt(session, (of_account, of_address))
    if not noted:
        raise LoginRefused(THROTTLED)
    account = session.scalar(
        select(Account).where(Account.username == name, Account.state == "active", Account.active)
    )
    applicant = doors.applicant(session, blind("registration.id_number", number))
    kept = account or applicant
    if not passwords.fits(kept.password if kept else None, password):
        with transaction(session):
            audit.record(session, "login_failed", Account.__tablename__, None, after={"account": name})
        raise LoginRefused
    with transaction(session):
        throttle.take_back(session, noted)
        throttle.forget(session, of_account.key)
    return Proven(account, None if account else applicant)


def recognised(session: Session, number: str, password: str, address: str) -> bool:
    """Whether a password is the one of the account under a normalised number. Says nothing else to anybody.

    The same tries are counted and one password is checked whether there is an account or not. Raises
    LoginRefused after too many tries. Commits: call it outside of any transaction.
    """
    name = username(number)
    of_account, of_address = limits(session, name, address)
    noted = throttle.attempt(session, (of_account, of_address))
    if not noted:
        raise LoginRefused(THROTTLED)
    account = session.scalar(
        select(Account).where(Account.username == name, Account.state == "active", Account.active)
    )
    right = passwords.fits(account.password if account else None, password)
    with transaction(session):
        if right:
            throttle.take_back(session, noted)
    return right


def confirm(
    session: Session, account_id: int | None, password: str, address: str, *, field: str = "password"
) -> Account:
    """The account of somebody who is signed in and has typed the right password once more.

    Raises Faulty (under `field`) for a wrong one, LoginRefused after too many tries. Commits: call it outside
    of any transaction.
    """
    account = session.get_one(Account, account_id)
    noted = throttle.attempt(session, limits(session, account.username, address))
    if not noted:
        raise LoginRefused(THROTTLED)
    if not passwords.fits(account.password, password):
        raise Faulty({field: [NOT_YOURS]})
    with transaction(session):
        throttle.take_back(session, noted)
    return account


def failed_before(session: Session, address: str) -> bool:
    """Whether a login from this address failed in the last quarter of an hour: then a person is asked for."""
    return throttle.tried(session, _of_address(network(address)))


def limits(session: Session, name: str, address: str) -> tuple[throttle.Limit, throttle.Limit]:
    """The limits of an account and of an address.

    Where an account was signed in before it has tries of its own, so that a stranger elsewhere cannot keep
    its owner out; a subscriber of IPv6 is one place, whichever of its addresses is used.
    """
    subscriber = network(address)
    familiar = session.scalar(
        select(
            exists()
            .where(LoginSession.account_id == Account.id, LoginSession.subscriber == subscriber)
            .where(Account.username == name)
        )
    )
    return (
        throttle.limit("account", f"{name} {subscriber}" if familiar else name, TRIES_OF_ACCOUNT),
        _of_address(subscriber),
    )


def _of_address(subscriber: str) -> throttle.Limit:
    return throttle.limit("address", subscriber, TRIES_OF_ADDRESS)
