"""Accounts as whoever sits at the machine keeps them: disabled, enabled, given a password, logged out.

It gives nobody a right: posts and roles come from administrators alone (security/grants.py). Whom it concerns
is told, and the trail of each of his posts names the command.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.models.account import Account
from app.models.appointment import Appointment
from app.security import audit, doors
from app.security.actor import actor_of
from app.services import codes, messages, passwords
from app.services.errors import NotEligible, NotFound, ReasonMissing, Stale
from app.services.overseeing import CLOSED
from app.services.proof import normalised, username


@dataclass(frozen=True, slots=True)
class Held:
    """An account as an operator sees it: its number, its holder's name, its state, where it has posts."""

    id: int
    name: str
    state: str
    posts: tuple[str, ...]


def find(session: Session, login: str = "", key: int | None = None) -> Held:
    """The account with this login name, or of this number. Raises NotFound."""
    which = Account.id == key if key is not None else Account.username == username(normalised(login))
    account = session.scalar(select(Account).where(which))
    if account is None:
        raise NotFound
    posts = tuple(post.organization for post in doors.posts(session, account.id))
    return Held(account.id, account.name, account.state, posts)


def disable(session: Session, key: int, reason: str) -> None:
    """Let an account do nothing from now on; its sessions end. Raises NotFound, ReasonMissing, Stale."""
    _turn(session, key, "active", "disabled", "disable", reason)


def enable(session: Session, key: int, reason: str) -> None:
    """Let a disabled account in again. Raises as `disable` does."""
    _turn(session, key, "disabled", "active", "enable", reason)


def reset(session: Session, key: int, reason: str, password: str | None = None) -> str:
    """Give an account a first password and return it, this once; it is changed at the next login.

    All sessions end. Raises NotFound, ReasonMissing, and NotEligible for a closed account.
    """
    password = password or codes.first_password()
    with transaction(session):
        account = _locked(session, key, reason)
        if account.state == "closed":
            raise NotEligible(CLOSED)
        account.password = passwords.hashed(password)
        account.must_change_password, account.password_chosen_at = True, clock.now()
        session.flush()
        _record(session, account, "reset_password", reason)
        _tell(session, account, "password_given")
    return password


def end_sessions(session: Session, key: int, reason: str) -> None:
    """Log an account out wherever it is logged in. Raises NotFound, ReasonMissing."""
    with transaction(session):
        account = _locked(session, key, reason)
        account.epoch += 1
        session.flush()
        _record(session, account, "end_sessions", reason)


def _turn(session: Session, key: int, was: str, becomes: str, deed: str, reason: str) -> None:
    with transaction(session):
        account = _locked(session, key, reason)
        if account.state != was:
            raise NotEligible(CLOSED) if account.state == "closed" else Stale
        account.state = becomes
        session.flush()
        _record(session, account, deed, reason)
        _tell(session, account, f"account_{becomes}")


def _locked(session: Session, key: int, reason: str) -> Account:
    if not reason.strip():
        raise ReasonMissing
    account = session.scalar(select(Account).where(Account.id == key).with_for_update())
    if account is None:
        raise NotFound
    return account


def _record(session: Session, account: Account, deed: str, reason: str) -> None:
    """In the trail of each post of the account; of one without any, in that of the account itself."""
    posts = [
        (Appointment.__tablename__, post.id, post.organization_id)
        for post in doors.posts(session, account.id)
    ]
    events = [
        audit.event(session, deed, noun, key, place, reason=reason.strip()[:500])
        for noun, key, place in posts or [(Account.__tablename__, account.id, None)]
    ]
    audit.record_all(session, events)


def _tell(session: Session, account: Account, kind: str) -> None:
    place = actor_of(session).organization_id
    params = {"organization": doors.names(session, [place])[place or 0].name}
    messages.tell(session, [messages.Told(kind, params, account_id=account.id)])
