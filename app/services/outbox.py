"""Messages leave the outbox: each once, through the gateway that reaches its reader (docs/decisions/0006).

An attempt first claims its message and commits; then it sends; then it says how that went. Whoever dies in
between leaves a message that nobody sends again.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.part import Text
from app.encrypted import context, ring
from app.security import outbox_doors
from app.services import contacts, messages, recovery
from app.services.gateways import EMAIL, PHONE, Doubtful, Gateway, Letter, NotTaken
from app.services.wording import said

MANY = 1000
"""Messages that are claimed at a time where nothing can be sent. Else each is alone: a death loses one."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480))
"""How long a message rests after each attempt that was refused; then it is given up."""

CODED = (recovery.CODE_KIND, contacts.CODE_KIND)
"""Messages that carry a code to one address."""

SILENCE = timedelta(minutes=30)
"""An attempt that was begun so long ago has died: every wait for a gateway is bounded by far less."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """How messages leave: gateways in the order of preference, and what every letter says of its sender."""

    gateways: Sequence[Gateway] = ()
    platform: Text | str = ""
    url: str = ""
    language: str = "zh"
    """That of readers who have chosen none."""


def send(session: Session, post: Post) -> int:
    """Send what is due and return how many messages were tried."""
    total = 0
    while True:
        with transaction(session):
            claimed = outbox_doors.claim(session, 1 if post.gateways else MANY, clock.now())
            letters = [(row, _letter(session, post, row)) for row in claimed]
            mute = [row.id for row, letter in letters if letter is None]
            if mute:
                outbox_doors.settle(session, mute, "unaddressed", clock.now())
        for row, letter in letters:
            if letter is not None:
                _attempt(session, row, *letter)
        total += len(claimed)
        if not claimed:
            return total


def lose(session: Session) -> int:
    """Give up attempts whose worker died; returns how many."""
    with transaction(session):
        lost = outbox_doors.lose(session, clock.now() - SILENCE)
    if lost:
        log.warning("%d messages were being sent when their worker died; they are not sent again", lost)
    return lost


def _attempt(session: Session, row: Row[Any], gateway: Gateway, letter: Letter) -> None:
    """Send one letter and write down how that went."""
    outcome, error, again = "sent", "", None
    try:
        gateway.send(letter)
    except NotTaken as refused:
        error = refused.kind
        given_up = refused.for_good or row.attempt > len(PAUSES)
        outcome = "failed" if given_up else "waiting"
        again = None if given_up else clock.now() + PAUSES[row.attempt - 1]
    except Doubtful as doubt:
        outcome, error = "doubtful", doubt.kind
    if error:
        log.warning("message %d by %s: %s, %s", row.id, gateway.channel, outcome, error)
    with transaction(session):
        outbox_doors.settle(
            session,
            [row.id],
            outcome,
            clock.now(),
            channel=gateway.channel,
            error=error,
            again=again,
        )


def _letter(session: Session, post: Post, row: Row[Any]) -> tuple[Gateway, Letter] | None:
    """What is sent and by which gateway; None where no gateway reaches the reader.

    A code is made here, for one attempt, and goes to the one address that it was asked for.
    """
    coded, replaced = row.kind in CODED, row.kind == contacts.FORMER_KIND
    only = row.params.get("by") if coded or replaced else None
    for gateway in post.gateways:
        if only not in {None, gateway.channel}:
            continue
        address = _address(row, gateway.channel, own=coded)
        words: dict[str, str] = {}
        if coded:
            address, words = _coded(session, row, address)
        elif replaced:
            address = contacts.former(session, row.params["contact_change"])
        if address:
            locale = row.language or post.language
            platform = said(post.platform, locale)
            told = messages.letter(row.kind, {**row.params, **words}, locale)
            return gateway, Letter(
                name=f"xueshi-{row.id}",
                address=address,
                subject=platform,
                text=f"{told}\n{platform} {post.url}".rstrip(),
                words=words,
            )
    return None


def _coded(session: Session, row: Row[Any], registered: str) -> tuple[str, dict[str, str]]:
    """Where a code goes, and the code; nowhere when it would come too late.

    A code for a new password goes to the registered address, one for a new address to that one.
    """
    if row.kind == contacts.CODE_KIND:
        address, code = contacts.new_code(session, row.params["contact_change"]) or ("", "")
    else:
        address, code = registered, ""
        if registered:
            code = recovery.new_code(session, row.params["recovery"]) or ""
    return (address, {"code": code}) if code else ("", {})


def _address(row: Row[Any], channel: str, *, own: bool) -> str:
    """What the holder of the account gave for it; else, unless it must be his `own`, what the record has."""
    if channel == EMAIL:
        return row.account_email or ("" if own else row.person_email or row.applicant_email) or ""
    if channel == PHONE:
        given = _opened("ab_user", row.account_uid, row.account_phone)
        if given or own:
            return given
        return _opened("person", row.person_uid, row.person_phone) or _opened(
            "registration", row.applicant_uid, row.applicant_phone
        )
    return ""


def _opened(table: str, uid: Any, sealed: bytes | None) -> str:
    return "" if sealed is None else ring().open(bytes(sealed), context(table, "phone", uid))
