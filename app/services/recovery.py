"""Forgotten passwords (POR-10): ID number and registered address, a one-time code, a new password.

Whoever asks is answered before anybody looks whether there is such an account: a job does that. A code goes
only to what the holder gave for the account, never to what an organisation wrote into the person's record.
"""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare import contact
from app.declare.identity import HALF_WIDTH
from app.declare.invalid import Invalid
from app.declare.words import _
from app.encrypted import blind
from app.jobs.queue import defer
from app.models.account import Account
from app.models.recovery import Recovery
from app.security import audit
from app.security.actor import Actor
from app.security.scope import acting
from app.services import messages, passwords, throttle
from app.services.errors import Faulty, NotEligible
from app.services.gateways import EMAIL, PHONE
from app.services.messages import Told
from app.services.proof import THROTTLED, network, normalised, username

VALID = timedelta(minutes=10)
TRIES = 5
"""Codes that may be tried for one request."""
DIGITS = 6

OF_TARGET, OF_ADDRESS = 3, 100
"""Requests in a quarter of an hour for one account at one contact, and from one address of the net. Who does
not know what was registered cannot keep its holder from asking.
"""
A_DAY = 10
"""Requests for one account at one contact within a day: fifty guesses at a code of a million."""

KEPT = timedelta(days=2)

CODE_KIND = "recovery_code"
NOT_SENT_THERE = _("Codes are not sent there. Please give the other kind of address.")
WRONG = _("This code is wrong.")
OVER = _("This code is no longer valid. Please ask for a new one.")


def ask(session: Session, number: str, address: str, *, reaches: Sequence[str], network_address: str) -> UUID:
    """Ask for a code and return the name of the request, for the same browser to come back with.

    `reaches` are the ways in which codes can be sent. Raises Faulty for an address that can be none, and
    NotEligible after too many requests. Commits: call it outside of any transaction.
    """
    channel, written = contact_of(address, reaches)
    name = username(normalised(number))
    account_key, contact_key = bytes.fromhex(name), _contact_key(written)
    limits = (
        throttle.limit("recovery", f"{name} {written}", OF_TARGET),
        throttle.limit("recovery.address", network(network_address), OF_ADDRESS),
    )
    if not throttle.attempt(session, limits) or _today(session, account_key, contact_key) >= A_DAY:
        raise NotEligible(THROTTLED)
    with transaction(session):
        made = Recovery(
            account_key=account_key, contact_key=contact_key, channel=channel, requested_at=clock.now()
        )
        session.add(made)
        session.flush()
        audit.record(session, "recovery_asked", Account.__tablename__, None, after={"account": name})
        defer(session, "recovery.seek", recovery=made.id)
    return made.uid


def seek(session: Session, recovery_id: int) -> None:
    """Look whether number and address of a request belong together; if so, let the code be sent."""
    with transaction(session):
        asked = session.scalar(
            update(Recovery)
            .where(Recovery.id == recovery_id, Recovery.sought_at.is_(None))
            .values(sought_at=clock.now())
            .returning(Recovery)
        )
        account = asked and session.scalar(
            select(Account).where(
                Account.username == asked.account_key.hex(), Account.state == "active", Account.active
            )
        )
        if not (asked and account and _registered(account, asked)):
            return
        asked.account_id = account.id
        told = Told(CODE_KIND, {"recovery": asked.id, "by": asked.channel}, account_id=account.id)
        messages.tell(session, [told])
        defer(session, "messages.send")


def new_code(session: Session, recovery_id: int) -> str | None:
    """A code for one letter, of which the database keeps the digest; None when it would come too late.

    In the transaction of the caller, who sends it afterwards; a second letter has another code.
    """
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    written = session.scalar(
        select(Recovery.uid).where(
            Recovery.id == recovery_id, Recovery.used_at.is_(None), Recovery.requested_at > _still_valid()
        )
    )
    if written is None:
        return None
    session.execute(update(Recovery).where(Recovery.id == recovery_id).values(digest=_digest(written, code)))
    return code


