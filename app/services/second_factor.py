"""The second factor: time-based codes of an app (RFC 6238), and backup codes for when the app is lost.

A secret is sealed like personal data, a backup code kept as a blind index. Each code counts once: of an app's
the newest half minute is kept, a backup code is marked. Tries are counted in the database.
"""

import base64
import binascii
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.identity import HALF_WIDTH
from app.declare.words import _
from app.encrypted import Unsealable, blind, ring
from app.models.account import Account
from app.models.second_factor import BackupCode, SecondFactor
from app.security import audit, sessions
from app.security.addresses import network
from app.services import messages, throttle
from app.services.errors import Faulty, LoginRefused, NotEligible, Stale
from app.services.messages import Told
from app.services.proof import THROTTLED, confirm

STEP, DIGITS, SECRET = 30, 6, 20
"""Seconds of a code, its digits, and bytes of a secret: what every authenticator app takes for granted."""
DRIFT = (0, -1, 1)
"""Steps that a telephone's clock may be behind or ahead."""

TRIES = 5
"""Codes that may be tried in a quarter of an hour: three of a million fit at a time."""

BACKUPS, LETTERS, LENGTH = 10, "abcdefghjkmnpqrstuvwxyz23456789", 10
"""Backup codes, and the signs of one: fifty bits, without those that look alike."""

OPEN = timedelta(minutes=30)
"""How long the page that sets a factor up may stay open."""

NOUN = Account.__tablename__
WRONG = _(
    "This code is wrong or was used already. Wait for the next one, and look whether the clock is right."
)
NEEDED = _("Users of your kind log in with a second factor, so it cannot be taken away.")
NONE = _("No second factor is set up.")


@dataclass(frozen=True, slots=True)
class Setting:
    """A secret that is not in force yet. `token` carries it, sealed, in the form; `uri` is for the app."""

    secret: str
    token: str
    uri: str


def held(session: Session, account_id: int | None) -> bool:
    """Whether an account has a second factor."""
    return session.scalar(select(SecondFactor.id).where(SecondFactor.account_id == account_id)) is not None


def backups_left(session: Session, account_id: int | None) -> int:
    """How many backup codes of an account are not used yet."""
    factor = select(SecondFactor.id).where(SecondFactor.account_id == account_id).scalar_subquery()
    unused = (BackupCode.second_factor_id == factor, BackupCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(BackupCode).where(*unused)) or 0


def begin(account_id: int | None, name: str, platform: str, carried: str = "") -> Setting:
    """A fresh secret for an account, or the one that a form has carried. Raises Stale for no such token."""
    token = carried
    if carried:
        secret = _opened(carried, account_id)
    else:
        secret = base64.b32encode(secrets.token_bytes(SECRET)).decode()
        words = {"secret": secret, "until": (clock.now() + OPEN).timestamp()}
        token = base64.urlsafe_b64encode(ring().seal(json.dumps(words), _bound(account_id))).decode()
    label = f"{quote(platform, safe='')}:{quote(name, safe='')}"
    return Setting(secret, token, f"otpauth://totp/{label}?secret={secret}&issuer={quote(platform, safe='')}")


def set_up(
    session: Session,
    who: sessions.SignedIn,
    token: str,
    code: str,
    password: str,
    *,
    present: str = "",
    address: str,
    hours: int,
) -> tuple[Sequence[str], str]:
    """Let a secret be the account's second factor; its backup codes, and the token of a fresh session.

    All sessions end. Where there is a factor, `present` is a code of it. Raises Stale for a secret that is
    not the account's, Faulty for what was typed wrongly, LoginRefused after too many tries. Commits: call it
    outside of any transaction.
    """
    secret = _opened(token, who.actor.account_id)
    account = confirm(session, who.actor.account_id, password, address)
    step = step_of(secret, code)
    if step is None:
        raise Faulty({"code": [WRONG]})
    if held(session, account.id):
        check(session, account, present, address, field="present")
    codes = [_backup() for _each in range(BACKUPS)]
    with transaction(session):
        session.execute(delete(SecondFactor).where(SecondFactor.account_id == account.id))
        factor = SecondFactor(uid=uuid4(), account_id=account.id, last_step=step)
        factor.secret = secret
        session.add(factor)
        session.flush()
        session.add_all(BackupCode(second_factor_id=factor.id, digest=_digest(factor, one)) for one in codes)
        audit.record(session, "factor_set_up", NOUN, account.id)
        messages.tell(session, [Told("factor_set_up", {}, account_id=account.id)])
        session.flush()
        session.refresh(account, ["epoch"])  # a trigger has raised it
        fresh = sessions.start(
            session, account.id, account.epoch, who.actor.appointment_id, address=address, hours=hours
        )
    return codes, fresh


