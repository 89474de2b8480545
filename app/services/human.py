"""Whether a person sits there: work for the browser, or a sum for whoever has no scripts (decision 0010).

A challenge is signed, not stored: a number that must be found by trying SHA-256, as ALTCHA has it, or a
question whose answer is signed. It holds for twenty minutes and for one answer; a wrong sum spends it too.
No other host is asked, nothing is to be looked at or listened to, and nobody is followed.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.identity import HALF_WIDTH
from app.declare.words import _
from app.encrypted import blind
from app.models.spent_challenge import SpentChallenge
from app.security.addresses import network
from app.services import throttle
from app.services.errors import Refused
from app.services.reading import natural

VALID = timedelta(minutes=20)
ADDENDS = range(2, 10)
LATEST = 10**11
"""The second after which a challenge can hold no more; years of five digits are nobody's."""

SUMS = 60
"""Sums that one address may answer in a quarter of an hour: they cost a program nothing."""


class NotHuman(Refused):
    """The form came without a proof that a person sits there, or with one that is old or used."""

    sentence = _("The security check is missing or too old. Please send the form once more.")


@dataclass(frozen=True, slots=True)
class Work:
    """What a browser has to find: the number, at most `most`, that makes `challenge` the digest of both."""

    salt: str
    challenge: str
    signature: str
    most: int


@dataclass(frozen=True, slots=True)
class Sum:
    """A question that people answer in their head; `token` comes back with the answer."""

    first: int
    second: int
    token: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came with a form: `work` as `salt:number:signature`, or the `token` of a sum and its `total`."""

    work: str = ""
    token: str = ""
    total: str = ""


def work(most: int) -> Work:
    """A new piece of work; `most` tries find the number at the latest, half of them on average."""
    salt = _salt()
    challenge = _digest(salt, secrets.randbelow(most + 1))
    return Work(salt, challenge, _signed("work", salt, challenge), most)


def addition() -> Sum:
    """A new question."""
    first, second, salt = secrets.choice(ADDENDS), secrets.choice(ADDENDS), _salt()
    return Sum(first, second, f"{salt}:{_signed('sum', salt, str(first + second))}")


def require(session: Session, answer: Answer, address: str) -> None:
    """Raise NotHuman unless a person sits there. Commits: call it outside of any transaction."""
    found = _worked(answer.work) if answer.work else _added(session, answer, address)
    salt, right = found
    expires = _expiry(salt)
    if expires is None or not clock.now() < expires <= clock.now() + VALID:
        raise NotHuman
    spent = insert(SpentChallenge).values(digest=blind("human.spent", salt), expires_at=expires)
    with transaction(session):
        first = session.scalar(spent.on_conflict_do_nothing().returning(SpentChallenge.digest))
    if first is None or not right:
        raise NotHuman


def sweep(session: Session) -> int:
    """Forget answers to challenges that nobody could use any more; returns how many."""
    gone = (
        delete(SpentChallenge).where(SpentChallenge.expires_at < clock.now()).returning(SpentChallenge.digest)
    )
    with transaction(session):
        return len(session.scalars(gone).all())


def _worked(typed: str) -> tuple[str, bool]:
    """The salt of a piece of work, and whether it was done. What nobody signed is no salt at all."""
    salt, number, signature = _parts(typed, 3)
    right = hmac.compare_digest(_signed("work", salt, _digest(salt, number)), signature)
    return (salt, True) if right else ("", False)


def _added(session: Session, answer: Answer, address: str) -> tuple[str, bool]:
    """The salt of a question, and whether the answer to it is right."""
    salt, signature = _parts(answer.token, 2)
    if not throttle.attempt(session, [throttle.limit("human.sum", network(address), SUMS)]):
        raise NotHuman
    total = "".join(answer.total.translate(HALF_WIDTH).split())[:4]
    return salt, hmac.compare_digest(_signed("sum", salt, total), signature)


def _parts(typed: str, number: int) -> list[str]:
    parts = typed[:200].split(":")
    if len(parts) != number or not typed.isascii():
        raise NotHuman
    return parts


def _salt() -> str:
    """Something new that says how long it holds; a dot behind it keeps the digits of both apart."""
    return f"{secrets.token_hex(12)}.{int((clock.now() + VALID).timestamp())}"


def _expiry(salt: str) -> datetime | None:
    _nonce, _dot, seconds = salt.partition(".")
    moment = natural(seconds, LATEST)
    return None if moment is None else datetime.fromtimestamp(moment, UTC)


def _digest(salt: str, number: object) -> str:
    return hashlib.sha256(f"{salt}.{number}".encode()).hexdigest()


def _signed(kind: str, salt: str, rest: str) -> str:
    return blind(f"human.{kind}", f"{salt} {rest}").hex()