def finish(session: Session, uid: UUID, code: str, password: str) -> None:
    """Take a new password for the right code: all sessions of the account end, and its holder is told.

    Raises Faulty under `code` for a wrong one and under `new` for a weak password, which costs no try; and
    NotEligible when the code is used, too old or was tried too often. Commits: call it outside of any
    transaction.
    """
    if weak := passwords.weaknesses(password):
        raise Faulty({"new": weak})
    asked = _try(session, uid)
    typed = "".join(code.translate(HALF_WIDTH).split())
    if not hmac.compare_digest(_digest(uid, typed), bytes(asked.digest or bytes(16))):
        raise Faulty({"code": [WRONG]})
    account = session.get_one(Account, asked.account_id)
    known = (account.first_name, account.phone)
    if weak := passwords.weaknesses(password, number=account.id_number or "", others=known):
        with transaction(session):
            session.execute(update(Recovery).where(Recovery.id == asked.id).values(tries=Recovery.tries - 1))
        raise Faulty({"new": weak})
    with transaction(session), acting(session, _himself(account)):
        used = session.execute(
            update(Recovery)
            .where(Recovery.id == asked.id, Recovery.used_at.is_(None))
            .values(used_at=clock.now())
        )
        if not used.rowcount or account.state != "active":  # type: ignore[attr-defined]  # an UPDATE counts its rows
            raise NotEligible(OVER)
        account.password = passwords.hashed(password)
        account.must_change_password, account.password_chosen_at = False, clock.now()
        throttle.forget(session, throttle.limit("account", account.username, 1).key)
        audit.record(session, "password_reset", Account.__tablename__, account.id)
        messages.tell(session, [Told("password_changed", {}, account_id=account.id)])


def sweep(session: Session) -> int:
    """Forget requests that nobody can use or count any more; returns how many."""
    gone = delete(Recovery).where(Recovery.requested_at < clock.now() - KEPT).returning(Recovery.id)
    with transaction(session):
        return len(session.scalars(gone).all())


def _try(session: Session, uid: UUID) -> Recovery:
    """Count one try and commit it before it is judged. Raises NotEligible when there is none left."""
    with transaction(session):
        asked = session.scalar(
            update(Recovery)
            .where(
                Recovery.uid == uid,
                Recovery.used_at.is_(None),
                Recovery.tries < TRIES,
                Recovery.requested_at > _still_valid(),
            )
            .values(tries=Recovery.tries + 1)
            .returning(Recovery)
            .execution_options(populate_existing=True)
        )
    if asked is None:
        raise NotEligible(OVER)
    return asked


def contact_of(typed: str, reaches: Sequence[str]) -> tuple[str, str]:
    """By which way an address is reached, and how it is written. Raises Faulty."""
    channel = EMAIL if "@" in typed.translate(HALF_WIDTH) else PHONE
    try:
        written = contact.email(typed) if channel == EMAIL else contact.phone(typed)
    except Invalid as invalid:
        raise Faulty({"contact": [invalid]}) from None
    if channel not in reaches:
        raise Faulty({"contact": [NOT_SENT_THERE]})
    return channel, written.casefold()


def _registered(account: Account, asked: Recovery) -> bool:
    """Whether the address is what the holder gave for the account."""
    kept = account.contact_email if asked.channel == EMAIL else account.phone
    return kept is not None and hmac.compare_digest(_contact_key(kept.casefold()), bytes(asked.contact_key))


def _contact_key(written: str) -> bytes:
    return blind("recovery.contact", written)


def _digest(uid: UUID, code: str) -> bytes:
    return blind("recovery.code", f"{uid} {code}")


def _still_valid() -> datetime:
    return clock.now() - VALID


def _today(session: Session, account_key: bytes, contact_key: bytes) -> int:
    since = clock.now() - timedelta(days=1)
    asked = (
        select(func.count())
        .select_from(Recovery)
        .where(
            Recovery.account_key == account_key,
            Recovery.contact_key == contact_key,
            Recovery.requested_at > since,
        )
    )
    return session.scalar(asked) or 0


def _himself(account: Account) -> Actor:
    return Actor(name=account.first_name, account_id=account.id, self_id=account.person_id)
