"""Who is signed in: server-side sessions, ended by the account's epoch. No web framework in here.

The cookie holds 32 random bytes; the table holds their SHA-256, so a copy of the table signs nobody in.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.models.login_session import LoginSession
from app.security import doors
from app.security.actor import Actor


NOTED = timedelta(minutes=1)
"""How fine the note of the last visit is: a busy session writes no more often."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session: its actor, and what the frame of every page says about it."""

    session_id: int
    actor: Actor
    organization: str
    pending: bool
    posts: int
    must_change_password: bool


def start(session: Session, account_id: int, epoch: int, appointment_id: int | None, *, address: str, hours: int) -> str:
    """Open a session of so many hours and return the token for its cookie."""
    token = secrets.token_urlsafe(32)
    with transaction(session):
        session.add(
            LoginSession(
                token=digest(token),
                account_id=account_id,
                epoch=epoch,
                appointment_id=appointment_id,
                address=address,
                expires_at=clock.now() + timedelta(hours=hours),
                seen_at=clock.now(),
            )
        )
    return token


def resolve(session: Session, token: str, request: str = "", *, idle: int = 60) -> SignedIn | None:
    """Who holds this token now; one statement, and once a minute a second one that notes the visit.

    None when the session ended in any way, also by being left alone for `idle` minutes.
    """
    row = doors.who(session, digest(token), clock.now(), clock.now() - timedelta(minutes=idle))
    if row is None:
        return None
    if row.seen_at < clock.now() - NOTED:
        with transaction(session):
            session.execute(
                update(LoginSession).where(LoginSession.id == row.session_id).values(seen_at=clock.now())
            )
    acts = row.appointment_id is not None
    pending = row.organization_state == "pending"
    actor = Actor(
        name=row.name,
        kind=("pending" if pending else row.kind) if acts else "person",
        account_id=row.account_id,
        person_id=None if acts else row.self_id,
        self_id=row.self_id,
        appointment_id=row.appointment_id,
        organization_id=row.organization_id,
        depth=row.depth or 0,
        permissions=frozenset(row.permissions),
        request=request,
    )
    return SignedIn(row.session_id, actor, row.organization or "", pending, row.posts, row.must_change)


def end(session: Session, session_id: int) -> None:
    """End one session: its cookie is worth nothing from now on."""
    with transaction(session):
        session.execute(update(LoginSession).where(LoginSession.id == session_id).values(ended_at=clock.now()))


def digest(token: str) -> bytes:
    """What the table keeps of a token."""
    return hashlib.sha256(token.encode()).digest()
