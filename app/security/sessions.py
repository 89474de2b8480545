"""Who is signed in: server-side sessions, ended by the account's epoch. No web framework in here.

The cookie holds 32 random bytes; the table holds their SHA-256, so a copy of the table signs nobody in.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.province import province
from app.models.login_session import LoginSession
from app.security import doors, worker_doors
from app.security.actor import Actor
from app.security.addresses import network
from app.security.scope import set_actor

NOTED = timedelta(minutes=1)
"""How fine the note of the last visit is: a busy session writes no more often."""

KEPT = timedelta(days=90)
"""How long a session that is over still tells that its address is a known one (services/proof.py)."""

STEP = 1000
"""So many sessions are deleted in one transaction."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session: its actor, and what the frame of every page says about it."""

    session_id: int
    actor: Actor
    organization: str
    pending: bool
    posts: int
    unread: int
    """Messages, counted up to a hundred."""
    must_change_password: bool
    epoch: int
    """The account's epoch when the session was resolved."""
    factor: bool
    """Whether the account has a second factor."""
    factor_asked: bool
    """Whether the province asks one of users like the one who acts."""
    seeing: int | None = None
    """The role as which he looks at things; `actor` holds no more than that role does."""
    seen_role: str = ""
    """What that role is called: a key of models.role.LABELS, or what its organisation wrote."""
    list_columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The columns that he wants to see of a list, by table; the list's own where it is not there."""
    waiting: Mapping[str, tuple[int, int]] | None = None
    """What waits where he acts, by kind of review: how many, and how many too long. None if nobody asked."""


def start(
    session: Session, account_id: int, epoch: int, appointment_id: int | None, *, address: str, hours: int
) -> str:
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
                subscriber=network(address),
                expires_at=clock.now() + timedelta(hours=hours),
                seen_at=clock.now(),
            )
        )
    return token


def resolve(
    session: Session,
    token: str,
    request: str = "",
    *,
    idle: int = 60,
    kinds: Sequence[str] = (),
    attended: bool = True,
) -> SignedIn | None:
    """Who holds this token now, and let him act in this session.

    One statement, and once a minute a second one that notes the visit. None when the session ended in any
    way, also by being left alone for `idle` minutes; nobody acts then. `kinds` are the kinds of review that
    the frame of a page will count. What a page asks by itself is not `attended`: it is no visit.
    """
    now = clock.now()
    row = doors.who(session, digest(token), now, now - timedelta(minutes=idle), kinds)
    if row is None:
        return None
    actor = _actor(row, request)
    set_actor(session, actor, told=True)
    if attended and datetime.fromisoformat(row.seen_at) < now - NOTED:
        with transaction(session):
            session.execute(
                update(LoginSession).where(LoginSession.id == row.session_id).values(seen_at=clock.now())
            )
    return SignedIn(
        session_id=row.session_id,
        actor=actor,
        organization=row.organization or "",
        pending=row.organization_state == "pending",
        posts=row.posts,
        unread=row.unread,
        must_change_password=row.must_change,
        epoch=row.epoch,
        waiting={kind: (many, late) for kind, (many, late) in row.waiting.items()} if row.waiting else None,
        factor=row.factor,
        seeing=row.seeing,
        seen_role=row.seen_role or "",
        list_columns=row.columns,
        factor_asked=province().asks_second_factor(row.kind, row.level),
    )


def actor_for(session: Session, account_id: int | None, appointment_id: int | None) -> Actor | None:
    """Who a job works for: an account in one of its appointments, with the rights it has now.

    None when the account is closed or the appointment has ended since the job was put off.
    """
    row = worker_doors.actor(session, account_id, appointment_id)
    return None if row is None else _actor(row)


def _actor(row: Any, request: str = "") -> Actor:
    acts = row.appointment_id is not None
    return Actor(
        name=row.name,
        kind=("pending" if row.organization_state == "pending" else row.kind) if acts else "person",
        account_id=row.account_id,
        person_id=None if acts else row.self_id,
        self_id=row.self_id,
        appointment_id=row.appointment_id,
        organization_id=row.organization_id,
        depth=row.depth or 0,
        department_id=row.department,
        permissions=frozenset(row.permissions),
        request=request,
        on_behalf=row.on_behalf,
        behalf_account=row.behalf_account,
        behalf_person=row.behalf_person,
    )


def see_as(session: Session, session_id: int, role_id: int | None) -> bool:
    """Let a session look at things as a role, or as itself again (None). False if it has ended."""
    seen = (
        update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.ended_at.is_(None))
        .values(seeing_id=role_id)
        .returning(LoginSession.id)
    )
    with transaction(session):
        return session.scalar(seen) is not None


def end(session: Session, session_id: int) -> bool:
    """End one session: its cookie is worth nothing from now on. False if it had ended already."""
    ended = (
        update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(LoginSession.id)
    )
    with transaction(session):
        return session.scalar(ended) is not None


def note_device(session: Session, token: str, device: str) -> None:
    """Remember what the browser of a new session calls itself."""
    with transaction(session):
        noted = update(LoginSession).where(LoginSession.token == digest(token)).values(device=device[:200])
        session.execute(noted)


def end_own(session: Session, who: SignedIn, session_id: int | None) -> int:
    """End one of an account's own sessions, or all but the one that asks (None); returns how many."""
    which = LoginSession.id != who.session_id if session_id is None else LoginSession.id == session_id
    own = (LoginSession.account_id == who.actor.account_id, LoginSession.ended_at.is_(None), which)
    ended = update(LoginSession).where(*own).values(ended_at=clock.now()).returning(LoginSession.id)
    with transaction(session):
        return len(session.scalars(ended).all())


def sweep(session: Session) -> int:
    """Delete the sessions that were over long ago, some at a time, and say how many. For a job, once a day.

    Whoever ends a session ends it before it expires, so that the hour at which it expires tells for all.
    """
    over = select(LoginSession.id).where(LoginSession.expires_at < clock.now() - KEPT)
    total = 0
    while True:
        with transaction(session):
            some = delete(LoginSession).where(LoginSession.id.in_(over.order_by(LoginSession.id).limit(STEP)))
            gone = len(session.scalars(some.returning(LoginSession.id)).all())
        total += gone
        if gone < STEP:
            return total


def digest(token: str) -> bytes:
    """What the table keeps of a token."""
    return hashlib.sha256(token.encode()).digest()
