"""One's own account: how it is reached, where it is signed in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.masks import masked
from app.declare.words import _
from app.models.account import Account
from app.models.login_session import LoginSession
from app.security import audit, sessions

NOUN = Account.__tablename__

BROWSERS = (
    (_("WeChat"), "MicroMessenger"),
    ("360", "360SE|360EE|QihooBrowser|QHBrowser"),
    ("QQ", "QQBrowser"),
    ("Edge", "Edg"),
    ("Firefox", "Firefox|FxiOS"),
    ("Chrome", "Chrome|CriOS"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "Harmony"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("macOS", "Macintosh"),
    ("Linux", "Linux|X11"),
)
"""What browsers and systems call themselves; the first that fits counts, since they also name each other."""

UNKNOWN = _("Unknown device")


@dataclass(frozen=True, slots=True)
class Reached:
    """How an account is reached, masked; empty where nothing is given."""

    id_number: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Place:
    """One session that is alive: on which device, from which address, since when."""

    id: int
    device: str
    address: str
    began: datetime
    seen: datetime
    own: bool
    """Whether it is the one that asks."""


def reached(session: Session, who: sessions.SignedIn) -> Reached:
    """What the account knows of its holder."""
    account = session.get_one(Account, who.actor.account_id)
    values = {"id_number": account.id_number, "phone": account.phone, "email": account.contact_email}
    return Reached(**{key: masked(key, value) if value else "" for key, value in values.items()})


def places(session: Session, who: sessions.SignedIn, *, idle: int) -> Sequence[Place]:
    """Where the account is signed in, the latest first; `idle` in minutes ends a session."""
    alive = (
        LoginSession.account_id == who.actor.account_id,
        LoginSession.epoch == who.epoch,
        LoginSession.ended_at.is_(None),
        LoginSession.expires_at > clock.now(),
        LoginSession.seen_at > clock.now() - timedelta(minutes=idle),
    )
    found = session.scalars(select(LoginSession).where(*alive).order_by(LoginSession.seen_at.desc()))
    return [
        Place(
            row.id, called(row.device), row.address, row.created_at, row.seen_at, own=row.id == who.session_id
        )
        for row in found
    ]


def end(session: Session, who: sessions.SignedIn, session_id: int | None) -> int:
    """End one of one's own sessions, or all others (None); returns how many ended."""
    with transaction(session):
        ended = sessions.end_own(session, who, session_id)
        if ended:
            audit.record(session, "end_session", NOUN, who.actor.account_id, after={"sessions": ended})
    return ended


def called(agent: str) -> str:
    """A browser and its system as people call them."""
    names = (_first(BROWSERS, agent), _first(SYSTEMS, agent))
    return " · ".join(str(name) for name in names if name) or str(UNKNOWN)


def _first(known: Sequence[tuple[Any, str]], agent: str) -> Any:
    return next((name for name, sign in known if re.search(sign, agent)), "")