def remove(
    session: Session, who: sessions.SignedIn, code: str, password: str, *, address: str, hours: int
) -> str:
    """Take one's own second factor away; the token of a fresh session, all others end.

    Raises NotEligible where it is required, and as `set_up`. Commits: call it outside of any transaction.
    """
    if who.factor_asked:
        raise NotEligible(NEEDED)
    account = confirm(session, who.actor.account_id, password, address)
    check(session, account, code, address)
    with transaction(session):
        drop(session, account.id)
        audit.record(session, "factor_removed", NOUN, account.id)
        messages.tell(session, [Told("factor_removed", {}, account_id=account.id)])
        session.refresh(account, ["epoch"])  # a trigger has raised it
        return sessions.start(
            session, account.id, account.epoch, who.actor.appointment_id, address=address, hours=hours
        )


def drop(session: Session, account_id: int) -> None:
    """Delete the second factor of an account. Raises NotEligible where there is none."""
    gone = delete(SecondFactor).where(SecondFactor.account_id == account_id).returning(SecondFactor.id)
    if session.scalar(gone) is None:
        raise NotEligible(NONE)


def check(session: Session, account: Account, typed: str, address: str, *, field: str = "code") -> None:
    """Take one code of the app, or one backup code, of an account.

    Raises Faulty (under `field`) for a wrong or used one, LoginRefused after too many tries. Commits: call it
    outside of any transaction.
    """
    limits = (
        throttle.limit("factor", account.username, TRIES),
        throttle.limit("factor.address", network(address), 60 * TRIES),
    )
    noted = throttle.attempt(session, limits)
    if not noted:
        raise LoginRefused(THROTTLED)
    code = "".join(typed.translate(HALF_WIDTH).casefold().replace("-", "").split())
    with transaction(session):
        factor = session.scalar(select(SecondFactor).where(SecondFactor.account_id == account.id))
        right = factor is not None and (
            _take_step(session, factor, code) or _take_backup(session, factor, code)
        )
        if right:
            throttle.take_back(session, noted)
            throttle.forget(session, limits[0].key)
        else:
            audit.record(session, "factor_failed", NOUN, account.id)
    if not right:
        raise Faulty({field: [WRONG]})


def step_of(secret: str, code: str) -> int | None:
    """The half minute, counted from 1970, that a code is of; None for a wrong one."""
    app = TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP)  # noqa: S303 # nosec B303 -- RFC 6238's
    now = int(clock.now().timestamp()) // STEP
    typed = "".join(code.translate(HALF_WIDTH).split()).encode()
    for step in (now + drift for drift in DRIFT):
        try:
            app.verify(typed, step * STEP)
        except InvalidToken:
            continue
        return step
    return None


def _take_step(session: Session, factor: SecondFactor, code: str) -> bool:
    """Whether it is a code of the app that is newer than the last one taken; it is then taken."""
    step = step_of(factor.secret, code) if code.isascii() and code.isdigit() else None
    newer = (SecondFactor.id == factor.id, SecondFactor.last_step < (step or 0))
    taken = update(SecondFactor).where(*newer).values(last_step=step or 0).returning(SecondFactor.id)
    return step is not None and session.scalar(taken) is not None


def _take_backup(session: Session, factor: SecondFactor, code: str) -> bool:
    """Whether it is a backup code that was not used; it is then used, and its holder told."""
    mine = (BackupCode.second_factor_id == factor.id, BackupCode.digest == _digest(factor, code))
    used = update(BackupCode).where(*mine, BackupCode.used_at.is_(None)).values(used_at=clock.now())
    if session.scalar(used.returning(BackupCode.id)) is None:
        return False
    left = backups_left(session, factor.account_id)
    messages.tell(session, [Told("backup_used", {"left": left}, account_id=factor.account_id)])
    return True


def _backup() -> str:
    return "".join(secrets.choice(LETTERS) for _each in range(LENGTH))


def _digest(factor: SecondFactor, code: str) -> bytes:
    return blind("backup_code", f"{factor.uid} {code}")


def _opened(token: str, account_id: int | None) -> str:
    try:
        words = json.loads(ring().open(base64.urlsafe_b64decode(token.encode()), _bound(account_id)))
    except (Unsealable, binascii.Error, ValueError, UnicodeError) as error:
        raise Stale from error
    if words["until"] < clock.now().timestamp():
        raise Stale
    return str(words["secret"])


def _bound(account_id: int | None) -> bytes:
    return f"second_factor.setting.{account_id}".encode()
