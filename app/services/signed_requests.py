"""Whether a request comes from a client that may ask: signed, now, once, from where it may ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.network import within
from app.declare.words import _
from app.encrypted import blind, context, ring
from app.models.spent_challenge import SpentChallenge
from app.security import doors
from app.security.actor import NOBODY, Actor
from app.security.addresses import network
from app.security.scope import set_actor
from app.services import throttle
from app.services.errors import Refused
from app.services.reading import natural
from app.services.signing import Signable, fits

SKEW = timedelta(minutes=5)
"""So far a client's clock may be off."""

FAILURES = 300
"""Requests with a wrong signature that one address may send in a quarter of an hour."""

LATEST = 10**11
"""The second after which no request can come; years of five digits are nobody's."""

NO_SECRET = "0" * 43
"""Signs for a key that nobody has, so that it takes as long."""

SENTENCES = MappingProxyType(
    {
        "unsigned": _("The request is not signed as the description says."),
        "signature": _("The signature does not fit the key and the request."),
        "clock": _("The time of the request is more than five minutes off."),
        "replayed": _("This request has come before. Sign each one with a new nonce."),
        "inactive": _("This client is not answered at present. Ask the HR office that manages it."),
        "address": _("This client may not ask from this address."),
        "purpose": _("This client may not ask for this purpose."),
        "quota": _("The client has used up its quota of today."),
        "too_often": _("Too many requests with a wrong signature came from here. Wait a quarter of an hour."),
    }
)


class RequestRefused(Refused):
    """A request of a program is not answered. `key` is one of SENTENCES: what a program reads."""

    def __init__(self, key: str) -> None:
        super().__init__(SENTENCES[key])
        self.key = key


@dataclass(frozen=True, slots=True)
class Client:
    """A program whose request is answered: for which purposes it may ask, and what it is told."""

    id: int
    organization_id: int
    name: str
    purposes: frozenset[str]
    tells: frozenset[str]


def admit(session: Session, request: Signable, signature: str, address: str, name: str = "") -> Client:
    """The client that has signed this request; it acts in the session from then on. `name` is the request's.

    Raises RequestRefused. Commits: call it outside of any transaction.
    """
    set_actor(session, NOBODY)
    row = doors.client(session, request.key)
    secrets = tuple(_secrets(row)) if row is not None else ()
    fitting = [fits(request, secret, signature) for secret in secrets or (NO_SECRET,)]
    if row is None or not secrets or not any(fitting):
        session.rollback()
        noted = throttle.attempt(session, [throttle.limit("api", network(address), FAILURES)])
        raise RequestRefused("signature" if noted else "too_often")
    _require_answered(row, request, address)
    _spend(session, row.id, request.nonce)
    set_actor(session, Actor(name=row.name, kind="client", client_id=row.id, request=name))
    return Client(row.id, row.organization_id, row.name, frozenset(row.purposes), frozenset(row.tells))


def _require_answered(row: Row[Any], request: Signable, address: str) -> None:
    sent = natural(request.at, LATEST)
    if sent is None or abs(clock.now() - datetime.fromtimestamp(sent, UTC)) > SKEW:
        raise RequestRefused("clock")
    if not row.answered or row.valid_until < clock.today():
        raise RequestRefused("inactive")
    if not within(address, row.addresses):
        raise RequestRefused("address")


def _secrets(row: Row[Any]) -> Iterator[str]:
    """The secret, and the former one as long as it holds."""
    if row.secret is not None:
        yield ring().open(bytes(row.secret), context("api_client", "secret", row.uid))
    if row.former is not None and row.former_until > clock.now():
        yield ring().open(bytes(row.former), context("api_client", "former", row.uid))


def _spend(session: Session, client: int, nonce: str) -> None:
    """Let this nonce of a client count once, as long as a request with it could be in time."""
    spent = (
        insert(SpentChallenge)
        .values(digest=blind("api.nonce", f"{client} {nonce}"), expires_at=clock.now() + 2 * SKEW)
        .on_conflict_do_nothing()
        .returning(SpentChallenge.digest)
    )
    with transaction(session):
        first = session.scalar(spent)
    if first is None:
        raise RequestRefused("replayed")
