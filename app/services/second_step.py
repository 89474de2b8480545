"""Between the password and the session: who has a second factor is asked for it, and is nobody until then."""

import secrets
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.profile import UserType
from app.declare.words import _
from app.models.account import Account
from app.models.second_factor import HalfLogin
from app.security import audit, sessions
from app.security.actor import Actor
from app.security.scope import acting
from app.services import second_factor
from app.services.accounts import Entry
from app.services.errors import LoginRefused

VALID = timedelta(minutes=10)
OVER = _("This took too long. Please log in again.")


def wait(session: Session, entry: Entry, chosen: UserType | None) -> str:
    """Remember that somebody's password was right; the token by which the same browser comes back."""
    token = secrets.token_urlsafe(32)
    with transaction(session):
        session.add(
            HalfLogin(
                token=sessions.digest(token),
                account_id=entry.account_id,
                appointment_id=entry.appointment_as(chosen),
                epoch=entry.epoch,
                expires_at=clock.now() + VALID,
            )
        )
    return token


def finish(session: Session, token: str, code: str, *, address: str, hours: int) -> tuple[str, bool]:
    """Take the code; the token of the session, and whether a new password is to be chosen first.

    Raises Faulty for a wrong code, and LoginRefused after too many tries, or when the password was too long
    ago or is no longer the account's. Commits: call it outside of any transaction.
    """
    half = session.scalar(
        select(HalfLogin).where(HalfLogin.token == sessions.digest(token), HalfLogin.expires_at > clock.now())
    )
    account = half and session.scalar(
        select(Account).where(
            Account.id == half.account_id,
            Account.epoch == half.epoch,
            Account.state == "active",
            Account.active,
        )
    )
    if not half or not account:
        raise LoginRefused(OVER)
    second_factor.check(session, account, code, address)
    me = Actor(name=account.first_name, account_id=account.id, self_id=account.person_id)
    with transaction(session), acting(session, me):
        if session.scalar(delete(HalfLogin).where(HalfLogin.id == half.id).returning(HalfLogin.id)) is None:
            raise LoginRefused(OVER)
        audit.record(session, "login", Account.__tablename__, account.id)
        opened = sessions.start(
            session, half.account_id, half.epoch, half.appointment_id, address=address, hours=hours
        )
    return opened, account.must_change_password


def sweep(session: Session) -> int:
    """Forget the logins that went no further; returns how many."""
    gone = delete(HalfLogin).where(HalfLogin.expires_at <= clock.now()).returning(HalfLogin.id)
    with transaction(session):
        return len(session.scalars(gone).all())
