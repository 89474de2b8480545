"""The telephone and e-mail of one's own account: changed under the password, once a code came back."""

import hmac
import secrets
from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.identity import HALF_WIDTH
from app.declare.masks import masked
from app.encrypted import blind
from app.jobs.queue import defer
from app.models.account import Account
from app.models.contact_change import ContactChange
from app.security import audit, sessions
from app.services import messages, throttle
from app.services.errors import Faulty, NotEligible
from app.services.gateways import EMAIL
from app.services.messages import Told
from app.services.proof import THROTTLED, confirm
from app.services.recovery import DIGITS, KEPT, OVER, TRIES, VALID, WRONG, contact_of

CODE_KIND = "contact_code"
FORMER_KIND = "contact_replaced"
"""What goes to the address that was replaced: whoever took an account over cannot keep it from its holder."""

NOUN = Account.__tablename__
MOST = 5
"""Requests of one account in a quarter of an hour."""


def ask(
    session: Session,
    who: sessions.SignedIn,
    typed: str,
    password: str,
    *,
    reaches: Sequence[str],
    address: str,
) -> UUID:
    """Let a code be sent to a new address of one's own account; the name of the request.

    `reaches` are the ways in which codes can be sent, `address` is where the request comes from. Raises
    Faulty (under `contact`, `password`), LoginRefused after too many passwords, NotEligible after too
    many requests. Commits: call it outside of any transaction.
    """
    channel, written = contact_of(typed, reaches)
    account = confirm(session, who.actor.account_id, password, address)
    if not throttle.attempt(session, [throttle.limit("contact", account.username, MOST)]):
        raise NotEligible(THROTTLED)
    with transaction(session):
        made = ContactChange(uid=uuid4(), account_id=account.id, channel=channel, requested_at=clock.now())
        made.address = written
        session.add(made)
        session.flush()
        params = {"contact_change": made.id, "by": channel}
        messages.tell(session, [Told(CODE_KIND, params, account_id=account.id)])
        defer(session, "messages.send")
    return made.uid


def new_code(session: Session, change_id: int) -> tuple[str, str] | None:
    """The new address of a request and a code for it; None if it would come too late.

    The database keeps the digest of the code. In the transaction of the caller, who sends it afterwards.
    """
    asked = session.scalar(
        select(ContactChange).where(
            ContactChange.id == change_id,
            ContactChange.used_at.is_(None),
            ContactChange.requested_at > clock.now() - VALID,
        )
    )
    if asked is None:
        return None
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    asked.digest = _digest(asked.uid, code)
    session.flush()
    return asked.address, code


def former(session: Session, change_id: int) -> str:
    """The address that a change replaced; empty once the request is forgotten."""
    asked = session.get(ContactChange, change_id)
    return (asked.former or "") if asked is not None else ""


def finish(session: Session, who: sessions.SignedIn, uid: UUID, typed: str) -> str:
    """Keep the new address for the right code; masked, it is returned. Both addresses are told.

    Raises Faulty (under `code`), and NotEligible when the code is used, too old or was tried too often.
    Commits: call it outside of any transaction.
    """
    mine = (ContactChange.uid == uid, ContactChange.account_id == who.actor.account_id)
    alive = (ContactChange.used_at.is_(None), ContactChange.requested_at > clock.now() - VALID)
    with transaction(session):
        asked = session.scalar(
            update(ContactChange)
            .where(*mine, *alive, ContactChange.tries < TRIES)
            .values(tries=ContactChange.tries + 1)
            .returning(ContactChange)
            .execution_options(populate_existing=True)
        )
    if asked is None:
        raise NotEligible(OVER)
    code = "".join(typed.translate(HALF_WIDTH).split())
    if not hmac.compare_digest(_digest(uid, code), bytes(asked.digest or bytes(16))):
        raise Faulty({"code": [WRONG]})
    with transaction(session):
        used = update(ContactChange).where(*mine, *alive).values(used_at=clock.now())
        if session.scalar(used.returning(ContactChange.id)) is None:
            raise NotEligible(OVER)
        account = session.get_one(Account, asked.account_id)
        if asked.channel == EMAIL:
            before, account.contact_email = account.contact_email, asked.address
        else:
            before, account.phone = account.phone, asked.address
        audit.record(
            session, "contact_change", NOUN, account.id,
            before={asked.channel: masked(asked.channel, before) if before else None},
            after={asked.channel: masked(asked.channel, asked.address)},
        )  # fmt: skip
        told = [Told("contact_changed", {}, account_id=account.id)]
        if before:
            asked.former = before
            params = {"contact_change": asked.id, "by": asked.channel}
            told.append(Told(FORMER_KIND, params, account_id=account.id))
        messages.tell(session, told)
    return masked(asked.channel, asked.address)


def sweep(session: Session) -> int:
    """Forget requests that nobody can use any more; returns how many."""
    gone = delete(ContactChange).where(ContactChange.requested_at < clock.now() - KEPT)
    with transaction(session):
        return len(session.scalars(gone.returning(ContactChange.id)).all())


def _digest(uid: UUID, code: str) -> bytes:
    return blind("contact.code", f"{uid} {code}")
